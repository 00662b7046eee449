// What is wrong with RuntimeClasses.
import type { RuntimeClass } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { labelDeprecation } from '../node-label-warnings.ts';
import { validateRuntimeClass, validateRuntimeClassUpdate } from '../validation/runtime-classes.ts';

export const runtimeClassChecks = defineChecks<RuntimeClass>({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  validate: validateRuntimeClass,
  validateUpdate: validateRuntimeClassUpdate,
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {}).flatMap((label) => {
      const why = labelDeprecation(label);
      return why ? [`scheduling.nodeSelector: ${why}`] : [];
    }),
});
