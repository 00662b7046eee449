// CoreDNS of a cluster: a pod's, or a process of the control plane's node that has the service's own address.
import type { Pod } from '../api/generated/types.ts';
import type { NetworkHost } from '../api/network.ts';
import type { UserInfo } from '../api/request.ts';
import { Client } from './client/client.ts';
import { InformerFactory } from './client/informer.ts';
import { type Link, Transport } from './client/transport.ts';
import { openDnsPorts } from './components/port-code.ts';
import { userOf } from './control-plane.ts';
import { startClusterDns } from './network/dns.ts';
import type { SimulatedNetwork } from './network/network.ts';
import type { Scope } from './sim/scope.ts';

export interface DnsServer {
  readonly scope: Scope;
  readonly link: Link;
  readonly network: SimulatedNetwork;
  /** Its pod's, or the service's own. */
  readonly ip: string;
  /** Its account, or that of the machine's admin.conf. */
  readonly user: UserInfo;
  /** Where its other ports are; undefined: it has none, as the service's address leads to names alone. */
  readonly host?: NetworkHost | undefined;
}

export function startDnsServer({ scope, link, network, ip, user, host }: DnsServer): void {
  const client = new Client(new Transport(scope, link), { user, userAgent: 'CoreDNS/1.14.0' });
  const tally = { found: 0, missing: 0 };
  startClusterDns({ scope, informers: new InformerFactory(scope, client), network, ip, tally });
  if (host) openDnsPorts(host, scope, tally);
}

export const dnsIp = '10.96.0.10';

/** CoreDNS beside the pods is what policies mean that let pods of kube-system's DNS through. */
export const dnsStandIn: Pod = {
  metadata: { namespace: 'kube-system', name: 'coredns', labels: { 'k8s-app': 'kube-dns' } },
  spec: { containers: [] },
  status: { podIP: dnsIp },
};

export const dnsAccount = userOf(
  'system:serviceaccount:kube-system:coredns',
  'system:serviceaccounts',
  'system:serviceaccounts:kube-system',
);
