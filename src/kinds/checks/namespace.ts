// What is wrong with namespaces.
import type { Namespace } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateFinalize, validateNamespace, validateNamespaceStatus } from '../validation/namespaces.ts';

export const namespaceChecks = defineChecks<Namespace>({
  group: '',
  kind: 'Namespace',
  validate: validateNamespace,
  validateStatusUpdate: validateNamespaceStatus,
  parts: { finalize: validateFinalize },
});
