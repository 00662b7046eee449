// ServiceAccounts.
import type { ObjectMeta, ServiceAccount } from '../api/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about ServiceAccounts. */
export const serviceAccount = defineKind<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  returnsDeleted: true,
  warnings: ({ metadata }, old) =>
    has(metadata) && !has(old?.metadata) ? [`metadata.annotations[${mountable}]: ${why}`] : [],
  columns: [nameColumn, ageColumn],
});

const mountable = 'kubernetes.io/enforce-mountable-secrets';
const why = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';

function has(metadata: ObjectMeta | undefined): boolean {
  return metadata?.annotations !== undefined && Object.hasOwn(metadata.annotations, mountable);
}
