// One step of one stateful set: creates, mends, scales down and updates its pods, in order or all at once.
import type {
  ControllerRevision,
  Pod,
  PodTemplateSpec,
  StatefulSet,
  StatefulSetStatus,
} from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import { slowStart } from '../shared/parallel.ts';
import { isPodAvailable, isPodFinished } from '../shared/pod-state.ts';
import { nonZero, present } from '../shared/present.ts';
import { templateOf } from '../shared/revisions.ts';
import {
  inRange,
  isCreated,
  isRunningAndReady,
  isUnavailable,
  newStatefulPod,
  ordinalOf,
  podRevision,
  replicasOf,
  startOrdinal,
} from './stateful-pod.ts';
import type { StatefulPods } from './stateful-pods.ts';

export interface SetRevisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

export interface UpdateResult {
  readonly status: StatefulSetStatus;
  /** The refusal that ended the step early. */
  readonly error?: unknown;
}

export class StatefulSetUpdate {
  private readonly minReadySeconds: number;
  private readonly inOrder: boolean;
  private readonly current: string;
  private readonly update: string;

  constructor(
    private readonly scope: Scope,
    private readonly control: StatefulPods,
    private readonly set: StatefulSet,
    private readonly revisions: SetRevisions,
  ) {
    this.minReadySeconds = set.spec?.minReadySeconds ?? 0;
    this.inOrder = set.spec?.podManagementPolicy !== 'Parallel';
    this.current = revisions.current.metadata?.name ?? '';
    this.update = revisions.update.metadata?.name ?? '';
  }

  *run(pods: readonly Pod[]): Work<UpdateResult> {
    const { set } = this;
    const start = startOrdinal(set);
    const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]));
    const replicas = Array.from(
      { length: replicasOf(set) },
      (_, i) => byOrdinal.get(start + i) ?? this.wish(start + i),
    );
    const condemned = pods
      .filter((pod) => ordinalOf(set, pod) >= 0 && !inRange(set, ordinalOf(set, pod)))
      .sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a));
    if (isBeingDeleted(set)) return { status: this.status(pods, 0) };
    try {
      const done = yield* this.keepReplicas(replicas, condemned);
      const removed = done ? yield* this.roll(replicas) : 0;
      return { status: this.status(pods, removed) };
    } catch (error) {
      return { status: this.status(pods, 0), error };
    }
  }

  /** False: something must happen first, the next event will bring us back. */
  private *keepReplicas(replicas: readonly Pod[], condemned: readonly Pod[]): Work<boolean> {
    if (yield* this.each(replicas, (pod) => this.processReplica(pod))) return false;
    for (const pod of condemned) yield* this.control.syncRetention(this.set, pod);
    const all = [...replicas, ...[...condemned].reverse()];
    const firstUnavailable = all.find((pod) => isUnavailable(pod, this.minReadySeconds, this.scope.now));
    return !(yield* this.each(condemned, (pod) => this.processCondemned(pod, firstUnavailable)));
  }

  /** Runs a step for each pod until one says "wait" (in order), or for all (parallel). True: wait. */
  private *each(pods: readonly Pod[], step: (pod: Pod) => Work<boolean>): Work<boolean> {
    if (this.inOrder) {
      for (const pod of pods) if (yield* step(pod)) return true;
      return false;
    }
    const { error } = yield* slowStart(this.scope, pods.length, function* (index) {
      const pod = pods[index];
      if (pod) yield* step(pod);
    });
    if (error !== undefined) throw error;
    return false;
  }

  private *processReplica(pod: Pod): Work<boolean> {
    if (isPodFinished(pod)) {
      if (!isBeingDeleted(pod)) yield* this.control.delete(this.set, pod);
      return true;
    }
    if (!isCreated(pod)) {
      if (this.control.hasStaleClaim(this.set, pod)) return true;
      yield* this.control.create(this.set, pod);
      return this.inOrder;
    }
    if (pod.status?.phase === 'Pending') yield* this.control.createClaims(this.set, pod);
    if (this.inOrder && (isBeingDeleted(pod) || !this.settled(pod))) return true;
    yield* this.control.update(this.set, pod);
    return false;
  }

  private *processCondemned(pod: Pod, firstUnavailable: Pod | undefined): Work<boolean> {
    if (isBeingDeleted(pod)) return this.inOrder;
    if (this.inOrder && pod !== firstUnavailable && !this.settled(pod)) return true;
    yield* this.control.delete(this.set, pod);
    return true;
  }

  private settled(pod: Pod): boolean {
    return isRunningAndReady(pod) && isPodAvailable(pod, this.minReadySeconds, this.scope.now);
  }

  /** Replaces the highest outdated pod once those above it are well. Returns how many were taken down. */
  private *roll(replicas: readonly Pod[]): Work<number> {
    const strategy = this.set.spec?.updateStrategy;
    if (strategy?.type === 'OnDelete') return 0;
    const partition = strategy?.rollingUpdate?.partition ?? 0;
    for (const pod of replicas.slice(partition).reverse()) {
      if (podRevision(pod) !== this.update && !isBeingDeleted(pod)) {
        yield* this.control.delete(this.set, pod);
        return podRevision(pod) === this.current ? 1 : 0;
      }
      if (isUnavailable(pod, this.minReadySeconds, this.scope.now)) return 0;
    }
    return 0;
  }

  /** A pod that should exist: of the current revision below the partition, else of the update's. */
  private wish(ordinal: number): Pod {
    const { updateStrategy } = this.set.spec ?? {};
    const rolling = updateStrategy?.rollingUpdate;
    const kept = rolling ? (rolling.partition ?? 0) : (this.set.status?.currentReplicas ?? 0);
    const old = updateStrategy?.type !== 'OnDelete' && ordinal < startOrdinal(this.set) + kept;
    const revision = old ? this.revisions.current : this.revisions.update;
    const template: PodTemplateSpec = templateOf(revision);
    return newStatefulPod(this.set, { template, revision: revision.metadata?.name ?? '', ordinal });
  }

  private status(pods: readonly Pod[], removed: number): StatefulSetStatus {
    const { set, scope, minReadySeconds } = this;
    const created = pods.filter(isCreated);
    const ready = created.filter(isRunningAndReady);
    const kept = created.filter((pod) => !isBeingDeleted(pod));
    const updated = kept.filter((pod) => podRevision(pod) === this.update).length;
    const current = kept.filter((pod) => podRevision(pod) === this.current).length - removed;
    const wanted = replicasOf(set);
    const complete =
      set.spec?.updateStrategy?.type !== 'OnDelete' &&
      updated === wanted &&
      ready.length === wanted &&
      created.length === wanted;
    return present({
      observedGeneration: nonZero(set.metadata?.generation),
      replicas: created.length,
      readyReplicas: nonZero(ready.length),
      availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReadySeconds, scope.now)).length,
      currentReplicas: nonZero(complete ? updated : current),
      updatedReplicas: nonZero(updated),
      currentRevision: complete ? this.update : this.current,
      updateRevision: this.update,
      collisionCount: this.revisions.collisionCount,
      conditions: set.status?.conditions,
    });
  }
}
