// CoreDNS: names of services and pods under cluster.local, from its own informers; anything else it asks the outside.
//
//   web.shop.svc.cluster.local          the service's address, or its ready endpoints' when it is headless
//   web-0.web.shop.svc.cluster.local    one endpoint of a headless service, by hostname (or by 10-244-1-5)
//   10-244-1-5.shop.pod.cluster.local   the address itself
import { endpointSlices, namespaces, services } from '../../api/generated/resources.ts';
import type { Endpoint, EndpointSlice, Namespace, Service } from '../../api/generated/types.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Lister } from '../client/store.ts';
import type { Scope } from '../sim/scope.ts';
import type { SimulatedNetwork } from './network.ts';
import { outsideNames } from './outside.ts';
import type { NameServer } from './route.ts';
import { indexByService } from './service-rules.ts';

export interface ClusterDnsOptions {
  readonly scope: Scope;
  readonly informers: InformerFactory;
  readonly network: SimulatedNetwork;
  /** Where it listens: a pod's address, or the DNS service's own while no kube-proxy leads elsewhere. */
  readonly ip: string;
  /** Counts what it is asked. */
  readonly tally?: { found: number; missing: number } | undefined;
}

/** Starts answering, from what its informers know by then, until its scope stops. */
export function startClusterDns({ scope, informers, network, ip, tally }: ClusterDnsOptions): void {
  const sliceInformer = informers.informer(endpointSlices);
  indexByService(sliceInformer);
  const server = clusterNames({
    services: informers.informer(services).lister,
    slices: sliceInformer.lister,
    namespaces: informers.informer(namespaces).lister,
  });
  scope.onStop(network.serveNames(ip, tally ? counted(server, tally) : server));
}

function counted(server: NameServer, tally: NonNullable<ClusterDnsOptions['tally']>): NameServer {
  return {
    lookup(name) {
      const answer = server.lookup(name);
      if (answer) tally.found++;
      else tally.missing++;
      return answer;
    },
  };
}

const chainMax = 8;

/** The names of a cluster; `slices` must be indexed by service. */
export function clusterNames(known: Known, domain = 'cluster.local'): NameServer {
  const records = new Records(known);
  return {
    lookup: (name) => {
      let wanted = name;
      for (let i = 0; i < chainMax; i++) {
        if (!wanted.endsWith(`.${domain}`)) return outsideNames.get(wanted);
        const answer = records.lookup(wanted.slice(0, -domain.length - 1).split('.'));
        if (typeof answer !== 'string') return answer;
        wanted = answer.toLowerCase().replace(/\.$/, '');
      }
      return undefined;
    },
  };
}

interface Known {
  readonly services: Lister<Service>;
  readonly slices: Lister<EndpointSlice>;
  readonly namespaces: Lister<Namespace>;
}

class Records {
  constructor(private readonly known: Known) {}

  /** Addresses, another name to look up instead, or undefined. */
  lookup(labels: readonly string[]): readonly string[] | string | undefined {
    const kind = labels.at(-1);
    const namespace = labels.at(-2) ?? '';
    const name = labels.at(-3) ?? '';
    if (kind === 'pod' && labels.length === 3) return this.podAddress(namespace, name);
    if (kind !== 'svc' || labels.length < 3 || labels.length > 4) return undefined;
    const service = this.known.services.get(`${namespace}/${name}`);
    if (!service) return undefined;
    const { spec } = service;
    const [hostname] = labels.length === 4 ? labels : [];
    if (spec?.type === 'ExternalName') return hostname === undefined ? spec.externalName : undefined;
    const headless = spec?.clusterIP === 'None';
    if (!headless) return hostname === undefined && spec?.clusterIP ? [spec.clusterIP] : undefined;
    const endpoints = this.endpointsOf(`${namespace}/${name}`);
    const chosen = hostname === undefined ? endpoints : endpoints.filter((endpoint) => answersTo(endpoint, hostname));
    return chosen.length === 0 ? undefined : chosen.flatMap(({ addresses }) => addresses);
  }

  private endpointsOf(key: string): readonly Endpoint[] {
    return [...this.known.slices.by('service', key)].flatMap(({ endpoints }) =>
      (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false),
    );
  }

  private podAddress(namespace: string, dashed: string): readonly string[] | undefined {
    if (!this.known.namespaces.get(namespace) || !/^\d{1,3}(-\d{1,3}){3}$/.test(dashed)) return undefined;
    return [dashed.replaceAll('-', '.')];
  }
}

function answersTo({ hostname, addresses }: Endpoint, label: string): boolean {
  return hostname === undefined || hostname === ''
    ? addresses.some((ip) => ip.replaceAll('.', '-') === label)
    : hostname.toLowerCase() === label;
}
