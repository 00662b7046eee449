// Ingresses.
import type { Ingress, IngressRule } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { loadBalancerAddresses } from './load-balancer-addresses.ts';
import { assign } from './share.ts';

/** What the server knows about Ingress. */
export const ingress = defineKind<Ingress>({
  ...specGeneration,
  group: 'networking.k8s.io',
  kind: 'Ingress',
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  prepareForUpdate: (ingress, old) => assign(ingress, { status: old.status }),
  columns: [
    nameColumn,
    textColumn('Class', 'Class of the controller that serves it.', ({ spec }) => spec?.ingressClassName ?? '<none>'),
    textColumn('Hosts', 'Hosts of its rules.', ({ spec }) => hostsText(spec?.rules ?? [])),
    textColumn('Address', 'Where it is reached.', ({ status }) => {
      return loadBalancerAddresses(status?.loadBalancer?.ingress).join(',');
    }),
    textColumn('Ports', 'Ports that are open.', ({ spec }) => ((spec?.tls ?? []).length > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
});

function hostsText(rules: readonly IngressRule[]): string {
  const hosts: string[] = [];
  for (const { host } of rules) {
    if (hosts.length === 3) return `${hosts.join(',')} + ${rules.length - 3} more...`;
    if (host) hosts.push(host);
  }
  return hosts.join(',') || '*';
}
