// What is wrong with leases.
import type { Lease } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateLease } from '../validation/leases.ts';

export const leaseChecks = defineChecks<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  validate: validateLease,
  validateUpdate: (lease, _old, errors) => validateLease(lease, errors),
});
