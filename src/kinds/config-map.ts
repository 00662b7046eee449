// ConfigMaps.
import type { ConfigMap } from '../api/generated/types.ts';
import { ageColumn, nameColumn, valueColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { validateConfigMap, validateConfigMapUpdate } from './validation/data.ts';

/** What the server knows about ConfigMaps. */
export const configMap = defineKind<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
  columns: [
    nameColumn,
    valueColumn('Data', 'Number of entries.', ({ data, binaryData }) => {
      return Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
    }),
    ageColumn,
  ],
});
