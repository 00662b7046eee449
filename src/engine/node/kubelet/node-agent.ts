// The kubelet's part for the node itself: registers it, reports its status, renews its lease.
import { leases, nodes } from '../../../api/generated/resources.ts';
import type { Lease, Node, NodeStatus } from '../../../api/generated/types.ts';
import { ApiError, isAlreadyExists, isNotFound } from '../../../api/status.ts';
import { equal, type JsonObject } from '../../../base/json.ts';
import { formatMicroTime } from '../../../base/time.ts';
import type { Client } from '../../client/client.ts';
import type { EventRecorder } from '../../client/events.ts';
import { TransportError } from '../../client/transport.ts';
import type { Scope } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { PulledImage } from '../registry/registries.ts';
import type { KubeletLog } from '../services/kubelet-log.ts';
import { networkNotReady } from './network-not-ready.ts';
import { type NodeFacts, newNode, nodeStatus } from './node-object.ts';

const statusEveryMs = 10_000;
/** Until the network is there the kubelet looks more often. */
const startingEveryMs = 500;
const reportEveryMs = 300_000;
const leaseEveryMs = 10_000;
const leaseSeconds = 40;
const retryMs = 500;
const runtimeGraceMs = 30_000;
const leaseNamespace = 'kube-node-lease';

export interface NodeAgentParts {
  readonly scope: Scope;
  readonly client: Client;
  readonly events: EventRecorder;
  readonly facts: NodeFacts;
  readonly podCidr: string | undefined;
  readonly log: KubeletLog;
  images(): readonly PulledImage[];
  /** When the container runtime was stopped; undefined: it runs. */
  runtimeStoppedAt(): number | undefined;
  shortOfMemory(): boolean;
}

type Conditions = NonNullable<NodeStatus['conditions']>;

export class NodeAgent {
  private node: Node | undefined;
  private reportedAt = Number.NEGATIVE_INFINITY;

  readonly startedAt: number;

  constructor(private readonly parts: NodeAgentParts) {
    this.startedAt = parts.scope.now;
  }

  /** The range of addresses for the node's pods: given, or what the API says. */
  get podCidr(): string | undefined {
    return this.parts.podCidr ?? this.node?.spec?.podCIDR;
  }

  get ready(): boolean {
    return this.node?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  }

  start(): void {
    this.tell('Normal', 'Starting', 'Starting kubelet.');
    this.parts.scope.spawn(this.reports());
    this.parts.scope.spawn(this.renews());
  }

  private *reports(): Work<void> {
    const { scope } = this.parts;
    for (;;) {
      try {
        this.node ??= yield* this.register();
        yield* this.report();
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
        if (isNotFound(error)) this.node = undefined;
        else
          this.parts.log.error('kubelet_node_status.go:474', 'Error updating node status, will retry', {
            err: `error getting node ${JSON.stringify(this.parts.facts.name)}: ${error.message}`,
          });
      }
      yield* scope.round(this.ready ? statusEveryMs : startingEveryMs);
    }
  }

  private *register(): Work<Node> {
    const { client, facts } = this.parts;
    const fresh = newNode(facts);
    try {
      const status = this.statusNow([]);
      const made = yield* client.create(nodes, { ...fresh, status });
      this.tellConditions(status);
      return made;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const known = yield* client.get(nodes, { name: facts.name });
    const labels = { ...known.metadata?.labels, ...fresh.metadata?.labels };
    if (equal(labels, known.metadata?.labels)) return known;
    return yield* client.patch(nodes, { name: facts.name }, { metadata: { labels } });
  }

  private *report(): Work<void> {
    const { client, facts, scope } = this.parts;
    const known = yield* client.get(nodes, { name: facts.name });
    this.node = known;
    const old = known.status?.conditions ?? [];
    const status = this.statusNow(old);
    const changed = !equal(withoutHeartbeats({ ...known.status, ...status }), withoutHeartbeats(known.status ?? {}));
    if (!changed && scope.now - this.reportedAt < reportEveryMs) return;
    const body = status as JsonObject; // edge: API types hold nothing but JSON
    this.node = yield* client.patch(nodes, { name: facts.name, subresource: 'status' }, { status: body });
    this.reportedAt = scope.now;
    const before = old.find(({ type }) => type === 'Ready')?.status;
    const after = status.conditions?.find(({ type }) => type === 'Ready')?.status;
    this.tellPressure(old, status.conditions ?? []);
    const news = after === 'True' ? 'NodeReady' : 'NodeNotReady';
    if (before !== after && (after === 'True' || before === 'True'))
      this.tell('Normal', news, `Node ${facts.name} status is now: ${news}`);
  }

  private statusNow(old: NonNullable<NodeStatus['conditions']>): NodeStatus {
    const problem = this.podCidr === undefined ? networkNotReady : this.runtimeProblem();
    const { facts, scope } = this.parts;
    const shortOfMemory = this.parts.shortOfMemory();
    return nodeStatus(facts, { now: scope.now, problem, shortOfMemory, images: this.parts.images(), old });
  }

  /** The kubelet gives the runtime half a minute. */
  private runtimeProblem(): string | undefined {
    const since = this.parts.runtimeStoppedAt();
    return since !== undefined && this.parts.scope.now - since > runtimeGraceMs
      ? 'container runtime is down'
      : undefined;
  }

  private tellPressure(old: Conditions, now: Conditions): void {
    const isShort = (all: Conditions): boolean =>
      all.some(({ type, status }) => type === 'MemoryPressure' && status === 'True');
    if (isShort(old) === isShort(now)) return;
    const news = isShort(now) ? 'NodeHasInsufficientMemory' : 'NodeHasSufficientMemory';
    this.tell('Normal', news, `Node ${this.parts.facts.name} status is now: ${news}`);
  }

  private tellConditions(status: NodeStatus): void {
    const reasons: Readonly<Record<string, string>> = {
      MemoryPressure: 'NodeHasSufficientMemory',
      DiskPressure: 'NodeHasNoDiskPressure',
      PIDPressure: 'NodeHasSufficientPID',
    };
    for (const { type } of status.conditions ?? []) {
      const reason = reasons[type];
      if (reason) this.tell('Normal', reason, `Node ${this.parts.facts.name} status is now: ${reason}`);
    }
    this.tell('Normal', 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
  }

  /** About a node that the kubelet knows by name only: its uid is its name, as upstream writes it. */
  tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { name } = this.parts.facts;
    this.parts.events.recordFor({ kind: 'Node', name, uid: name }, { type, reason, message });
  }

  private *renews(): Work<void> {
    const { scope, facts, client } = this.parts;
    let lease: Lease | undefined;
    for (;;) {
      let wait = scope.random().jitter(leaseEveryMs, 0.04);
      try {
        const renewTime = formatMicroTime(scope.now);
        lease = lease
          ? yield* client.update(leases, { ...lease, spec: { ...lease.spec, renewTime } })
          : yield* this.takeLease(renewTime);
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
        this.parts.log.error('controller.go:195', 'Failed to update lease', { err: error.message });
        lease = undefined;
        wait = isNotFound(error) ? leaseEveryMs : retryMs;
      }
      scope.record('renew', `leases ${leaseNamespace}/${facts.name}`);
      yield* scope.round(lease ? wait : Math.min(wait, retryMs * 4));
    }
  }

  private *takeLease(renewTime: string): Work<Lease> {
    const { client, facts } = this.parts;
    const { name } = facts;
    const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime };
    try {
      const known = yield* client.get(leases, { namespace: leaseNamespace, name });
      return yield* client.update(leases, { ...known, spec: { ...known.spec, ...spec } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const uid = this.node?.metadata?.uid;
    const ownerReferences =
      uid === undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] };
    return yield* client.create(leases, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: leaseNamespace, ...ownerReferences },
      spec,
    });
  }
}

function withoutHeartbeats(status: NodeStatus): NodeStatus {
  return { ...status, conditions: (status.conditions ?? []).map(({ lastHeartbeatTime: _, ...rest }) => rest) };
}
