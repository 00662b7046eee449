// Leases: who holds what, and heartbeats of nodes.
import type { Lease } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign, change } from './share.ts';

/** What the server knows about Leases. */
export const lease = defineKind<Lease>({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  createOnUpdate: true,
  unconditionalUpdate: false,
  prepareForCreate: (lease) => change(lease, 'spec', withoutStrategy),
  prepareForUpdate: (lease, old) => change(lease, 'spec', (spec) => withoutStrategy(spec, old.spec)),
  columns: [nameColumn, textColumn('Holder', 'Who holds it.', ({ spec }) => spec?.holderIdentity ?? ''), ageColumn],
});

type Spec = NonNullable<Lease['spec']>;

/** Electing by a strategy (CoordinatedLeaderElection) is off in v1.36: it is dropped, unless it was there before. */
function withoutStrategy(spec: Spec, old?: Spec): Spec {
  if (spec.strategy === undefined && spec.preferredHolder === undefined) return spec;
  return assign(spec, {
    strategy: old?.strategy === undefined ? undefined : spec.strategy,
    preferredHolder: old?.preferredHolder === undefined ? undefined : spec.preferredHolder,
  });
}
