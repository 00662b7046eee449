// The service rules of one node, worked out when a connection is made from services and endpoint slices.
//
//   10.96.3.7:80 ──service shop/web, port http──▶ ready endpoints of its slices ──one at random──▶ 10.244.2.9:8080
//
// Topology hints and loadBalancerSourceRanges are left out: all endpoints and all sources count alike.
import type { Endpoint, EndpointSlice, Service, ServicePort } from '../../api/generated/types.ts';
import { keyOf, type Lister } from '../client/store.ts';
import type { Scope } from '../sim/scope.ts';
import type { Dialed, NodeProxy, Route } from './route.ts';

/** What can be indexed: an informer, or a store. */
interface Indexed<T> {
  addIndex(name: string, of: (object: T) => readonly string[]): void;
}

/** The indexes that rules need. */
export function indexForRules(services: Indexed<Service>, slices: Indexed<EndpointSlice>): void {
  services.addIndex('address', addressesOf);
  services.addIndex('nodePort', nodePortsOf);
  indexByService(slices);
}

/** Finds slices by `namespace/service`. */
export function indexByService(slices: Indexed<EndpointSlice>): void {
  slices.addIndex('service', ({ metadata }) => [
    `${metadata?.namespace ?? ''}/${metadata?.labels?.['kubernetes.io/service-name'] ?? ''}`,
  ]);
}

const sessionsMax = 10_000;

interface Target {
  readonly ip: string;
  readonly port: number;
}

export class ServiceRules implements NodeProxy {
  /** Endpoint by service port and client, while their session lasts. */
  private readonly sessions = new Map<string, Target & { readonly until: number }>();
  private readonly random;

  constructor(
    private readonly scope: Scope,
    private readonly node: string,
    private readonly services: Lister<Service>,
    private readonly slices: Lister<EndpointSlice>,
  ) {
    this.random = scope.random(`${scope.name}/endpoints`);
  }

  route(dialed: Dialed): Route | undefined {
    for (const service of this.services.by('address', dialed.ip)) {
      const port = service.spec?.ports?.find(
        (candidate) => speaks(candidate, dialed) && candidate.port === dialed.port,
      );
      if (!port) continue;
      const internal = clusterIpsOf(service).includes(dialed.ip);
      return this.choose(service, port, { dialed, external: !internal });
    }
    return undefined;
  }

  routeNodePort(dialed: Dialed): Route | undefined {
    for (const service of this.services.by('nodePort', String(dialed.port))) {
      const port = service.spec?.ports?.find(
        (candidate) => speaks(candidate, dialed) && candidate.nodePort === dialed.port,
      );
      if (port) return this.choose(service, port, { dialed, external: true });
    }
    return undefined;
  }

  serves(ip: string, port: number): boolean {
    for (const service of this.services.by('address', ip)) {
      if (clusterIpsOf(service).includes(ip) || !service.spec?.ports?.some((candidate) => candidate.port === port))
        continue;
      if (service.spec.externalTrafficPolicy !== 'Local') return true;
      return this.endpointsOf(service).some(
        ({ nodeName, conditions }) => nodeName === this.node && isReady(conditions),
      );
    }
    return false;
  }

  private choose(
    service: Service,
    port: ServicePort,
    { dialed, external }: { readonly dialed: Dialed; readonly external: boolean },
  ): Route {
    const { spec } = service;
    // Seen from within the cluster, an external address is as good as the cluster IP.
    const policy = external
      ? dialed.fromCluster
        ? 'Cluster'
        : spec?.externalTrafficPolicy
      : spec?.internalTrafficPolicy;
    const local = policy === 'Local';
    const all = this.targets(service, port, false);
    const usable = local ? this.targets(service, port, true) : all;
    const key = keyOf(service);
    if (usable.length === 0) return { kind: local && all.length > 0 ? 'drop' : 'reject', service: key };
    const target = this.remembered(service, port, dialed.sourceIp, usable) ?? this.random.pick(usable);
    if (!target) return { kind: 'reject', service: key };
    this.remember(service, port, dialed.sourceIp, target);
    const masquerade = external && spec?.externalTrafficPolicy !== 'Local';
    return { kind: 'to', service: key, ...target, masquerade, endpoints: usable.length };
  }

  /** Ready endpoints; when there are none, those that still serve while they terminate. */
  private targets(service: Service, port: ServicePort, onlyLocal: boolean): readonly Target[] {
    const ready: Target[] = [];
    const terminating: Target[] = [];
    for (const slice of this.slices.by('service', keyOf(service))) {
      const number = slice.ports?.find(({ name }) => (name ?? '') === (port.name ?? ''))?.port;
      if (number === undefined || slice.addressType !== 'IPv4') continue;
      for (const { addresses, conditions, nodeName } of slice.endpoints ?? []) {
        const [ip] = addresses;
        if (ip === undefined || (onlyLocal && nodeName !== this.node)) continue;
        if (isReady(conditions)) ready.push({ ip, port: number });
        else if (conditions?.serving && conditions.terminating) terminating.push({ ip, port: number });
      }
    }
    return ready.length > 0 ? ready : terminating;
  }

  private endpointsOf(service: Service): readonly Endpoint[] {
    return [...this.slices.by('service', keyOf(service))].flatMap(({ endpoints }) => endpoints ?? []);
  }

  private remembered(
    service: Service,
    port: ServicePort,
    client: string,
    usable: readonly Target[],
  ): Target | undefined {
    if (service.spec?.sessionAffinity !== 'ClientIP') return undefined;
    const session = this.sessions.get(sessionKey(service, port, client));
    if (!session || session.until < this.scope.now) return undefined;
    return usable.find(({ ip, port: number }) => ip === session.ip && number === session.port);
  }

  private remember(service: Service, port: ServicePort, client: string, target: Target): void {
    if (service.spec?.sessionAffinity !== 'ClientIP') return;
    const seconds = service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
    if (this.sessions.size >= sessionsMax) this.sessions.clear();
    this.sessions.set(sessionKey(service, port, client), { ...target, until: this.scope.now + seconds * 1000 });
  }
}

function sessionKey(service: Service, port: ServicePort, client: string): string {
  return `${keyOf(service)}/${port.name ?? ''}/${client}`;
}

function speaks({ protocol }: ServicePort, dialed: Dialed): boolean {
  return (protocol ?? 'TCP') === dialed.protocol;
}

function isReady(conditions: Endpoint['conditions']): boolean {
  return conditions?.ready !== false;
}

function clusterIpsOf({ spec }: Service): readonly string[] {
  const ips = spec?.clusterIPs ?? (spec?.clusterIP === undefined ? [] : [spec.clusterIP]);
  return ips.filter((ip) => ip !== 'None' && ip !== '');
}

/** A headless service has no address of its own; external names have no rules at all. */
function addressesOf(service: Service): readonly string[] {
  const { spec, status } = service;
  const clusterIps = clusterIpsOf(service);
  if (clusterIps.length === 0 || spec?.type === 'ExternalName') return [];
  const balancers = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
    ip === undefined || ipMode === 'Proxy' ? [] : [ip],
  );
  return [...clusterIps, ...(spec?.externalIPs ?? []), ...balancers];
}

function nodePortsOf({ spec }: Service): readonly string[] {
  return (spec?.ports ?? []).flatMap(({ nodePort }) => (nodePort === undefined ? [] : [String(nodePort)]));
}
