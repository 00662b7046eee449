// ServiceAccounts.
import type { ServiceAccount } from '../api/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about ServiceAccounts. */
export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  returnsDeleted: true,
  columns: [nameColumn, ageColumn],
});
