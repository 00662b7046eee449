// One sync of one deployment: finds or makes its new replica set, moves pods from the old ones to it.
import { deployments, replicaSets } from '../../../api/generated/resources.ts';
import type { Deployment, DeploymentStatus, Pod, ReplicaSet } from '../../../api/generated/types.ts';
import { isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import type { ControllerContext } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { isPodFinished } from '../shared/pod-state.ts';
import { desiredNoted, revisionOf, sizeNotesDiffer, withSizeNotes } from './annotations.ts';
import { type ConditionText, findCondition, newCondition, setCondition } from './conditions.ts';
import { allSets, deploymentStatus, isComplete, rolloutStatus, type Sets } from './deployment-status.ts';
import {
  activeSets,
  compareCreation,
  isRollingUpdate,
  maxUnavailable,
  newSetSize,
  progressDeadlineMs,
  revisionHistoryLimit,
  sizeOf,
  sum,
  totalSize,
  wanted,
} from './fenceposts.ts';
import { findNewSet, makeNewSet, type RolloutTools, syncNewSet } from './new-replica-set.ts';
import { proportionalSizes, soleActiveSet } from './proportions.ts';

/** client-go's controllers take ten failed or repeated keys a second. */
const limiterMs = 100;

export class Rollout implements RolloutTools {
  private sets: ReplicaSet[];

  constructor(
    readonly context: ControllerContext,
    /** As of the last write. */
    public deployment: Deployment,
    sets: readonly ReplicaSet[],
    /** Pods of each set. */
    private readonly podsOf: (set: ReplicaSet) => Iterable<Pod>,
  ) {
    this.sets = [...sets].sort(compareCreation);
  }

  *run(): Work<void> {
    if (isBeingDeleted(this.deployment)) {
      yield* this.writeStatus(deploymentStatus(this.deployment, yield* this.findSets(false), this.context.scope.now));
      return;
    }
    yield* this.notePause();
    if (this.deployment.spec?.paused || (yield* this.isScaling())) yield* this.resize();
    else if (isRollingUpdate(this.deployment)) yield* this.rollingUpdate();
    else yield* this.recreate();
  }

  /** The new and the old sets. Where the new one is missing it is made when `create` says so. */
  private *findSets(create: boolean): Work<Sets> {
    const known = findNewSet(this.deployment, this.sets);
    const old = this.sets.filter((set) => set.metadata?.uid !== known?.metadata?.uid);
    const synced = known ? yield* syncNewSet(this, known, old) : create ? yield* makeNewSet(this, old) : undefined;
    this.sets = synced ? [...old, synced].sort(compareCreation) : [...old];
    return { current: synced, old };
  }

  private *notePause(): Work<void> {
    if (progressDeadlineMs(this.deployment) === undefined) return;
    const known = findCondition(this.deployment.status?.conditions, 'Progressing');
    if (known?.reason === 'ProgressDeadlineExceeded') return;
    const paused = this.deployment.spec?.paused ?? false;
    if (paused === (known?.reason === 'DeploymentPaused')) return;
    const text = paused
      ? { reason: 'DeploymentPaused', message: 'Deployment is paused' }
      : { reason: 'DeploymentResumed', message: 'Deployment is resumed' };
    yield* this.writeStatus(this.statusWith({ type: 'Progressing', status: 'Unknown', ...text }));
  }

  /** Whether the wanted number has changed since the sets were sized: that goes before any rollout. */
  private *isScaling(): Work<boolean> {
    const sets = allSets(yield* this.findSets(false));
    return activeSets(sets).some((set) => {
      const desired = desiredNoted(set);
      return desired !== undefined && desired !== wanted(this.deployment);
    });
  }

  /** Scales without rolling out: when the number has changed, or while paused. */
  private *resize(): Work<void> {
    let sets = yield* this.findSets(false);
    sets = yield* this.scaleInProportion(sets);
    if (this.deployment.spec?.paused) yield* this.cleanUp(sets.old);
    yield* this.writeStatus(deploymentStatus(this.deployment, sets, this.context.scope.now));
  }

  private *scaleInProportion(sets: Sets): Work<Sets> {
    const replicas = wanted(this.deployment);
    const sole = soleActiveSet(sets);
    if (sole) return sizeOf(sole) === replicas ? sets : replace(sets, yield* this.scale(sole, replicas));
    const { current } = sets;
    let scaled = sets;
    if (current && isSaturated(this.deployment, current)) {
      for (const old of activeSets(sets.old)) scaled = replace(scaled, yield* this.scale(old, 0));
      return scaled;
    }
    if (!isRollingUpdate(this.deployment)) return sets;
    for (const { set, size } of proportionalSizes(this.deployment, activeSets(allSets(sets))))
      scaled = replace(scaled, yield* this.scale(set, size, true));
    return scaled;
  }

  private *rollingUpdate(): Work<void> {
    const sets = yield* this.findSets(true);
    if (!sets.current) return;
    const grown = yield* this.growNewSet(sets, sets.current);
    if (grown) {
      yield* this.writeRolloutStatus(grown);
      return;
    }
    const shrunk = yield* this.shrinkOldSets(sets, sets.current);
    if (shrunk) {
      yield* this.writeRolloutStatus(shrunk);
      return;
    }
    yield* this.finish(sets);
  }

  private *recreate(): Work<void> {
    let sets = yield* this.findSets(false);
    const doomed = activeSets(sets.old);
    if (doomed.length > 0) {
      for (const old of doomed) sets = replace(sets, yield* this.scale(old, 0));
      yield* this.writeRolloutStatus(sets);
      return;
    }
    if (this.oldPodsRun(sets)) {
      yield* this.writeRolloutStatus(sets);
      return;
    }
    if (!sets.current) sets = yield* this.findSets(true);
    if (sets.current) sets = replace(sets, yield* this.scale(sets.current, wanted(this.deployment)));
    yield* this.finish(sets);
  }

  private *finish(sets: Sets): Work<void> {
    if (isComplete(this.deployment, this.deployment.status ?? {})) yield* this.cleanUp(sets.old);
    yield* this.writeRolloutStatus(sets);
  }

  private oldPodsRun(sets: Sets): boolean {
    if (sum(sets.old, (set) => set.status?.replicas) > 0) return true;
    return sets.old.some((set) => [...this.podsOf(set)].some((pod) => !isPodFinished(pod)));
  }

  /** The sets as they are then, or undefined when there was nothing to do. */
  private *growNewSet(sets: Sets, current: ReplicaSet): Work<Sets | undefined> {
    const replicas = wanted(this.deployment);
    const size = sizeOf(current);
    if (size === replicas) return undefined;
    const target = size > replicas ? replicas : newSetSize(this.deployment, allSets(sets), size);
    return target === size ? undefined : replace(sets, yield* this.scale(current, target));
  }

  /** Takes away first the old pods that are not available anyway, then others as far as availability allows. */
  private *shrinkOldSets(sets: Sets, current: ReplicaSet): Work<Sets | undefined> {
    const old = activeSets(sets.old).sort(compareCreation);
    if (totalSize(old) === 0) return undefined;
    const least = wanted(this.deployment) - maxUnavailable(this.deployment);
    const newUnavailable = sizeOf(current) - (current.status?.availableReplicas ?? 0);
    const most = totalSize(allSets(sets)) - least - newUnavailable;
    if (most <= 0) return undefined;
    let shrunk = sets;
    let count = 0;
    for (const set of old) {
      const unhealthy = Math.min(most - count, sizeOf(set) - (set.status?.availableReplicas ?? 0));
      if (unhealthy <= 0) continue;
      shrunk = replace(shrunk, yield* this.scale(set, sizeOf(set) - unhealthy));
      count += unhealthy;
    }
    let spare = sum(allSets(shrunk), (set) => set.status?.availableReplicas) - least;
    for (const set of activeSets(shrunk.old).sort(compareCreation)) {
      const down = Math.min(sizeOf(set), spare);
      if (down <= 0) continue;
      shrunk = replace(shrunk, yield* this.scale(set, sizeOf(set) - down));
      spare -= down;
      count += down;
    }
    return count > 0 ? shrunk : undefined;
  }

  /** Sets a set's size; `force` also where only the notes about it are out of date. */
  private *scale(set: ReplicaSet, size: number, force = false): Work<ReplicaSet> {
    const before = sizeOf(set);
    if (!set.spec || (before === size && !(force && sizeNotesDiffer(this.deployment, set)))) return set;
    const wish = withSizeNotes(this.deployment, { ...set, spec: { ...set.spec, replicas: size } });
    const updated = yield* this.context.client.update(replicaSets, wish);
    if (before !== size) this.tellScaled(updated, before, size);
    return updated;
  }

  tellScaled(set: ReplicaSet, from: number, to: number): void {
    const direction = from < to ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata?.name} from ${from} to ${to}`;
    this.context.events.record(
      this.deployment,
      { type: 'Normal', reason: 'ScalingReplicaSet', message },
      kindName(deployments),
    );
  }

  /** Deletes the oldest sets beyond spec.revisionHistoryLimit. */
  private *cleanUp(old: readonly ReplicaSet[]): Work<void> {
    const limit = revisionHistoryLimit(this.deployment);
    if (limit === undefined) return;
    const sets = old.filter((set) => !isBeingDeleted(set)).sort(compareRevisions);
    for (const set of sets.slice(0, Math.max(0, sets.length - limit))) {
      const { metadata, status } = set;
      const observed = (metadata?.generation ?? 0) <= (status?.observedGeneration ?? 0);
      if ((status?.replicas ?? 0) !== 0 || sizeOf(set) !== 0 || !observed) continue;
      try {
        yield* this.context.client.delete(replicaSets, { namespace: metadata?.namespace, name: metadata?.name ?? '' });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  /** The status with one more condition. */
  statusWith(condition: ConditionText): DeploymentStatus {
    const { status } = this.deployment;
    const made = newCondition(condition, this.context.scope.now);
    return { ...status, conditions: setCondition(status?.conditions ?? [], made) };
  }

  *writeStatus(status: DeploymentStatus): Work<void> {
    if (equal(this.deployment.status ?? {}, status)) return;
    this.deployment = yield* this.context.client.updateStatus(deployments, { ...this.deployment, status });
  }

  private *writeRolloutStatus(sets: Sets): Work<void> {
    const { scope, queue } = this.context;
    const status = rolloutStatus(this.deployment, sets, scope.now);
    if (!equal(this.deployment.status ?? {}, status)) {
      yield* this.writeStatus(status);
      return;
    }
    const deadlineMs = progressDeadlineMs(this.deployment);
    const known = findCondition(this.deployment.status?.conditions, 'Progressing');
    if (deadlineMs === undefined || !known || known.reason === 'ProgressDeadlineExceeded') return;
    if (isComplete(this.deployment, status)) return;
    // One that was complete never times out. Upstream goes on looking all the same, and finds nothing.
    if (known.reason === 'NewReplicaSetAvailable') return;
    const afterMs = (parseTime(known.lastUpdateTime) ?? 0) + deadlineMs - scope.now;
    if (afterMs < 1000) queue.addAfter(keyOf(this.deployment), limiterMs);
    else queue.addAfter(keyOf(this.deployment), afterMs + 1000);
  }
}

/** The new set has all that is wanted, and it is available. */
function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const replicas = wanted(deployment);
  return (
    sizeOf(set) === replicas && desiredNoted(set) === replicas && (set.status?.availableReplicas ?? 0) === replicas
  );
}

function replace(sets: Sets, set: ReplicaSet): Sets {
  const uid = set.metadata?.uid;
  if (sets.current?.metadata?.uid === uid) return { ...sets, current: set };
  return { ...sets, old: sets.old.map((old) => (old.metadata?.uid === uid ? set : old)) };
}

function compareRevisions(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [revisionOf(a), revisionOf(b)];
  if (first === undefined || second === undefined || first === second) return compareCreation(a, b);
  return first - second;
}
