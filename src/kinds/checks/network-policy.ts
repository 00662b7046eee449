// What is wrong with NetworkPolicies.
import type { NetworkPolicy, NetworkPolicyPeer } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { cidrWarnings } from '../validation/ip-address.ts';
import { validateNetworkPolicy } from '../validation/network-policies.ts';

export const networkPolicyChecks = defineChecks<NetworkPolicy>({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  warnings: rangeWarnings,
  validate: (object, errors) => validateNetworkPolicy(object, errors),
  validateUpdate: (object, old, errors) => validateNetworkPolicy(object, errors, old),
});

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
