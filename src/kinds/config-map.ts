// ConfigMaps.
import type { ConfigMap } from '../api/generated/types.ts';
import { ageColumn, nameColumn, valueColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about ConfigMaps. */
export const configMap = defineKind<ConfigMap>({
  group: '',
  kind: 'ConfigMap',
  columns: [
    nameColumn,
    valueColumn('Data', 'Number of entries.', ({ data, binaryData }) => {
      return Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
    }),
    ageColumn,
  ],
});
