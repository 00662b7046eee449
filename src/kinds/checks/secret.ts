// What is wrong with secrets.
import type { Secret } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { secretWarnings } from '../secret-warnings.ts';
import { validateSecret, validateSecretUpdate } from '../validation/data.ts';

export const secretChecks = defineChecks<Secret>({
  group: '',
  kind: 'Secret',
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warnings: secretWarnings,
});
