// The status of a deployment, computed from its replica sets.
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../../../api/generated/types.ts';
import { parseTime } from '../../../api/meta.ts';
import { nonZero, present } from '../shared/present.ts';
import { findCondition, newCondition, removeCondition, setCondition } from './conditions.ts';
import { maxUnavailable, progressDeadlineMs, sum, totalSize, wanted } from './fenceposts.ts';

export interface Sets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export function allSets({ current, old }: Sets): readonly ReplicaSet[] {
  return current ? [...old, current] : old;
}

/** Counts and Available. */
export function deploymentStatus(deployment: Deployment, sets: Sets, now: number): DeploymentStatus {
  const all = allSets(sets);
  const available = sum(all, (set) => set.status?.availableReplicas);
  const enough = available >= wanted(deployment) - maxUnavailable(deployment);
  const condition = newCondition(
    enough
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    now,
  );
  return present({
    observedGeneration: nonZero(deployment.metadata?.generation),
    replicas: nonZero(sum(all, (set) => set.status?.replicas)),
    updatedReplicas: nonZero(sets.current?.status?.replicas),
    readyReplicas: nonZero(sum(all, (set) => set.status?.readyReplicas)),
    availableReplicas: nonZero(available),
    unavailableReplicas: nonZero(Math.max(0, totalSize(all) - available)),
    terminatingReplicas: terminating(all),
    collisionCount: deployment.status?.collisionCount,
    conditions: setCondition(deployment.status?.conditions ?? [], condition),
  });
}

/** Undefined when one of the sets does not count them. */
function terminating(sets: readonly ReplicaSet[]): number | undefined {
  let total = 0;
  for (const { status } of sets) {
    if (status?.terminatingReplicas !== undefined) total += status.terminatingReplicas;
    else if (status?.observedGeneration) return undefined;
  }
  return total;
}

/** Counts, Available, Progressing and ReplicaFailure of a rollout under way. */
export function rolloutStatus(deployment: Deployment, sets: Sets, now: number): DeploymentStatus {
  const status = deploymentStatus(deployment, sets, now);
  const progressed = withProgress(deployment, status, { sets, now });
  const failure = replicaFailure(sets);
  const conditions = progressed.conditions ?? [];
  return {
    ...progressed,
    conditions: failure ? setCondition(conditions, failure) : removeCondition(conditions, 'ReplicaFailure'),
  };
}

function withProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  { sets, now }: { readonly sets: Sets; readonly now: number },
): DeploymentStatus {
  const conditions = status.conditions ?? [];
  if (progressDeadlineMs(deployment) === undefined)
    return { ...status, conditions: removeCondition(conditions, 'Progressing') };
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && known?.reason === 'NewReplicaSetAvailable';
  if (settled) return status;
  const subject = sets.current
    ? `ReplicaSet "${sets.current.metadata?.name}"`
    : `Deployment "${deployment.metadata?.name}"`;
  const say = (state: 'True' | 'False', reason: string, words: string): DeploymentCondition =>
    newCondition({ type: 'Progressing', status: state, reason, message: `${subject} ${words}` }, now);
  if (isComplete(deployment, status)) {
    const done = say('True', 'NewReplicaSetAvailable', 'has successfully progressed.');
    return { ...status, conditions: setCondition(conditions, done) };
  }
  if (isProgressing(deployment, status)) {
    const condition = say('True', 'ReplicaSetUpdated', 'is progressing.');
    // Progress moves lastUpdateTime even where status and reason stay.
    const kept = known?.status === 'True' ? { lastTransitionTime: known.lastTransitionTime } : {};
    return {
      ...status,
      conditions: setCondition(removeCondition(conditions, 'Progressing'), { ...condition, ...kept }),
    };
  }
  if (isTimedOut(deployment, status, now)) {
    const late = say('False', 'ProgressDeadlineExceeded', 'has timed out progressing.');
    return { ...status, conditions: setCondition(conditions, late) };
  }
  return status;
}

/** All pods are new and available, and nothing else is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = wanted(deployment);
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0)
  );
}

function isProgressing(deployment: Deployment, status: DeploymentStatus): boolean {
  const before = deployment.status ?? {};
  const oldReplicas = (of: DeploymentStatus): number => (of.replicas ?? 0) - (of.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldReplicas(status) < oldReplicas(before) ||
    (status.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const condition = findCondition(status.conditions, 'Progressing');
  const deadlineMs = progressDeadlineMs(deployment);
  if (!condition || deadlineMs === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return (parseTime(condition.lastUpdateTime) ?? 0) + deadlineMs < now;
}

/** The new set's trouble, or else any old one's. */
function replicaFailure(sets: Sets): DeploymentCondition | undefined {
  for (const set of [...(sets.current ? [sets.current] : []), ...sets.old]) {
    for (const condition of set.status?.conditions ?? []) {
      if (condition.type === 'ReplicaFailure')
        return present({ ...condition, lastUpdateTime: condition.lastTransitionTime });
    }
  }
  return undefined;
}
