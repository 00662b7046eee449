// kube-proxy: keeps one node's service rules, from what its own informers know of services and endpoints.
import { endpointSlices, services } from '../../api/generated/resources.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Scope } from '../sim/scope.ts';
import type { SimulatedNetwork } from './network.ts';
import type { NodeProxy } from './route.ts';
import { indexForRules, ServiceRules } from './service-rules.ts';

export interface KubeProxyOptions {
  readonly scope: Scope;
  readonly informers: InformerFactory;
  readonly network: SimulatedNetwork;
  /** Whose rules these are. */
  readonly node: string;
  /** Load balancers leave the node out, as those marked exclude-from-external-load-balancers. */
  readonly excluded?: boolean | undefined;
}

/** Starts a proxy. When its scope stops, the rules stay as they were: connections go on to endpoints that may be gone. */
export function startKubeProxy({ scope, informers, network, node, excluded }: KubeProxyOptions): void {
  const [serviceInformer, sliceInformer] = [informers.informer(services), informers.informer(endpointSlices)];
  indexForRules(serviceInformer, sliceInformer);
  const rules = new ServiceRules(scope, node, serviceInformer.lister, sliceInformer.lister);
  const inner: NodeProxy = {
    route: (dialed) => rules.route(dialed),
    routeNodePort: (dialed) => rules.routeNodePort(dialed),
    serves: () => false,
  };
  network.setProxy(node, excluded ? inner : rules);
}
