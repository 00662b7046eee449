// Scaling a deployment in the middle of a rollout: each active replica set grows or shrinks by its share.
import type { Deployment, ReplicaSet } from '../../../api/generated/types.ts';
import { maxNoted } from './annotations.ts';
import type { Sets } from './deployment-status.ts';
import { activeSets, compareCreation, maxSurge, sizeOf, totalSize, wanted } from './fenceposts.ts';

/** The one set to scale when there is only one active; the latest when none is. */
export function soleActiveSet({ current, old }: Sets): ReplicaSet | undefined {
  const newestFirst = [...old].sort((a, b) => compareCreation(b, a));
  const active = activeSets(current ? [...newestFirst, current] : newestFirst);
  if (active.length === 0) return current ?? newestFirst[0];
  return active.length === 1 ? active[0] : undefined;
}

/** The size of each active set; what rounding leaves over goes to the largest. */
export function proportionalSizes(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): readonly { readonly set: ReplicaSet; readonly size: number }[] {
  const replicas = wanted(deployment);
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - totalSize(sets);
  // Growing prefers newer sets among equals, shrinking older ones.
  const sorted = [...sets].sort(
    (a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? compareCreation(b, a) : compareCreation(a, b)),
  );
  let added = 0;
  const sizes = sorted.map((set) => {
    const share = toAdd === added ? 0 : limited(fraction(deployment, set), toAdd - added, toAdd);
    added += share;
    return { set, size: sizeOf(set) + share };
  });
  return sizes.map(({ set, size }, i) => ({ set, size: i === 0 ? Math.max(0, size + toAdd - added) : size }));
}

function limited(share: number, left: number, toAdd: number): number {
  return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
}

function fraction(deployment: Deployment, set: ReplicaSet): number {
  const replicas = wanted(deployment);
  if (replicas === 0) return -sizeOf(set);
  const before = maxNoted(set) || deployment.status?.replicas;
  if (!before) return 0;
  const size = (sizeOf(set) * (replicas + maxSurge(deployment))) / before;
  return Math.floor(size + 0.5) - sizeOf(set);
}
