// The simulated network: hosts with addresses, connections with latency, and what happens to a dialed address on its way.
//
//   dial web.shop:80 ─DNS▶ 10.96.3.7:80 ─proxy of my node▶ 10.244.2.9:8080 ─policies, cut links▶ the pod's listener
import type { DialEvents, DialFailure, DialTarget, Network, NetworkHost } from '../../api/network.ts';
import type { Scope } from '../sim/scope.ts';
import { connect } from './connection.ts';
import { type Fabric, Host } from './host.ts';
import { outsideHosts, outsideNames } from './outside.ts';
import { resolveName } from './resolve-name.ts';
import type { Block, Dialed, NameServer, NodeProxy, PacketEnd, PacketFilter, RouteVia } from './route.ts';
import { Topology } from './topology.ts';
import { blockText, noEndpoints, noLocalEndpoint, type Passage, Traffic } from './traffic.ts';

/** The engine's own handle of the network: hosts attach, nodes' components plug in, faults are made. */
export interface SimulatedNetwork extends Network {
  /** The service rules of a node; undefined takes them away (kube-proxy has been stopped for good). */
  setProxy(node: string, proxy: NodeProxy | undefined): void;
  /** The policies that a node enforces. */
  setFilter(node: string, filter: PacketFilter | undefined): void;
  /** Answers DNS at an address. Returns how to stop. */
  serveNames(ip: string, server: NameServer): () => void;
  /** Cuts a node off from everything but itself, or mends it. */
  cut(node: string, cut: boolean): void;
  /** Gives a host other addresses than it had. */
  setAddresses(host: NetworkHost, ips: readonly string[]): void;
  /** A cluster's own addresses: those of its pods and name servers mean something within it alone. */
  segment(name: string): SimulatedNetwork;
}

export function createNetwork(scope: Scope): SimulatedNetwork {
  const network = new NetworkCore(scope);
  for (const { ip, name, port, listener } of outsideHosts(scope))
    network.attach({ id: `outside/${name}`, ips: [ip], node: undefined }).listen(port, listener);
  return network;
}

/** One way, in milliseconds: within a host, within a machine, between machines, over the internet; chance adds half. */
const delaysMs = { host: 0.02, machine: 0.05, cluster: 0.3, outside: 12 };
/** As long as a kernel tries when nobody says less. */
const connectTimeoutMs = 130_000;
/** As long as a neighbour is asked for on the same network. */
const noRouteMs = 3000;
const dnsTimeoutMs = 10_000;

const refused: DialFailure = { kind: 'refused', message: 'connect: connection refused' };
const noRoute: DialFailure = { kind: 'no-route', message: 'connect: no route to host' };
const timedOut: DialFailure = { kind: 'timeout', message: 'i/o timeout' };
const kernelTimedOut: DialFailure = { kind: 'timeout', message: 'connect: connection timed out' };

interface Attempt {
  readonly from: Host;
  readonly port: number;
  readonly passage: Passage | undefined;
  readonly connected: DialEvents['connected'];
  fail(failure: DialFailure, afterMs: number): void;
  /** Goes on after a delay, unless it was given up meanwhile. */
  later(delayMs: number, run: () => void): void;
}

interface Delivery {
  readonly ip: string;
  readonly segment: string;
  readonly port: number;
  /** The address that the client dialed. */
  readonly dialed: string;
  /** Who the server sees. */
  readonly sourceIp: string;
}

type AskedServer =
  | { readonly kind: 'reached'; readonly server: NameServer; readonly label: string }
  | { readonly kind: 'refused' | 'lost'; readonly reason: string };

class NetworkCore implements SimulatedNetwork, Fabric {
  private readonly topology = new Topology();
  private readonly proxies = new Map<string, NodeProxy>();
  private readonly filters = new Map<string, PacketFilter>();
  private readonly nameServers = new Map<string, NameServer>();
  private readonly traffic;
  private readonly random;
  private nextPort = 32768;

  constructor(private readonly scope: Scope) {
    this.random = scope.random(`${scope.name}/latency`);
    this.traffic = new Traffic(scope);
  }

  attach(options: Parameters<Network['attach']>[0]): NetworkHost {
    const host = new Host(this, options);
    this.topology.add(host);
    return host;
  }

  setProxy(node: string, proxy: NodeProxy | undefined): void {
    if (proxy) this.proxies.set(node, proxy);
    else this.proxies.delete(node);
  }

  setFilter(node: string, filter: PacketFilter | undefined): void {
    if (filter) this.filters.set(node, filter);
    else this.filters.delete(node);
  }

  serveNames(ip: string, server: NameServer, segment = ''): () => void {
    const place = `${segment}/${ip}`;
    this.nameServers.set(place, server);
    return () => {
      if (this.nameServers.get(place) === server) this.nameServers.delete(place);
    };
  }

  segment(name: string): SimulatedNetwork {
    return {
      attach: (options) => this.attach({ ...options, segment: name }),
      serveNames: (ip, server) => this.serveNames(ip, server, name),
      setProxy: (node, proxy) => this.setProxy(node, proxy),
      setFilter: (node, filter) => this.setFilter(node, filter),
      setAddresses: (host, ips) => this.setAddresses(host, ips),
      cut: (node, cut) => this.cut(node, cut),
      segment: (inner) => this.segment(`${name}/${inner}`),
    };
  }

  cut(node: string, cut: boolean): void {
    this.topology.cut(node, cut);
  }

  detach(host: Host): void {
    this.topology.remove(host);
  }

  setAddresses(host: NetworkHost, ips: readonly string[]): void {
    if (host instanceof Host) this.topology.move(host, ips);
  }

  dial(from: Host, target: DialTarget, events: DialEvents): () => void {
    const { cause } = this.scope;
    const own = isOwn(from, target.host);
    const passage = target.quiet || own ? undefined : this.traffic.begin(target.origin ?? from.label);
    if (target.origin !== undefined)
      passage?.tell({ by: target.origin, action: 'tunnel', subject: from.label, to: [from.label] });
    const stop = this.attempt(from, target, { ...events, passage });
    this.scope.resumeCause(cause);
    return stop;
  }

  /** Addresses of a name as the host's resolver finds them. */
  resolve(from: Host, name: string, found: (ips: readonly string[], problem?: string) => void): void {
    const { cause } = this.scope;
    const literal = literalAddress(name) ?? from.names?.get(name);
    if (literal !== undefined) found([literal]);
    else this.lookUp(from, name, { passage: from.dns && this.traffic.begin(from.label), found });
    this.scope.resumeCause(cause);
  }

  private attempt(
    from: Host,
    target: DialTarget,
    { connected, failed, passage }: DialEvents & { readonly passage: Passage | undefined },
  ): () => void {
    let over = false;
    const stops: (() => void)[] = [];
    const later = (delayMs: number, run: () => void): void => {
      stops.push(
        this.scope.schedule(delayMs, () => {
          if (!over) run();
        }),
      );
    };
    const attempt: Attempt = {
      from,
      port: target.port,
      passage,
      later,
      fail: (failure, afterMs) =>
        later(Math.min(afterMs, target.timeoutMs ?? afterMs), () => {
          over = true;
          failed(target.timeoutMs !== undefined && target.timeoutMs < afterMs ? timedOut : failure);
        }),
      connected: (socket) => {
        over = true;
        connected(socket);
      },
    };
    const found = (ips: readonly string[], problem = 'no such host'): void => {
      if (over) return;
      const [ip] = ips;
      if (ip !== undefined) this.open(attempt, ip);
      else attempt.fail({ kind: 'unknown-host', message: `${from.lookupOf(target.host)}: ${problem}` }, 0);
    };
    const literal = literalAddress(target.host) ?? from.names?.get(target.host);
    if (literal !== undefined) found([literal]);
    else this.lookUp(from, target.host, { passage, found });
    return () => {
      over = true;
      for (const stop of stops) stop();
    };
  }

  /** Asks a name server. */
  private lookUp(
    from: Host,
    name: string,
    {
      passage,
      found,
    }: {
      readonly passage: Passage | undefined;
      readonly found: (ips: readonly string[], problem?: string) => void;
    },
  ): void {
    const { dns } = from;
    if (!dns) {
      this.scope.schedule(this.delay('outside'), () => found(outsideNames.get(name.replace(/\.$/, '')) ?? []));
      return;
    }
    const asked = dns.servers.map((ip) => this.nameServerFor(from, ip));
    const reached = asked.find((one) => one.kind === 'reached');
    if (reached) {
      const { ips, queries } = resolveName(name, dns, (query) => reached.server.lookup(query));
      passage?.ask(reached.label, name, ips.join(', ') || 'no such host');
      this.scope.schedule(2 * queries * this.delay('cluster'), () => found(ips));
      return;
    }
    const refused = asked.some(({ kind }) => kind === 'refused');
    const [first] = asked;
    if (first && first.kind !== 'reached') passage?.lose(`name server ${dns.servers[0]}`, first.reason);
    if (refused) this.scope.schedule(this.delay('cluster'), () => found([], 'read: connection refused'));
    else this.scope.schedule(dnsTimeoutMs, () => found([], 'i/o timeout'));
  }

  /** Sends the first packet to an address and sees what becomes of it. */
  private open(attempt: Attempt, ip: string): void {
    const { from, port, passage } = attempt;
    const own = isOwn(from, ip);
    const sourceIp = from.ips[0] ?? '127.0.0.1';
    const dialed: Dialed = { ip, port, protocol: 'TCP', sourceIp, fromCluster: from.node !== undefined };
    const route = this.routeOf(from, dialed, own);
    if (!route && !own && !this.topology.canReachDirectly(from, ip)) {
      passage?.lose(`${ip}:${port}`, 'a pod’s address means nothing outside of its cluster');
      this.timeOut(attempt);
    } else if (!route)
      this.deliver(attempt, { ip: own ? sourceIp : ip, segment: from.segment, port, dialed: ip, sourceIp });
    else {
      passage?.route(route);
      if (route.kind === 'reject') attempt.fail(refused, 2 * this.delay('cluster'));
      else if (route.kind === 'drop') this.timeOut(attempt);
      else {
        const seenAs = route.masquerade ? (this.topology.machine(route.node)?.ips[0] ?? sourceIp) : sourceIp;
        const { ip: target, port: targetPort, segment } = route;
        this.deliver(attempt, { ip: target, segment, port: targetPort, dialed: ip, sourceIp: seenAs });
      }
    }
  }

  /** What rules make of it: the client's own node's, or those of the machine that has the address. */
  private routeOf(from: Host, dialed: Dialed, own: boolean): RouteVia | undefined {
    const { node = '', segment } = from;
    const proxy = from.node === undefined ? undefined : this.proxies.get(node);
    const service = proxy?.route(dialed);
    if (service) return { ...service, node, segment, by: [] };
    if (!own) return this.routeAtTarget(from, dialed);
    const ownPort = from.isNode && !from.listener(dialed.port) ? proxy?.routeNodePort(dialed) : undefined;
    return ownPort && { ...ownPort, node, segment, by: [] };
  }

  /** Node ports of the machine that has the address, or a load balancer's address that some node answers for. */
  private routeAtTarget(from: Host, dialed: Dialed): RouteVia | undefined {
    const host = this.topology.find(from.segment, dialed.ip);
    if (host) {
      const { node = '', segment } = host;
      const proxy = host.isNode ? this.proxies.get(node) : undefined;
      if (!proxy || host.listener(dialed.port) || this.topology.cutBetween(from, host) !== undefined) return undefined;
      const route = proxy.routeNodePort(dialed);
      return route && { ...route, node, segment, by: [`kube-proxy/${node}`] };
    }
    if (from.node !== undefined) return undefined;
    const serving = [...this.proxies].filter(
      ([node, proxy]) => !this.topology.isCutOff(node) && proxy.serves(dialed.ip, dialed.port),
    );
    const [node = '', proxy] = this.random.pick(serving) ?? [];
    const route = proxy?.route(dialed);
    const segment = this.topology.machine(node)?.segment ?? '';
    return route && { ...route, node, segment, by: [`balancer/${route.service}`, `kube-proxy/${node}`] };
  }

  private deliver(attempt: Attempt, to: Delivery): void {
    const { from, passage } = attempt;
    const host = from.ips.includes(to.ip) || to.ip === '127.0.0.1' ? from : this.topology.find(to.segment, to.ip);
    const address = `${to.ip}:${to.port}`;
    if (!host) {
      passage?.lose(address, 'nobody has this address');
      if (this.topology.isNeighbour(from, to.ip)) attempt.fail(noRoute, noRouteMs);
      else this.timeOut(attempt);
      return;
    }
    const cut = this.topology.cutBetween(from, host);
    const block = cut === undefined ? this.blockBetween(from, host, to) : undefined;
    if (cut !== undefined) passage?.lose(address, cut);
    if (block) passage?.block(block, block.direction === 'egress' ? from : host);
    if (cut !== undefined || block) {
      this.timeOut(attempt);
      return;
    }
    this.connect(attempt, host, to);
  }

  private connect(attempt: Attempt, host: Host, to: Delivery): void {
    const { from, passage } = attempt;
    const delayMs = this.delay(distance(from, host));
    const way = { delayMs, open: () => this.topology.cutBetween(from, host) === undefined };
    attempt.later(delayMs, () => {
      const listener = host.listener(to.port);
      const arrived = { by: host.label, subject: `port ${to.port}`, to: [host.label] };
      if (!listener || host.closed) {
        passage?.tell({ ...arrived, action: 'refuse', detail: `nothing listens on port ${to.port}` });
        attempt.fail(refused, delayMs);
        return;
      }
      passage?.tell({ ...arrived, action: 'accept' });
      const client = { ip: to.sourceIp, port: this.ephemeralPort() };
      const ends = connect(this.scope, way, { client, server: { ip: to.dialed, port: attempt.port } });
      passage?.follow(ends, { from: from.label, to: host.label });
      from.hold(ends.client);
      host.hold(ends.server);
      // Scheduled before accept, so that the client hears of the connection before it hears of data.
      attempt.later(delayMs, () => attempt.connected(ends.client));
      listener.accept(ends.server);
    });
  }

  /** The policies that hold a connection up where it leaves, or where it comes in. */
  private blockBetween(from: Host, host: Host, { ip, port, sourceIp }: Delivery): Block | undefined {
    // What a node's own processes (its kubelet's probes) send to its own pods is never held up.
    if (from === host || (from.isNode && from.node === host.node)) return undefined;
    const source = from.ips.includes(sourceIp) ? endOf(from, sourceIp) : { ip: sourceIp };
    const packet = { source, destination: endOf(host, ip), port, protocol: 'TCP' as const };
    for (const direction of ['egress', 'ingress'] as const) {
      const end = direction === 'egress' ? from : host;
      const policies = end.isNode ? undefined : this.filters.get(end.node ?? '')?.blockedBy({ ...packet, direction });
      if (policies) return { direction, policies };
    }
    return undefined;
  }

  private nameServerFor(from: Host, ip: string): AskedServer {
    const sourceIp = from.ips[0] ?? '';
    const dialed: Dialed = { ip, port: 53, protocol: 'UDP', sourceIp, fromCluster: true };
    const route = this.proxies.get(from.node ?? '')?.route(dialed);
    if (route?.kind === 'reject') return { kind: 'refused', reason: noEndpoints };
    if (route?.kind === 'drop') return { kind: 'lost', reason: noLocalEndpoint };
    const at = route?.ip ?? ip;
    const host = this.topology.find(from.segment, at);
    const isCut = host ? this.topology.cutBetween(from, host) !== undefined : this.topology.isCutOff(from.node);
    if (isCut) return { kind: 'lost', reason: `${from.node} is cut off from the network` };
    const destination = host ? endOf(host, at) : { ip: at };
    const packet = { source: endOf(from, sourceIp), destination, port: 53, protocol: 'UDP' as const };
    const policies = from.isNode
      ? undefined
      : this.filters.get(from.node ?? '')?.blockedBy({ ...packet, direction: 'egress' });
    if (policies) return { kind: 'lost', reason: blockText({ direction: 'egress', policies }) };
    const server = this.nameServers.get(`${from.segment}/${at}`);
    return server
      ? { kind: 'reached', server, label: host?.label ?? 'coredns' }
      : { kind: 'lost', reason: 'no name server answers at this address' };
  }

  private timeOut(attempt: Attempt): void {
    attempt.fail(kernelTimedOut, connectTimeoutMs);
  }

  private ephemeralPort(): number {
    this.nextPort = this.nextPort >= 60_999 ? 32_768 : this.nextPort + 1;
    return this.nextPort;
  }

  private delay(kind: keyof typeof delaysMs): number {
    return this.random.jitter(delaysMs[kind], 0.5);
  }
}

function endOf(host: Host, ip: string): PacketEnd {
  return { ip, pod: host.pod };
}

function isOwn(host: Host, address: string): boolean {
  return host.ips.includes(address) || address.startsWith('127.') || address === '::1' || address === 'localhost';
}

function literalAddress(name: string): string | undefined {
  if (name === 'localhost' || name.endsWith('.localhost')) return '127.0.0.1';
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':') ? name.replace(/^\[|\]$/g, '') : undefined;
}

function distance(a: Host, b: Host): keyof typeof delaysMs {
  if (a === b) return 'host';
  if (a.node !== undefined && a.node === b.node) return 'machine';
  return a.id.startsWith('outside/') || b.id.startsWith('outside/') ? 'outside' : 'cluster';
}
