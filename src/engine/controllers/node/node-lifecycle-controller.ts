// The node lifecycle controller: notices nodes that have fallen silent, and taints them.

import { leases, nodes, pods } from '../../../api/generated/resources.ts';
import type { Lease, Node, NodeCondition, Pod } from '../../../api/generated/types.ts';
import { formatTime, parseTime } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { labelText } from '../../../base/metrics-text.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf } from '../../client/store.ts';
import { TransportError } from '../../client/transport.ts';
import { Signal } from '../../sim/signal.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { podCondition } from '../shared/pod-state.ts';
import { indexByNode, nodeCondition, nodeIndex, swapTaints, tellNode } from './node-facts.ts';
import { notReadyTaint, scheduleTaints, unreachableTaint } from './node-taints.ts';
import { Pace, zoneRate, zoneState } from './zone-health.ts';

export const nodeLifecycleController = defineController({
  name: 'node-lifecycle-controller',
  account: 'node-controller',
  setup: (context) => new NodeLifecycleController(context),
});

const monitorPeriodMs = 5000;
const taintPassMs = 100;
const startupGraceMs = 60_000;
const leaseNamespace = 'kube-node-lease';
const judged = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** When the node last gave a sign of life, by our own clock. */
interface Health {
  readonly probedAt: number;
  readonly heartbeat: string | undefined;
  readonly renewal: string | undefined;
}

class NodeLifecycleController implements Controller {
  private readonly nodes: Informer<Node>;
  private readonly pods: Informer<Pod>;
  private readonly leases: Informer<Lease>;
  private readonly health = new Map<string, Health>();
  private readonly known = new Map<string, string>();
  /** Nodes that wait for their NoExecute taint, by zone. */
  private readonly waiting = new Map<string, Set<string>>();
  private readonly paces = new Map<string, Pace>();
  private readonly rates = new Map<string, number>();

  private readonly toTaint: Signal;

  constructor(private readonly context: ControllerContext) {
    this.toTaint = new Signal(context.scope);
    const { informers, queue, scope } = context;
    this.nodes = informers.informer(nodes);
    this.pods = informers.informer(pods);
    this.leases = informers.informer(leases, { namespace: leaseNamespace });
    indexByNode(this.pods);
    this.nodes.on({
      added: (node) => queue.add(keyOf(node)),
      updated: (node, old) => {
        if (node.spec !== old.spec || node.status?.conditions !== old.status?.conditions) queue.add(keyOf(node));
      },
    });
    scope.spawn(this.monitor());
    scope.spawn(this.taintPasses());
  }

  /** NoSchedule taints follow the conditions at once. */
  *reconcile(name: string): Work<void> {
    const node = this.nodes.lister.get(name);
    if (!node) return;
    const { add, remove } = scheduleTaints(node);
    yield* swapTaints(this.context.client, node, { add, remove, now: this.context.scope.now });
  }

  private *monitor(): Work<void> {
    const { scope, informers } = this.context;
    yield* informers.waitForSync();
    for (;;) {
      yield* this.tolerant(this.checkNodes());
      yield* scope.round(monitorPeriodMs);
    }
  }

  /** An API server that refuses or is away is tried again at the next turn. */
  private *tolerant(work: Work<void>): Work<void> {
    try {
      yield* work;
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      this.context.scope.record('retry', 'nodes', error.message);
    }
  }

  private *checkNodes(): Work<void> {
    const { events } = this.context;
    for (const node of this.nodes.lister.list()) {
      const { name = '', uid = '' } = node.metadata ?? {};
      if (this.known.has(name)) continue;
      this.known.set(name, uid);
      const message = `Node ${name} event: Registered Node ${name} in Controller`;
      tellNode(events, { name, uid }, { reason: 'RegisteredNode', message });
    }
    for (const [name, uid] of this.known) {
      if (this.nodes.lister.get(name)) continue;
      this.known.delete(name);
      this.health.delete(name);
      const message = `Node ${name} event: Removing Node ${name} from Controller`;
      tellNode(events, { name, uid }, { reason: 'RemovingNode', message });
    }
    for (const node of [...this.nodes.lister.list()]) yield* this.checkNode(node);
    this.judgeZones();
  }

  private *checkNode(node: Node): Work<void> {
    const { name = '', uid = '' } = node.metadata ?? {};
    const before = nodeCondition(node, 'Ready')?.status ?? 'Unknown';
    const checked = this.isSilent(node) ? yield* this.markUnknown(node) : node;
    const status = nodeCondition(checked, 'Ready')?.status;
    if (status === undefined) return;
    yield* this.queueTaint(checked, status);
    if (before !== 'True' || status === 'True') return;
    const message = `Node ${name} status is now: NodeNotReady`;
    tellNode(this.context.events, { name, uid }, { reason: 'NodeNotReady', message });
    for (const pod of [...this.pods.lister.by(nodeIndex, name)]) yield* this.markPodNotReady(pod);
  }

  private isSilent(node: Node): boolean {
    const { scope, cluster } = this.context;
    const name = node.metadata?.name ?? '';
    const ready = nodeCondition(node, 'Ready');
    const lease = this.leases.lister.get(`${leaseNamespace}/${name}`);
    const heartbeat = ready && `${ready.lastHeartbeatTime} ${ready.lastTransitionTime}`;
    const renewal = lease?.spec?.renewTime;
    const known = this.health.get(name);
    const createdAt = parseTime(node.metadata?.creationTimestamp) ?? scope.now;
    const alive = !known || known.heartbeat !== heartbeat || (renewal !== undefined && known.renewal !== renewal);
    // A node that has never reported counts from its creation.
    const fresh = known || ready ? scope.now : createdAt;
    const probedAt = alive ? fresh : known.probedAt;
    this.health.set(name, { probedAt, heartbeat, renewal });
    return scope.now > probedAt + (ready ? cluster.nodeMonitorGraceMs : startupGraceMs);
  }

  private *markUnknown(node: Node): Work<Node> {
    const now = formatTime(this.context.scope.now);
    const conditions: NodeCondition[] = (node.status?.conditions ?? []).map((condition) =>
      judged.includes(condition.type) && condition.status !== 'Unknown'
        ? {
            ...condition,
            status: 'Unknown',
            reason: 'NodeStatusUnknown',
            message: 'Kubelet stopped posting node status.',
            lastTransitionTime: now,
          }
        : condition,
    );
    for (const type of judged) {
      if (conditions.some((condition) => condition.type === type)) continue;
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata?.creationTimestamp,
        lastTransitionTime: now,
      });
    }
    if (nodeCondition(node, 'Ready')?.status === 'Unknown') return node;
    const updated = yield* this.context.client.updateStatus(nodes, {
      ...node,
      status: { ...node.status, conditions },
    });
    // What we wrote ourselves is no sign of life.
    const known = this.health.get(node.metadata?.name ?? '');
    const ready = nodeCondition(updated, 'Ready');
    if (known && ready)
      this.health.set(node.metadata?.name ?? '', {
        ...known,
        heartbeat: `${ready.lastHeartbeatTime} ${ready.lastTransitionTime}`,
      });
    return updated;
  }

  /** A healthy node loses its taints at once; an unhealthy one gets its in the zone's turn. */
  private *queueTaint(node: Node, status: string): Work<void> {
    const { client, scope } = this.context;
    const name = node.metadata?.name ?? '';
    const zone = zoneOf(node);
    if (status === 'True') {
      this.waiting.get(zone)?.delete(name);
      yield* swapTaints(client, node, { add: [], remove: [notReadyTaint, unreachableTaint], now: scope.now });
      return;
    }
    const [add, remove] = status === 'False' ? [notReadyTaint, unreachableTaint] : [unreachableTaint, notReadyTaint];
    const keys = node.spec?.taints?.filter(({ effect }) => effect === 'NoExecute').map(({ key }) => key) ?? [];
    if (keys.includes(add.key)) return;
    if (keys.includes(remove.key)) {
      yield* swapTaints(client, node, { add: [add], remove: [remove], now: scope.now });
      return;
    }
    const zoneQueue = this.waiting.get(zone) ?? new Set<string>();
    zoneQueue.add(name);
    this.waiting.set(zone, zoneQueue);
    this.toTaint.notify();
  }

  /** Upstream's passes never end; here they rest while no node waits. */
  private *taintPasses(): Work<void> {
    for (;;) {
      while (this.isIdle()) yield* this.toTaint.wait();
      yield* this.context.scope.sleep(taintPassMs);
      yield* this.tolerant(this.taintPass());
    }
  }

  private isIdle(): boolean {
    for (const names of this.waiting.values()) if (names.size > 0) return false;
    return true;
  }

  private *taintPass(): Work<void> {
    const { client, scope, meter } = this.context;
    for (const [zone, names] of this.waiting) {
      const pace = this.paces.get(zone) ?? new Pace();
      this.paces.set(zone, pace);
      for (const name of [...names]) {
        if (!pace.take(scope.now, this.rates.get(zone) ?? zoneRate('normal', 0))) break;
        names.delete(name);
        const node = this.nodes.lister.get(name);
        const status = node && nodeCondition(node, 'Ready')?.status;
        if (!node || status === 'True') continue;
        const [add, remove] =
          status === 'False' ? [notReadyTaint, unreachableTaint] : [unreachableTaint, notReadyTaint];
        yield* swapTaints(client, node, { add: [add], remove: [remove], now: scope.now });
        meter?.counts('node_collector_evictions_total').add(labelText({ zone }));
      }
    }
  }

  private judgeZones(): void {
    const zones = new Map<string, { ready: number; notReady: number }>();
    for (const node of this.nodes.lister.list()) {
      const zone = zones.get(zoneOf(node)) ?? { ready: 0, notReady: 0 };
      if (nodeCondition(node, 'Ready')?.status === 'True') zone.ready++;
      else zone.notReady++;
      zones.set(zoneOf(node), zone);
    }
    const states = [...zones].map(([zone, { ready, notReady }]) => ({
      zone,
      state: zoneState(ready, notReady),
      size: ready + notReady,
    }));
    const allDown = states.length > 0 && states.every(({ state }) => state === 'full');
    for (const { zone, state, size } of states) this.rates.set(zone, allDown ? 0 : zoneRate(state, size));
  }

  private *markPodNotReady(pod: Pod): Work<void> {
    const { client, scope, events } = this.context;
    if (podCondition(pod, 'Ready')?.status !== 'True') return;
    const lastTransitionTime = formatTime(scope.now);
    const conditions = (pod.status?.conditions ?? []).map((condition) =>
      condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition,
    );
    try {
      yield* client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } });
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    const details = { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' } as const;
    events.record(pod, details, kindName(pods));
  }
}

function zoneOf({ metadata }: Node): string {
  const labels = metadata?.labels ?? {};
  return `${labels['topology.kubernetes.io/region'] ?? ''}/${labels['topology.kubernetes.io/zone'] ?? ''}`;
}
