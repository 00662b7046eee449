// Leases and candidates for them.
import { forbidden, invalid, notSupported } from '../../api/field-error.ts';
import type { Lease } from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { complain, type Errors } from './checks.ts';

const strategies = ['OldestEmulationVersion'];

/** Adds what is wrong with a lease. */
export function validateLease({ spec }: Lease, errors: Errors): void {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions, strategy, preferredHolder } = spec ?? {};
  if (seconds !== undefined && seconds <= 0)
    errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
  if (transitions !== undefined && transitions < 0)
    errors.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
  // Upstream names the field twice.
  if (strategy?.includes('/')) complain(errors, 'spec.strategy.strategy', strategy, qualifiedName(strategy));
  else if (strategy !== undefined && !strategies.includes(strategy))
    errors.push(notSupported('spec.strategy.strategy', strategy, strategies));
  if (preferredHolder && !strategy)
    errors.push(forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
}
