// Leases: who holds what, and heartbeats of nodes.
import type { Lease } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { validateLease } from './validation/leases.ts';

/** What the server knows about Leases. */
export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate: validateLease,
  validateUpdate: (lease, _old, errors) => validateLease(lease, errors),
  columns: [nameColumn, textColumn('Holder', 'Who holds it.', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
});
