// Network policies as a node's network plugin enforces them: a pod that any policy selects accepts, or sends, only
// what some policy allows.
import { namespaces, networkPolicies, pods } from '../../api/generated/resources.ts';
import type { Namespace, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from '../../api/generated/types.ts';
import { selectorOf } from '../../api/selectors.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Lister } from '../client/store.ts';
import type { SimulatedNetwork } from './network.ts';
import type { PacketFilter } from './route.ts';

type Packet = Parameters<PacketFilter['allows']>[0];

/** Enforces policies on a node's pods from now on. */
export function startPolicies(options: {
  readonly informers: InformerFactory;
  readonly network: SimulatedNetwork;
  readonly node: string;
}): void {
  const podInformer = options.informers.informer(pods);
  indexByAddress(podInformer);
  const policies = options.informers.informer(networkPolicies).lister;
  const filter = new PolicyFilter(policies, podInformer.lister, options.informers.informer(namespaces).lister);
  options.network.setFilter(options.node, filter);
}

/** Finds pods by address; pods in their node's network have none of their own. */
export function indexByAddress(pods: { addIndex(name: string, of: (pod: Pod) => readonly string[]): void }): void {
  pods.addIndex('ip', ({ spec, status }) =>
    spec?.hostNetwork ? [] : (status?.podIPs ?? []).flatMap(({ ip }) => ip ?? []),
  );
}

/** `pods` must be indexed by address. */
export class PolicyFilter implements PacketFilter {
  constructor(
    private readonly policies: Lister<NetworkPolicy>,
    private readonly pods: Lister<Pod>,
    private readonly namespaces: Lister<Namespace>,
  ) {}

  allows(packet: Packet): boolean {
    if (this.policies.size === 0) return true;
    const incoming = packet.direction === 'ingress';
    const subject = this.podAt(incoming ? packet.destinationIp : packet.sourceIp);
    if (!subject) return true;
    let isolated = false;
    for (const policy of this.policies.inNamespace(subject.metadata?.namespace ?? '')) {
      const { spec } = policy;
      const applies = typesOf(policy).includes(incoming ? 'Ingress' : 'Egress');
      if (!applies || !selectorOf(spec?.podSelector ?? {}).matches(subject.metadata?.labels)) continue;
      isolated = true;
      const rules = incoming
        ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
        : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
      if (rules.some((rule) => this.admits(rule, policy, packet))) return true;
    }
    return !isolated;
  }

  private admits(
    rule: {
      readonly peers: readonly NetworkPolicyPeer[] | undefined;
      readonly ports: readonly NetworkPolicyPort[] | undefined;
    },
    policy: NetworkPolicy,
    packet: Packet,
  ): boolean {
    const target = this.podAt(packet.destinationIp);
    const portFits = !rule.ports?.length || rule.ports.some((port) => matchesPort(port, packet, target));
    if (!portFits) return false;
    const other = packet.direction === 'ingress' ? packet.sourceIp : packet.destinationIp;
    return !rule.peers?.length || rule.peers.some((peer) => this.isPeer(peer, policy, other));
  }

  private isPeer(peer: NetworkPolicyPeer, policy: NetworkPolicy, ip: string): boolean {
    if (peer.ipBlock) {
      const { cidr, except = [] } = peer.ipBlock;
      return contains(cidr, ip) && !except.some((block) => contains(block, ip));
    }
    const pod = this.podAt(ip);
    if (!pod) return false;
    const { namespace = '', labels } = pod.metadata ?? {};
    const inNamespace = peer.namespaceSelector
      ? selectorOf(peer.namespaceSelector).matches(this.namespaces.get(namespace)?.metadata?.labels)
      : namespace === policy.metadata?.namespace;
    return inNamespace && (!peer.podSelector || selectorOf(peer.podSelector).matches(labels));
  }

  private podAt(ip: string): Pod | undefined {
    for (const pod of this.pods.by('ip', ip))
      if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') return pod;
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
    ports.some(({ name, containerPort }) => name === port && containerPort === packet.port),
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
