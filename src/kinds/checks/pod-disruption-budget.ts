// What is wrong with PodDisruptionBudgets.
import type { PodDisruptionBudget } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateBudget } from '../validation/policies.ts';

export const podDisruptionBudgetChecks = defineChecks<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  validate: validateBudget,
  validateUpdate: (object, _old, errors) => validateBudget(object, errors),
});
