// NetworkPolicies: which traffic reaches and leaves pods.
import type { NetworkPolicy, NetworkPolicyPort } from '../api/generated/types.ts';
import { ageColumn, nameColumn, selectorText, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { change, changeAll, fill } from './share.ts';

/** What the server knows about NetworkPolicies. */
export const networkPolicy = defineKind<NetworkPolicy>({
  ...specGeneration,
  exactGeneration: true,
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  defaults: (policy) =>
    change(policy, 'spec', (given) => {
      let spec = change(given, 'ingress', (rules) => changeAll(rules, (rule) => change(rule, 'ports', portDefaults)));
      spec = change(spec, 'egress', (rules) => changeAll(rules, (rule) => change(rule, 'ports', portDefaults)));
      if ((spec.policyTypes?.length ?? 0) > 0) return spec;
      return { ...spec, policyTypes: (spec.egress?.length ?? 0) > 0 ? ['Ingress', 'Egress'] : ['Ingress'] };
    }),
  columns: [
    nameColumn,
    textColumn('Pod-Selector', 'Pods that it is about.', ({ spec }) => selectorText(spec?.podSelector)),
    ageColumn,
  ],
});

function portDefaults(ports: readonly NetworkPolicyPort[]): readonly NetworkPolicyPort[] {
  return changeAll(ports, (port) => fill(port, { protocol: 'TCP' }));
}
