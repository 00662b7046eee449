// How far a rollout may stray from the wanted number of pods, and sums over replica sets.
import type { Deployment, ReplicaSet } from '../../../api/generated/types.ts';
import { scaledCount } from '../shared/int-or-percent.ts';

/** Without a deadline this is what spec.progressDeadlineSeconds and revisionHistoryLimit hold. */
const unlimited = 2 ** 31 - 1;

export function wanted(deployment: Deployment): number {
  return deployment.spec?.replicas ?? 1;
}

export function sizeOf(set: ReplicaSet): number {
  return set.spec?.replicas ?? 1;
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type !== 'Recreate';
}

/** Pods above the wanted number. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

/** Pods below the wanted number. Both fenceposts at 0 would block every rollout: then it is 1. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = wanted(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, replicas);
}

function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const replicas = wanted(deployment);
  const surge = scaledCount(rolling?.maxSurge, replicas, 'up');
  const unavailable = scaledCount(rolling?.maxUnavailable, replicas, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Sum of a count over sets. */
export function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number {
  return sets.reduce((total, set) => total + (count(set) ?? 0), 0);
}

export function totalSize(sets: readonly ReplicaSet[]): number {
  return sum(sets, sizeOf);
}

/** Those that want at least one pod. */
export function activeSets(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.filter((set) => sizeOf(set) > 0);
}

export function progressDeadlineMs(deployment: Deployment): number | undefined {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds === undefined || seconds === unlimited ? undefined : seconds * 1000;
}

export function revisionHistoryLimit(deployment: Deployment): number | undefined {
  const limit = deployment.spec?.revisionHistoryLimit;
  return limit === undefined || limit === unlimited ? undefined : limit;
}

/** How large the new set should be now. */
export function newSetSize(deployment: Deployment, sets: readonly ReplicaSet[], size: number): number {
  const replicas = wanted(deployment);
  if (!isRollingUpdate(deployment)) return replicas;
  const surge = scaledCount(deployment.spec?.strategy?.rollingUpdate?.maxSurge, replicas, 'up');
  const room = replicas + surge - totalSize(sets);
  return room <= 0 ? size : size + Math.min(room, replicas - size);
}

export function compareCreation(a: ReplicaSet, b: ReplicaSet): number {
  return (
    compareTexts(a.metadata?.creationTimestamp, b.metadata?.creationTimestamp) ||
    compareTexts(a.metadata?.name, b.metadata?.name)
  );
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
