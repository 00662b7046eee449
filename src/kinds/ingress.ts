// Ingresses.
import type { Ingress, IngressRule } from '../api/generated/types.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { assign } from './share.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { loadBalancerAddresses } from './load-balancer-addresses.ts';

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
  const hosts = rules.flatMap(({ host }) => host || []);
  if (hosts.length === 0) return '*';
  const shown = hosts.slice(0, 3);
  const more = shown.length === 3 && rules.length > 3;
  return more ? `${shown.join(',')} + ${rules.length - 3} more...` : shown.join(',');
}
