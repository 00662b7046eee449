// RuntimeClasses: which container runtime runs a pod.
import type { RuntimeClass } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { labelDeprecation } from './node-label-warnings.ts';
import { validateRuntimeClass, validateRuntimeClassUpdate } from './validation/runtime-classes.ts';

/** What the server knows about RuntimeClasses. */
export const runtimeClass = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  kind: 'RuntimeClass',
  unconditionalUpdate: false,
  createOnUpdate: true,
  validate: validateRuntimeClass,
  validateUpdate: validateRuntimeClassUpdate,
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {}).flatMap((label) => {
      const why = labelDeprecation(label);
      return why ? [`scheduling.nodeSelector: ${why}`] : [];
    }),
  columns: [nameColumn, textColumn('Handler', 'Name that the node knows it by.', ({ handler }) => handler), ageColumn],
});
