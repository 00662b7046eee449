// The daemon set controller: one pod on every node that suits.
import { controllerRevisions, daemonSets, nodes, pods } from '../../../api/generated/resources.ts';
import type { ControllerRevision, DaemonSet, DaemonSetStatus, Node, Pod } from '../../../api/generated/types.ts';
import { controllerReference, getControllerOf, isBeingDeleted } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { claim } from '../shared/claim.ts';
import { Expectations } from '../shared/expectations.ts';
import { kindName } from '../shared/kind-name.ts';
import { indexByOwner, owned, ownedAndOrphans, resolveOwner } from '../shared/owned-pods.ts';
import { runAll, slowStart } from '../shared/parallel.ts';
import { isNamespaceTerminating, PodControl } from '../shared/pod-control.ts';
import { isPodAvailable, isPodReady } from '../shared/pod-state.ts';
import { nonZero, present } from '../shared/present.ts';
import { syncRevision, truncateHistory } from '../shared/revisions.ts';
import { templateHash } from '../shared/template-hash.ts';
import { compareAge, type DaemonFindings, type DaemonPlan, rollingPlan, upkeepPlan } from './daemon-plan.ts';
import { daemonPod, hashLabel, isUpdated, placementOn, targetNode } from './daemon-pod.ts';

export const daemonSetController = defineController({
  name: 'daemon-set-controller',
  eventSource: 'daemonset-controller',
  setup: (context) => new DaemonSetController(context),
});

const burst = 250;
const endedBackoffFirstMs = 1000;
const endedBackoffMaxMs = 900_000;

class DaemonSetController implements Controller {
  private readonly sets: Informer<DaemonSet>;
  private readonly pods: Informer<Pod>;
  private readonly nodes: Informer<Node>;
  private readonly revisions: Informer<ControllerRevision>;
  private readonly expectations: Expectations;
  private readonly control: PodControl;
  /** When a pod that failed on a node may be replaced again, by set and node. */
  private readonly backoff = new Map<string, { readonly until: number; readonly delayMs: number }>();

  constructor(private readonly context: ControllerContext) {
    const { informers, client, events, scope, queue } = context;
    this.sets = informers.informer(daemonSets);
    this.pods = informers.informer(pods);
    this.nodes = informers.informer(nodes);
    this.revisions = informers.informer(controllerRevisions);
    this.expectations = new Expectations(scope);
    this.control = new PodControl(client, events, kindName(daemonSets));
    indexByOwner(this.pods);
    indexByOwner(this.revisions);
    const enqueue = (set: DaemonSet): void => queue.add(keyOf(set));
    this.sets.on({ added: enqueue, updated: enqueue, deleted: enqueue });
    this.pods.on({
      added: (pod) => this.podSeen(pod, 'added'),
      updated: (pod, old) => {
        if (getControllerOf(old)?.uid !== getControllerOf(pod)?.uid) this.podSeen(old, 'changed');
        this.podSeen(pod, 'changed');
      },
      deleted: (pod) => this.podSeen(pod, 'deleted'),
    });
    this.nodes.on({
      added: (node) => this.nodeSeen(node, undefined),
      updated: (node, old) => this.nodeSeen(node, old),
    });
  }

  *reconcile(key: string): Work<void> {
    const set = this.sets.lister.get(key);
    if (!set) {
      this.expectations.forget(key);
      return;
    }
    const selector = selectorOf(set.spec?.selector);
    if (selector.isEmpty()) {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
      this.tell(set, { type: 'Warning', reason: 'SelectingAll', message });
      return;
    }
    if (isBeingDeleted(set)) return;
    const history = [...owned(this.revisions.lister, set)];
    const { revision, collisionCount } = yield* syncRevision(
      {
        client: this.context.client,
        owner: set,
        resource: daemonSets,
        template: set.spec?.template,
        labels: set.spec?.template.metadata?.labels ?? {},
        hashLabel,
        hashOf: (_, collisions) => templateHash(set.spec?.template ?? {}, collisions || undefined),
      },
      history,
      set.status?.collisionCount ?? 0,
    );
    const hash = revision.metadata?.labels?.[hashLabel] ?? '';
    let error: unknown;
    if (this.expectations.satisfied(key)) error = yield* this.manage(key, yield* this.find(set, hash));
    if (error === undefined && this.expectations.satisfied(key) && set.spec?.updateStrategy?.type !== 'OnDelete')
      error = yield* this.roll(key, yield* this.find(set, hash));
    const findings = yield* this.find(set, hash);
    yield* this.updateStatus(findings, collisionCount);
    if (error !== undefined) throw error;
    const live = new Set([revision.metadata?.name ?? '', ...this.revisionsInUse(history, findings)]);
    const limit = set.spec?.revisionHistoryLimit ?? 10;
    yield* truncateHistory(this.context.client, history, { live, limit });
  }

  private *find(set: DaemonSet, hash: string): Work<DaemonFindings> {
    const members = yield* claim(
      {
        client: this.context.client,
        owner: set,
        ownerResource: daemonSets,
        reference: controllerReference(set, daemonSets),
        selector: selectorOf(set.spec?.selector),
        resource: pods,
      },
      ownedAndOrphans(this.pods.lister, set),
    );
    const podsByNode = new Map<string, Pod[]>();
    for (const pod of members) {
      const name = targetNode(pod);
      const known = podsByNode.get(name);
      if (known) known.push(pod);
      else podsByNode.set(name, [pod]);
    }
    return { set, nodes: [...this.nodes.lister.list()], podsByNode, hash, now: this.context.scope.now };
  }

  private *manage(key: string, findings: DaemonFindings): Work<unknown> {
    const plan = upkeepPlan(findings);
    const ended = plan.ended.filter((pod) => this.mayReplace(key, findings.set, pod));
    return yield* this.carryOut(key, findings, { ...plan, delete: [...plan.delete, ...ended] });
  }

  private *roll(key: string, findings: DaemonFindings): Work<unknown> {
    const plan = rollingPlan(findings);
    if (plan.create.length + plan.delete.length === 0) return undefined;
    return yield* this.carryOut(key, findings, plan);
  }

  /** A pod that fails over and over on one node is replaced less and less often. */
  private mayReplace(key: string, set: DaemonSet, pod: Pod): boolean {
    const { namespace, name } = pod.metadata ?? {};
    const node = targetNode(pod);
    const failed = pod.status?.phase === 'Failed';
    const about = `daemon pod ${namespace}/${name} on node ${node}, will try to`;
    if (!failed) {
      this.tell(set, { type: 'Normal', reason: 'SucceededDaemonPod', message: `Found succeeded ${about} delete it` });
      return true;
    }
    const { now } = this.context.scope;
    const known = this.backoff.get(`${key}/${node}`);
    if (known && now < known.until) {
      this.context.queue.addAfter(key, known.until - now);
      return false;
    }
    const delayMs = known ? Math.min(known.delayMs * 2, endedBackoffMaxMs) : endedBackoffFirstMs;
    this.backoff.set(`${key}/${node}`, { until: now + delayMs, delayMs });
    this.tell(set, { type: 'Warning', reason: 'FailedDaemonPod', message: `Found failed ${about} kill it` });
    return true;
  }

  private *carryOut(key: string, { set, hash }: DaemonFindings, plan: DaemonPlan): Work<unknown> {
    const create = plan.create.slice(0, burst);
    const doomed = plan.delete.slice(0, burst);
    this.expectations.expect(key, create.length, doomed.map(keyOf));
    const { control } = this;
    const { successes, error } = yield* slowStart(this.context.scope, create.length, function* (index) {
      try {
        yield* control.create(set, daemonPod(set, create[index] ?? '', hash));
      } catch (refusal) {
        if (!(refusal instanceof ApiError && isNamespaceTerminating(refusal))) throw refusal;
      }
    });
    this.expectations.creationObserved(key, create.length - successes);
    const outcomes = yield* runAll(
      this.context.scope,
      doomed.map((pod) => control.delete(set, pod)),
    );
    let first = error;
    outcomes.forEach((outcome, i) => {
      const pod = doomed[i];
      if (outcome.kind === 'value' || !pod) return;
      this.expectations.deletionObserved(key, keyOf(pod));
      if (!isNotFound(outcome.error)) first ??= outcome.error;
    });
    return first;
  }

  private *updateStatus(findings: DaemonFindings, collisionCount: number): Work<void> {
    const { set } = findings;
    const status = daemonStatus(findings, collisionCount || set.status?.collisionCount);
    if (!equal(set.status ?? {}, status)) yield* this.context.client.updateStatus(daemonSets, { ...set, status });
    const seconds = set.spec?.minReadySeconds ?? 0;
    if (seconds > 0 && status.numberReady !== (status.numberAvailable ?? 0))
      this.context.queue.addAfter(keyOf(set), seconds * 1000);
  }

  private revisionsInUse(history: readonly ControllerRevision[], { podsByNode }: DaemonFindings): string[] {
    const hashes = new Set([...podsByNode.values()].flat().map((pod) => pod.metadata?.labels?.[hashLabel]));
    return history
      .filter(({ metadata }) => hashes.has(metadata?.labels?.[hashLabel]))
      .map(({ metadata }) => metadata?.name ?? '');
  }

  private podSeen(pod: Pod, how: 'added' | 'changed' | 'deleted'): void {
    const set = resolveOwner(this.sets.lister, 'DaemonSet', pod);
    if (set) {
      if (how === 'added') this.expectations.creationObserved(keyOf(set));
      if (how === 'deleted' || isBeingDeleted(pod)) this.expectations.deletionObserved(keyOf(set), keyOf(pod));
      this.context.queue.add(keyOf(set));
      return;
    }
    if (getControllerOf(pod) || how === 'deleted') return;
    for (const each of this.sets.lister.inNamespace(pod.metadata?.namespace ?? ''))
      if (selectorOf(each.spec?.selector).matches(pod.metadata?.labels)) this.context.queue.add(keyOf(each));
  }

  private nodeSeen(node: Node, old: Node | undefined): void {
    if (old && equal(node.metadata?.labels, old.metadata?.labels) && equal(node.spec?.taints, old.spec?.taints)) return;
    for (const set of this.sets.lister.list()) {
      const now = placementOn(set, node);
      if (old ? !equal(now, placementOn(set, old)) : now.shouldRun) this.context.queue.add(keyOf(set));
    }
  }

  private tell(
    set: DaemonSet,
    details: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string },
  ): void {
    this.context.events.record(set, details, kindName(daemonSets));
  }
}

function daemonStatus(
  { set, nodes: all, podsByNode, hash, now }: DaemonFindings,
  collisionCount?: number,
): DaemonSetStatus {
  let desired = 0;
  let current = 0;
  let misscheduled = 0;
  let ready = 0;
  let available = 0;
  let updated = 0;
  for (const node of all) {
    const [pod] = [...(podsByNode.get(node.metadata?.name ?? '') ?? [])].sort(compareAge);
    if (!placementOn(set, node).shouldRun) {
      if (pod) misscheduled++;
      continue;
    }
    desired++;
    if (!pod) continue;
    current++;
    if (isPodReady(pod)) ready++;
    if (isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now)) available++;
    if (isUpdated(set, pod, hash)) updated++;
  }
  return present({
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    observedGeneration: nonZero(set.metadata?.generation),
    updatedNumberScheduled: nonZero(updated),
    numberAvailable: nonZero(available),
    numberUnavailable: nonZero(desired - available),
    collisionCount,
    conditions: set.status?.conditions,
  });
}
