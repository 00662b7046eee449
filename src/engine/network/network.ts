// The simulated network: hosts with addresses, connections with latency, and what happens to a dialed address on its way.
//
//   dial web.shop:80 ─DNS▶ 10.96.3.7:80 ─proxy of my node▶ 10.244.2.9:8080 ─policies, cut links▶ the pod's listener
import type { DialEvents, DialFailure, Network, NetworkHost } from '../../api/network.ts';
import type { Scope } from '../sim/scope.ts';
import { connect } from './connection.ts';
import { type Fabric, Host } from './host.ts';
import { outsideHosts, outsideNames } from './outside.ts';
import { resolveName } from './resolve-name.ts';
import type { Dialed, NameServer, NodeProxy, PacketEnd, PacketFilter, Route } from './route.ts';

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

/** A route and the address of the node whose rules made it; whose addresses it speaks of. */
type RouteVia = Route & { readonly nodeIp: string | undefined; readonly segment: string };

interface Attempt {
  readonly from: Host;
  readonly port: number;
  readonly timeoutMs: number | undefined;
  readonly connected: DialEvents['connected'];
  fail(failure: DialFailure, afterMs: number): void;
  /** Goes on after a delay, unless it was given up meanwhile. */
  later(delayMs: number, run: () => void): void;
}

class NetworkCore implements SimulatedNetwork, Fabric {
  /** By segment and address; machines are in the segment without a name. */
  private readonly byIp = new Map<string, Host>();
  /** The machines themselves, by node name. */
  private readonly nodes = new Map<string, Host>();
  /** Networks that pods and nodes are in. */
  private readonly clusterNetworks = new Set<string>();
  private readonly proxies = new Map<string, NodeProxy>();
  private readonly filters = new Map<string, PacketFilter>();
  private readonly nameServers = new Map<string, NameServer>();
  private readonly cutNodes = new Set<string>();
  private readonly random;
  private nextPort = 32768;

  constructor(private readonly scope: Scope) {
    this.random = scope.random(`${scope.name}/latency`);
  }

  attach(options: Parameters<Network['attach']>[0]): NetworkHost {
    const host = new Host(this, options);
    for (const ip of options.ips) this.byIp.set(placeOf(host, ip), host);
    if (host.isNode && host.node !== undefined) this.nodes.set(host.node, host);
    if (host.node !== undefined) for (const ip of options.ips) this.clusterNetworks.add(networkOf(ip));
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
      cut: (node, cut) => this.cut(node, cut),
      segment: (inner) => this.segment(`${name}/${inner}`),
    };
  }

  cut(node: string, cut: boolean): void {
    if (cut) this.cutNodes.add(node);
    else this.cutNodes.delete(node);
  }

  detach(host: Host): void {
    for (const ip of host.ips) if (this.byIp.get(placeOf(host, ip)) === host) this.byIp.delete(placeOf(host, ip));
    if (this.nodes.get(host.node ?? '') === host) this.nodes.delete(host.node ?? '');
  }

  dial(from: Host, target: Parameters<NetworkHost['dial']>[0], events: DialEvents): () => void {
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
      timeoutMs: target.timeoutMs,
      later,
      fail: (failure, afterMs) =>
        later(Math.min(afterMs, target.timeoutMs ?? afterMs), () => {
          over = true;
          events.failed(target.timeoutMs !== undefined && target.timeoutMs < afterMs ? timedOut : failure);
        }),
      connected: (socket) => {
        over = true;
        events.connected(socket);
      },
    };
    this.resolve(from, target.host, (ips, problem = 'no such host') => {
      if (over) return;
      const [ip] = ips;
      if (ip !== undefined) this.open(attempt, ip);
      else attempt.fail({ kind: 'unknown-host', message: `${from.lookupOf(target.host)}: ${problem}` }, 0);
    });
    return () => {
      over = true;
      for (const stop of stops) stop();
    };
  }

  /** Addresses of a name as the host's resolver finds them. */
  resolve(from: Host, name: string, found: (ips: readonly string[], problem?: string) => void): void {
    const literal = literalAddress(name) ?? from.names?.get(name);
    if (literal !== undefined) {
      found([literal]);
      return;
    }
    const { dns } = from;
    if (!dns) {
      this.scope.schedule(this.delay('outside'), () => found(outsideNames.get(name.replace(/\.$/, '')) ?? []));
      return;
    }
    const servers = dns.servers.map((ip) => this.nameServerFor(from, ip));
    const server = servers.find((candidate) => typeof candidate === 'object');
    if (!server) {
      const isRefused = servers.includes('refused');
      const problem = isRefused ? 'read: connection refused' : 'i/o timeout';
      this.scope.schedule(isRefused ? this.delay('cluster') : dnsTimeoutMs, () => found([], problem));
      return;
    }
    const { ips, queries } = resolveName(name, dns, (query) => server.lookup(query));
    this.scope.schedule(2 * queries * this.delay('cluster'), () => found(ips));
  }

  /** Sends the first packet to an address and sees what becomes of it. */
  private open(attempt: Attempt, ip: string): void {
    const { from, port } = attempt;
    const own = from.ips.includes(ip) || ip.startsWith('127.') || ip === '::1';
    const sourceIp = from.ips[0] ?? '127.0.0.1';
    const dialed: Dialed = { ip, port, protocol: 'TCP', sourceIp, fromCluster: from.node !== undefined };
    const proxy = from.node === undefined ? undefined : this.proxies.get(from.node);
    const here =
      proxy?.route(dialed) ?? (own && from.isNode && !from.listener(port) ? proxy?.routeNodePort(dialed) : undefined);
    const route = here
      ? { ...here, nodeIp: this.nodeIp(from.node), segment: from.segment }
      : own
        ? undefined
        : this.routeAtTarget(from, dialed);
    if (!route && !own && !this.canReachDirectly(from, ip)) this.timeOut(attempt);
    else if (!route)
      this.deliver(attempt, { ip: own ? sourceIp : ip, segment: from.segment, port, dialed: ip, sourceIp });
    else if (route.kind === 'reject') attempt.fail(refused, 2 * this.delay('cluster'));
    else if (route.kind === 'drop') this.timeOut(attempt);
    else {
      const seenAs = route.masquerade ? (route.nodeIp ?? sourceIp) : sourceIp;
      const { ip: target, port: targetPort, segment } = route;
      this.deliver(attempt, { ip: target, segment, port: targetPort, dialed: ip, sourceIp: seenAs });
    }
  }

  /** Node ports of the machine that has the address, or a load balancer's address that some node answers for. */
  private routeAtTarget(from: Host, dialed: Dialed): RouteVia | undefined {
    const host = this.find(from.segment, dialed.ip);
    if (host) {
      const proxy = host.isNode && host.node !== undefined ? this.proxies.get(host.node) : undefined;
      if (!proxy || host.listener(dialed.port) || this.isCut(from, host)) return undefined;
      const route = proxy.routeNodePort(dialed);
      return route && { ...route, nodeIp: host.ips[0], segment: host.segment };
    }
    if (from.node !== undefined) return undefined;
    const serving = [...this.proxies].filter(
      ([node, proxy]) => !this.cutNodes.has(node) && proxy.serves(dialed.ip, dialed.port),
    );
    const [node, proxy] = this.random.pick(serving) ?? [];
    const route = proxy?.route(dialed);
    const segment = this.nodes.get(node ?? '')?.segment ?? '';
    return route && { ...route, nodeIp: this.nodeIp(node), segment };
  }

  private deliver(
    attempt: Attempt,
    to: {
      readonly ip: string;
      readonly segment: string;
      readonly port: number;
      readonly dialed: string;
      /** Who the server sees. */
      readonly sourceIp: string;
    },
  ): void {
    const { from } = attempt;
    const host = from.ips.includes(to.ip) || to.ip === '127.0.0.1' ? from : this.find(to.segment, to.ip);
    if (!host) {
      if (this.isNeighbour(from, to.ip)) attempt.fail(noRoute, noRouteMs);
      else this.timeOut(attempt);
      return;
    }
    if (this.isCut(from, host) || !this.allowed(from, host, to)) {
      this.timeOut(attempt);
      return;
    }
    const delayMs = this.delay(distance(from, host));
    const way = { delayMs, open: () => !this.isCut(from, host) };
    attempt.later(delayMs, () => {
      const listener = host.listener(to.port);
      if (!listener || host.closed) {
        attempt.fail(refused, delayMs);
        return;
      }
      const client = { ip: to.sourceIp, port: this.ephemeralPort() };
      const ends = connect(this.scope, way, { client, server: { ip: to.dialed, port: attempt.port } });
      from.hold(ends.client);
      host.hold(ends.server);
      // Scheduled before accept, so that the client hears of the connection before it hears of data.
      attempt.later(delayMs, () => attempt.connected(ends.client));
      listener.accept(ends.server);
    });
  }

  private allowed(
    from: Host,
    host: Host,
    { ip, port, sourceIp }: { readonly ip: string; readonly port: number; readonly sourceIp: string },
  ): boolean {
    // What a node's own processes (its kubelet's probes) send to its own pods is never held up.
    if (from === host || (from.isNode && from.node === host.node)) return true;
    const source = from.ips.includes(sourceIp) ? endOf(from, sourceIp) : { ip: sourceIp };
    const packet = { source, destination: endOf(host, ip), port, protocol: 'TCP' as const };
    const leaves =
      from.isNode || (this.filters.get(from.node ?? '')?.allows({ ...packet, direction: 'egress' }) ?? true);
    return (
      leaves &&
      (host.isNode || (this.filters.get(host.node ?? '')?.allows({ ...packet, direction: 'ingress' }) ?? true))
    );
  }

  private nameServerFor(from: Host, ip: string): NameServer | 'refused' | undefined {
    const proxy = this.proxies.get(from.node ?? '');
    const dialed: Dialed = { ip, port: 53, protocol: 'UDP', sourceIp: from.ips[0] ?? '', fromCluster: true };
    const route = proxy?.route(dialed);
    if (route?.kind === 'reject') return 'refused';
    if (route?.kind === 'drop') return undefined;
    const at = route?.ip ?? ip;
    const host = this.find(from.segment, at);
    if (host ? this.isCut(from, host) : this.cutNodes.has(from.node ?? '')) return undefined;
    const packet = {
      direction: 'egress',
      source: endOf(from, dialed.sourceIp),
      destination: host ? endOf(host, at) : { ip: at },
      port: 53,
      protocol: 'UDP',
    } as const;
    if (!from.isNode && this.filters.get(from.node ?? '')?.allows(packet) === false) return undefined;
    return this.nameServers.get(`${from.segment}/${at}`);
  }

  private isCut(a: Host, b: Host): boolean {
    if (a === b || (a.node !== undefined && a.node === b.node)) return false;
    return this.cutNodes.has(a.node ?? '') || this.cutNodes.has(b.node ?? '');
  }

  /** Pods' addresses mean nothing outside of the cluster. */
  private canReachDirectly(from: Host, ip: string): boolean {
    const host = this.find(from.segment, ip);
    return from.node !== undefined || !host || host.node === undefined || host.isNode;
  }

  /** Whether somebody on the way would notice that nobody has the address. */
  private isNeighbour(from: Host, ip: string): boolean {
    if (this.cutNodes.has(from.node ?? '')) return false;
    if (from.ips.some((own) => networkOf(own) === networkOf(ip))) return true;
    return from.node !== undefined && this.clusterNetworks.has(networkOf(ip));
  }

  private find(segment: string, ip: string): Host | undefined {
    return this.byIp.get(`${segment}/${ip}`) ?? this.byIp.get(`/${ip}`);
  }

  private nodeIp(node: string | undefined): string | undefined {
    return this.nodes.get(node ?? '')?.ips[0];
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

function placeOf(host: Host, ip: string): string {
  return `${host.isNode ? '' : host.segment}/${ip}`;
}

function endOf(host: Host, ip: string): PacketEnd {
  return { ip, pod: host.pod };
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

/** Networks are /16 here: `10.244.1.5` is in `10.244`. */
function networkOf(ip: string): string {
  return ip.split('.', 2).join('.');
}
