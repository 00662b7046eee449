// Network policies as a cluster's network plugin enforces them: a pod that any policy selects accepts, or sends, only
// what some policy allows.
import { namespaces, networkPolicies, pods } from '../../api/generated/resources.ts';
import type { Namespace, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from '../../api/generated/types.ts';
import { selectorOf } from '../../api/selectors.ts';
import type { InformerFactory } from '../client/informer.ts';
import { keyOf, type Lister } from '../client/store.ts';
import type { Scope } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import type { PacketEnd, PacketFilter } from './route.ts';

type Packet = Parameters<PacketFilter['blockedBy']>[0];

export interface PoliciesOptions {
  readonly scope: Scope;
  readonly informers: InformerFactory;
  /** Parts of the cluster that run beside its pods and yet count as some, e.g. CoreDNS at its service's address. */
  readonly standIns?: readonly Pod[] | undefined;
}

/**
 * The network plugin of a cluster: what every node enforces on its own pods. Nodes share what it knows, as those of a
 * large cluster do; pods and namespaces are watched from the first policy on.
 */
export function startPolicies({ scope, informers, standIns = [] }: PoliciesOptions): PacketFilter {
  const policies = informers.informer(networkPolicies);
  const standIn = new Map(standIns.map((pod) => [pod.status?.podIP ?? '', pod]));
  let filter: PolicyFilter | undefined;
  let watching = false;
  const watch = function* (): Work<void> {
    const [podInformer, namespaceInformer] = [informers.informer(pods), informers.informer(namespaces)];
    indexByUid(podInformer);
    yield* podInformer.waitForSync();
    yield* namespaceInformer.waitForSync();
    filter = new PolicyFilter(policies.lister, podInformer.lister, namespaceInformer.lister, standIn);
  };
  policies.on({
    added: () => {
      if (watching) return;
      watching = true;
      scope.spawn(watch());
    },
  });
  return { blockedBy: (packet) => filter?.blockedBy(packet) };
}

/** Finds pods as the network names them. */
export function indexByUid(pods: { addIndex(name: string, of: (pod: Pod) => readonly string[]): void }): void {
  pods.addIndex('uid', ({ metadata }) => [metadata?.uid ?? '']);
}

/** `pods` must be indexed by uid. */
export class PolicyFilter implements PacketFilter {
  constructor(
    private readonly policies: Lister<NetworkPolicy>,
    private readonly pods: Lister<Pod>,
    private readonly namespaces: Lister<Namespace>,
    private readonly standIns: ReadonlyMap<string, Pod> = new Map(),
  ) {}

  blockedBy(packet: Packet): readonly string[] | undefined {
    if (this.policies.size === 0) return undefined;
    const incoming = packet.direction === 'ingress';
    const subject = this.podAt(incoming ? packet.destination : packet.source);
    if (!subject) return undefined;
    const isolating: string[] = [];
    for (const policy of this.policies.inNamespace(subject.metadata?.namespace ?? '')) {
      const { spec } = policy;
      const applies = typesOf(policy).includes(incoming ? 'Ingress' : 'Egress');
      if (!applies || !selectorOf(spec?.podSelector ?? {}).matches(subject.metadata?.labels)) continue;
      isolating.push(keyOf(policy));
      const rules = incoming
        ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
      if (rules.some((rule) => this.admits(rule, policy, packet))) return undefined;
    }
    return isolating.length === 0 ? undefined : isolating;
  }

  private admits(
    rule: {
      readonly peers: readonly NetworkPolicyPeer[] | undefined;
      readonly ports: readonly NetworkPolicyPort[] | undefined;
    },
    policy: NetworkPolicy,
    packet: Packet,
  ): boolean {
    const target = this.podAt(packet.destination);
    const portFits = !rule.ports?.length || rule.ports.some((port) => matchesPort(port, packet, target));
    if (!portFits) return false;
    const other = packet.direction === 'ingress' ? packet.source : packet.destination;
    return !rule.peers?.length || rule.peers.some((peer) => this.isPeer(peer, policy, other));
  }

  private isPeer(peer: NetworkPolicyPeer, policy: NetworkPolicy, other: PacketEnd): boolean {
    if (peer.ipBlock) {
      const { cidr, except = [] } = peer.ipBlock;
      return contains(cidr, other.ip) && !except.some((block) => contains(block, other.ip));
    }
    const pod = this.podAt(other);
    if (!pod) return false;
    const { namespace = '', labels } = pod.metadata ?? {};
    const inNamespace = peer.namespaceSelector
      ? selectorOf(peer.namespaceSelector).matches(this.namespaces.get(namespace)?.metadata?.labels)
      : namespace === policy.metadata?.namespace;
    return inNamespace && (!peer.podSelector || selectorOf(peer.podSelector).matches(labels));
  }

  private podAt({ ip, pod }: PacketEnd): Pod | undefined {
    if (pod === undefined) return this.standIns.get(ip);
    for (const known of this.pods.by('uid', pod)) return known;
    return undefined;
  }
}

/** Left out, a policy is about ingress, and about egress if it has rules for it. */
function typesOf({ spec }: NetworkPolicy): readonly string[] {
  return spec?.policyTypes ?? (spec?.egress?.length ? ['Ingress', 'Egress'] : ['Ingress']);
}

function matchesPort({ port, endPort, protocol }: NetworkPolicyPort, packet: Packet, target: Pod | undefined): boolean {
  if ((protocol ?? 'TCP') !== packet.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return packet.port >= port && packet.port <= (endPort ?? port);
  return (target?.spec?.containers ?? []).some(({ ports = [] }) =>
    ports.some(
      ({ name, containerPort, protocol: own = 'TCP' }) =>
        name === port && containerPort === packet.port && own === packet.protocol,
    ),
  );
}

/** Whether an IPv4 address lies in a block such as `10.0.0.0/8`. */
export function contains(cidr: string, ip: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/');
  const [block, address] = [toNumber(base), toNumber(ip)];
  if (block === undefined || address === undefined) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(block / size) === Math.floor(address / size);
}

function toNumber(ip: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(ip);
  return match?.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}
