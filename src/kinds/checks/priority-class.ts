// What is wrong with PriorityClasses.
import type { PriorityClass } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validatePriorityClass, validatePriorityClassUpdate } from '../validation/nodes.ts';

export const priorityClassChecks = defineChecks<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
});
