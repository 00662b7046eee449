// kube-proxy: keeps one node's service rules, from what its own informers know of services and endpoints.
import { endpointSlices, services } from '../../api/generated/resources.ts';
import type { InformerFactory } from '../client/informer.ts';
import type { Scope } from '../sim/scope.ts';
import type { SimulatedNetwork } from './network.ts';
import { indexForRules, ServiceRules } from './service-rules.ts';

export interface KubeProxyOptions {
  readonly scope: Scope;
  readonly informers: InformerFactory;
  readonly network: SimulatedNetwork;
  /** Whose rules these are. */
  readonly node: string;
}

/** Starts a proxy. When its scope stops, the rules stay as they were: connections go on to endpoints that may be gone. */
export function startKubeProxy({ scope, informers, network, node }: KubeProxyOptions): void {
  const [serviceInformer, sliceInformer] = [informers.informer(services), informers.informer(endpointSlices)];
  indexForRules(serviceInformer, sliceInformer);
  network.setProxy(node, new ServiceRules(scope, node, serviceInformer.lister, sliceInformer.lister));
}
