// Keeps as many pods as a ReplicaSet or a ReplicationController asks for: both are one algorithm over two kinds.
import { pods } from '../../../api/generated/resources.ts';
import type { Pod, PodTemplateSpec, ReplicaSetStatus } from '../../../api/generated/types.ts';
import {
  controllerReference,
  getControllerOf,
  isBeingDeleted,
  isControlledBy,
  type KubeObject,
} from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { type Selector, selectorFromLabels } from '../../../api/selectors.ts';
import { ApiError, isConflict, isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import type { Controller, ControllerContext } from '../../client/controller.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { claim } from '../shared/claim.ts';
import { podsToDelete } from '../shared/deletion-order.ts';
import { Expectations } from '../shared/expectations.ts';
import { kindName } from '../shared/kind-name.ts';
import { hasOrphans, indexByOwner, ownedAndOrphans, ownerIndex, resolveOwner } from '../shared/owned-pods.ts';
import { runAll, slowStart } from '../shared/parallel.ts';
import { isNamespaceTerminating, PodControl, podFromTemplate } from '../shared/pod-control.ts';
import { isPodActive, isPodReady, isPodTerminating, nextAvailabilityMs, podCondition } from '../shared/pod-state.ts';
import { OwnedTallies } from './owned-tally.ts';
import { countReplicas, type ReplicaCounts, replicaStatus, statusChanged } from './replica-status.ts';

/** The kind that is managed, and how to read it. */
export interface ReplicaKind<T extends KubeObject> {
  readonly resource: Resource<T>;
  replicas(object: T): number;
  minReadySeconds(object: T): number;
  template(object: T): PodTemplateSpec | undefined;
  selector(object: T): Selector;
  status(object: T): ReplicaSetStatus | undefined;
  withStatus(object: T, status: ReplicaSetStatus): T;
  /** Whether its status counts pods that are terminating. */
  readonly countsTerminating: boolean;
}

/** Pods created or deleted in one go. */
const burstReplicas = 500;

export function replicaManager<T extends KubeObject>(context: ControllerContext, kind: ReplicaKind<T>): Controller {
  return new ReplicaManager(context, kind);
}

class ReplicaManager<T extends KubeObject> implements Controller {
  private readonly sets: Informer<T>;
  private readonly pods: Informer<Pod>;
  private readonly expectations: Expectations;
  private readonly podControl: PodControl;
  private readonly tallies: OwnedTallies;

  constructor(
    private readonly context: ControllerContext,
    private readonly kind: ReplicaKind<T>,
  ) {
    const { informers, scope, client, events, queue } = context;
    this.sets = informers.informer(kind.resource);
    this.pods = informers.informer(pods);
    this.expectations = new Expectations(scope);
    this.podControl = new PodControl(client, events, kindName(kind.resource));
    indexByOwner(this.sets);
    indexByOwner(this.pods);
    this.tallies = new OwnedTallies(this.pods);
    const enqueue = (set: T): void => queue.add(keyOf(set));
    this.sets.on({
      added: enqueue,
      updated: (set, old) => {
        if (set.metadata?.uid !== old.metadata?.uid) this.expectations.forget(keyOf(set));
        enqueue(set);
      },
      deleted: (set) => {
        this.expectations.forget(keyOf(set));
        enqueue(set);
      },
    });
    this.pods.on({
      added: (pod) => this.podAdded(pod),
      updated: (pod, old) => this.podUpdated(pod, old),
      deleted: (pod) => this.podDeleted(pod),
    });
  }

  *reconcile(key: string): Work<void> {
    const set = this.sets.lister.get(key);
    if (!set) {
      this.expectations.forget(key);
      return;
    }
    const mayManage = this.expectations.satisfied(key);
    const counted = this.countedStatus(set);
    if (counted) {
      yield* this.writeStatus(set, counted);
      return;
    }
    const candidates = ownedAndOrphans(this.pods.lister, set);
    const active = yield* this.claimPods(set, candidates.filter(isPodActive));
    const terminating = candidates.filter((pod) => isPodTerminating(pod) && isControlledBy(pod, set)).length;
    const error = mayManage && !isBeingDeleted(set) ? yield* this.manage(key, set, active) : undefined;
    const updated = yield* this.updateStatus(set, { active, terminating, error });
    if (error !== undefined) throw error;
    const seconds = this.kind.minReadySeconds(updated);
    const status = this.kind.status(updated);
    if (seconds > 0 && (status?.readyReplicas ?? 0) !== (status?.availableReplicas ?? 0)) {
      const nextMs = nextAvailabilityMs(active, seconds, this.context.scope.now);
      this.context.queue.addAfter(key, nextMs ?? seconds * 1000);
    }
  }

  private *claimPods(set: T, candidates: readonly Pod[]): Work<Pod[]> {
    return yield* claim(
      {
        client: this.context.client,
        owner: set,
        ownerResource: this.kind.resource,
        reference: controllerReference(set, this.kind.resource),
        selector: this.kind.selector(set),
        resource: pods,
      },
      candidates,
    );
  }

  /** Creates what is missing or deletes what is too much. Returns the first refusal, for the status to tell. */
  private *manage(key: string, set: T, active: readonly Pod[]): Work<unknown> {
    const missing = this.kind.replicas(set) - active.length;
    if (missing > 0) return yield* this.createPods(key, set, Math.min(missing, burstReplicas));
    if (missing < 0) return yield* this.deletePods(key, set, { active, count: Math.min(-missing, burstReplicas) });
    return undefined;
  }

  private *createPods(key: string, set: T, count: number): Work<unknown> {
    this.expectations.expectCreations(key, count);
    const pod = podFromTemplate(this.kind.template(set), set, controllerReference(set, this.kind.resource));
    const podControl = this.podControl;
    const { successes, error } = yield* slowStart(this.context.scope, count, function* () {
      try {
        yield* podControl.create(set, pod);
      } catch (refusal) {
        // No pod can ever be created in a namespace that is going away; waiting for one would wait forever.
        if (!(refusal instanceof ApiError && isNamespaceTerminating(refusal))) throw refusal;
      }
    });
    if (successes < count) this.expectations.creationObserved(key, count - successes);
    return error;
  }

  private *deletePods(
    key: string,
    set: T,
    { active, count }: { readonly active: readonly Pod[]; readonly count: number },
  ): Work<unknown> {
    const doomed = podsToDelete(active, this.relatedPods(set), count, this.context.scope.now);
    this.expectations.expectDeletions(key, doomed.map(keyOf));
    const outcomes = yield* runAll(
      this.context.scope,
      doomed.map((pod) => this.podControl.delete(set, pod)),
    );
    let error: unknown;
    outcomes.forEach((outcome, i) => {
      const pod = doomed[i];
      if (outcome.kind === 'value' || !pod) return;
      this.expectations.deletionObserved(key, keyOf(pod));
      if (!isNotFound(outcome.error)) error ??= outcome.error;
    });
    return error;
  }

  /** Pods of all sets with the same owner: a Deployment's old and new ones. */
  private *relatedPods(set: T): Iterable<Pod> {
    const owner = getControllerOf(set);
    if (!owner) return;
    const seen = new Set<string>();
    for (const sibling of this.sets.lister.by(ownerIndex, owner.uid)) {
      const selector = this.kind.selector(sibling);
      for (const pod of this.pods.lister.by(ownerIndex, sibling.metadata?.uid ?? '')) {
        const key = keyOf(pod);
        if (seen.has(key) || !selector.matches(pod.metadata?.labels)) continue;
        seen.add(key);
        yield pod;
      }
    }
  }

  /** The status by count alone, where there is nothing to create, delete, adopt, release or wait for. */
  private countedStatus(set: T): ReplicaSetStatus | undefined {
    const { kind } = this;
    const uid = set.metadata?.uid ?? '';
    const tally = this.tallies.of(uid);
    if (tally.active !== kind.replicas(set) || kind.minReadySeconds(set) > 0 || isBeingDeleted(set)) return undefined;
    if (hasOrphans(this.pods.lister, set)) return undefined;
    const selector = kind.selector(set);
    const template = selectorFromLabels(kind.template(set)?.metadata?.labels);
    let fullyLabeled = 0;
    for (const { labels, count } of tally.labels.values()) {
      if (!selector.matches(labels)) return undefined;
      if (template.matches(labels)) fullyLabeled += count;
    }
    const { active, ready, terminating } = tally;
    return this.statusOf(set, { active, ready, available: ready, fullyLabeled, terminating, error: undefined });
  }

  private *updateStatus(
    set: T,
    found: { readonly active: readonly Pod[]; readonly terminating: number; readonly error: unknown },
  ): Work<T> {
    const { kind } = this;
    const counts = countReplicas(found.active, {
      minReadySeconds: kind.minReadySeconds(set),
      template: selectorFromLabels(kind.template(set)?.metadata?.labels),
      now: this.context.scope.now,
    });
    return yield* this.writeStatus(
      set,
      this.statusOf(set, { ...counts, terminating: found.terminating, error: found.error }),
    );
  }

  private statusOf(set: T, counts: ReplicaCounts): ReplicaSetStatus {
    const { kind } = this;
    return replicaStatus({
      ...counts,
      terminating: kind.countsTerminating ? counts.terminating : undefined,
      old: kind.status(set),
      replicas: kind.replicas(set),
      generation: set.metadata?.generation ?? 0,
      now: this.context.scope.now,
    });
  }

  private *writeStatus(set: T, status: ReplicaSetStatus): Work<T> {
    const { client } = this.context;
    const { kind } = this;
    if (!statusChanged(kind.status(set), status)) return set;
    try {
      return yield* client.updateStatus(kind.resource, kind.withStatus(set, status));
    } catch (error) {
      if (!isConflict(error)) throw error;
      const { namespace, name = '' } = set.metadata ?? {};
      const fresh = yield* client.get(kind.resource, { namespace, name });
      return yield* client.updateStatus(kind.resource, kind.withStatus(fresh, status));
    }
  }

  private podAdded(pod: Pod): void {
    if (isBeingDeleted(pod)) {
      this.podDeleted(pod);
      return;
    }
    if (!getControllerOf(pod)) {
      this.enqueueMatching(pod);
      return;
    }
    const set = resolveOwner(this.sets.lister, this.kind.resource.kind, pod);
    if (!set) return;
    this.expectations.creationObserved(keyOf(set));
    this.context.queue.add(keyOf(set));
  }

  private podUpdated(pod: Pod, old: Pod): void {
    const labelsChanged = !equal(pod.metadata?.labels, old.metadata?.labels);
    if (isBeingDeleted(pod)) {
      this.podDeleted(pod);
      return;
    }
    const owner = getControllerOf(pod);
    const oldOwner = getControllerOf(old);
    const ownerChanged = owner?.uid !== oldOwner?.uid;
    if (ownerChanged && oldOwner) this.enqueueOwner(old);
    if (owner) {
      if (!ownerChanged && countsTheSame(pod, old)) return;
      const set = resolveOwner(this.sets.lister, this.kind.resource.kind, pod);
      if (!set) return;
      this.context.queue.add(keyOf(set));
      const seconds = this.kind.minReadySeconds(set);
      // One second more, as the kubelet's clock and ours may differ in rounding.
      if (seconds > 0 && !isPodReady(old) && isPodReady(pod))
        this.context.queue.addAfter(keyOf(set), seconds * 1000 + 1000);
      return;
    }
    if (labelsChanged || ownerChanged) this.enqueueMatching(pod);
  }

  private podDeleted(pod: Pod): void {
    const set = resolveOwner(this.sets.lister, this.kind.resource.kind, pod);
    if (!set) return;
    this.expectations.deletionObserved(keyOf(set), keyOf(pod));
    this.context.queue.add(keyOf(set));
  }

  private enqueueOwner(pod: Pod): void {
    const set = resolveOwner(this.sets.lister, this.kind.resource.kind, pod);
    if (set) this.context.queue.add(keyOf(set));
  }

  private enqueueMatching(pod: Pod): void {
    for (const set of this.sets.lister.inNamespace(pod.metadata?.namespace ?? ''))
      if (this.kind.selector(set).matches(pod.metadata?.labels)) this.context.queue.add(keyOf(set));
  }
}

/** Whether a reconcile would see no difference: most of a pod's updates say nothing that replicas are counted by. */
function countsTheSame(pod: Pod, old: Pod): boolean {
  const [ready, before] = [podCondition(pod, 'Ready'), podCondition(old, 'Ready')];
  return (
    isPodActive(pod) === isPodActive(old) &&
    isBeingDeleted(pod) === isBeingDeleted(old) &&
    ready?.status === before?.status &&
    ready?.lastTransitionTime === before?.lastTransitionTime &&
    equal(pod.metadata?.labels, old.metadata?.labels)
  );
}
