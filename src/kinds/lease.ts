// Leases: who holds what, and heartbeats of nodes.
import type { Lease } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about Leases. */
export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: [nameColumn, textColumn('Holder', 'Who holds it.', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
});
