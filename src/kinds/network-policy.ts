// NetworkPolicies: which traffic reaches and leaves pods.
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../api/generated/types.ts';
import { ageColumn, nameColumn, selectorText, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { change, changeAll, fill } from './share.ts';
import { cidrWarnings } from './validation/ip-address.ts';
import { validateNetworkPolicy } from './validation/network-policies.ts';

/** What the server knows about NetworkPolicies. */
export const networkPolicy = defineKind<NetworkPolicy>({
  ...specGeneration,
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  defaults: (policy) =>
    change(policy, 'spec', (given) => {
      let spec = change(given, 'ingress', (rules) => changeAll(rules, (rule) => change(rule, 'ports', portDefaults)));
      spec = change(spec, 'egress', (rules) => changeAll(rules, (rule) => change(rule, 'ports', portDefaults)));
      if ((spec.policyTypes?.length ?? 0) > 0) return spec;
      return { ...spec, policyTypes: (spec.egress?.length ?? 0) > 0 ? ['Ingress', 'Egress'] : ['Ingress'] };
    }),
  warnings: rangeWarnings,
  validate: (object, errors) => validateNetworkPolicy(object, errors),
  validateUpdate: (object, old, errors) => validateNetworkPolicy(object, errors, old),
  columns: [
    nameColumn,
    textColumn('Pod-Selector', 'Pods that it is about.', ({ spec }) => selectorText(spec?.podSelector)),
    ageColumn,
  ],
});

function portDefaults(ports: readonly NetworkPolicyPort[]): readonly NetworkPolicyPort[] {
  return changeAll(ports, (port) => fill(port, { protocol: 'TCP' }));
}

/** Ranges that are not written as they should be. */
function rangeWarnings({ spec }: NetworkPolicy): readonly string[] {
  const of = (field: string, peers: readonly NetworkPolicyPeer[] | undefined): readonly string[] =>
    (peers ?? []).flatMap(({ ipBlock }, j) => {
      const at = `${field}[${j}].ipBlock`;
      const except = ipBlock?.except?.flatMap((range, k) => cidrWarnings(`${at}.except[${k}]`, range)) ?? [];
      return ipBlock ? [...cidrWarnings(`${at}.cidr`, ipBlock.cidr ?? ''), ...except] : [];
    });
  return [
    ...(spec?.ingress ?? []).flatMap(({ from }, i) => of(`spec.ingress[${i}].from`, from)),
    ...(spec?.egress ?? []).flatMap(({ to }, i) => of(`spec.egress[${i}].to`, to)),
  ];
}
