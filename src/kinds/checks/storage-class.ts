// What is wrong with StorageClasses.
import type { StorageClass } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { labelDeprecation } from '../node-label-warnings.ts';
import { validateStorageClass, validateStorageClassUpdate } from '../validation/storage-classes.ts';

export const storageClassChecks = defineChecks<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  warnings: ({ allowedTopologies = [] }) =>
    allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
      matchLabelExpressions.flatMap(({ key }, j) => {
        const why = labelDeprecation(key);
        return why ? [`allowedTopologies[${i}].matchLabelExpressions[${j}].key: ${why}`] : [];
      }),
    ),
});
