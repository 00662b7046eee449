// Which IP families a Service gets, and what of its wishes this cluster cannot do: it has IPv4 alone. Comes before
// everything else that happens to a Service, as upstream; see initIPFamilyFields there.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid } from '../../api/field-error.ts';
import type { Service, ServiceSpec } from '../../api/generated/types.ts';
import { late } from '../../base/late.ts';
import { assign } from '../../kinds/share.ts';
import { isIpv6 } from '../../kinds/validation/ip-address.ts';

/** The cluster's own services are right. */
const checks = late('checks of services', () => import('../../kinds/validation/services.ts'));

type Families = NonNullable<ServiceSpec['ipFamilies']>;

/** A Service's spec with its families, or why there are none for it. */
export type FamilyOutcome = { readonly spec: ServiceSpec } | { readonly errors: readonly FieldError[] };

/** `old` is the Service before an update. */
export function withFamilies(given: ServiceSpec, old: Service | undefined): FamilyOutcome {
  const before = old?.spec;
  if (given.type === 'ExternalName' || keepsBothStacks(given, before)) return { spec: given };
  let spec = assign(given, { ipFamilyPolicy: given.ipFamilyPolicy ?? before?.ipFamilyPolicy ?? defaultPolicy(given) });
  const errors: FieldError[] = [];
  checks.loaded?.validateClusterIps(errors, spec, before?.clusterIPs);
  if (errors.length > 0) return { errors };
  if (before) spec = released(errors, spec, before);
  checkPolicy(errors, spec);
  const families = familiesOf(errors, spec);
  if (errors.length > 0) return { errors };
  if (isHeadless(spec) && isSelectorless(spec)) {
    const first = families[0] ?? 'IPv4';
    const both = families.length < 2 && spec.ipFamilyPolicy !== 'SingleStack';
    const ipFamilies = both ? [first, first === 'IPv4' ? 'IPv6' : 'IPv4'] : families.length > 0 ? families : [first];
    return { spec: assign(spec, { ipFamilies }) };
  }
  checkCluster(errors, spec, families);
  if (errors.length > 0) return { errors };
  return { spec: assign(spec, { ipFamilies: families.length > 0 ? families : ['IPv4'] }) };
}

const policyField = 'spec.ipFamilyPolicy';

/** Neither upgraded nor downgraded where nothing of it changes. */
function keepsBothStacks(spec: ServiceSpec, old: ServiceSpec | undefined): boolean {
  const preferred = [spec, old].every((one) => one?.ipFamilyPolicy === 'PreferDualStack');
  const same = alike(spec.clusterIPs, old?.clusterIPs) && alike(spec.ipFamilies, old?.ipFamilies);
  return old !== undefined && old.type === spec.type && preferred && same;
}

function defaultPolicy(spec: ServiceSpec): string {
  return isHeadless(spec) && isSelectorless(spec) ? 'RequireDualStack' : 'SingleStack';
}

function isHeadless({ clusterIP }: ServiceSpec): boolean {
  return clusterIP === 'None';
}

function isSelectorless({ selector = {} }: ServiceSpec): boolean {
  return Object.keys(selector).length === 0;
}

/** A single stack lets go of the second address and family; other policies may not. */
function released(errors: FieldError[], spec: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const { clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  if (ipFamilyPolicy === 'SingleStack')
    return assign(spec, {
      ...(alike(clusterIPs, old.clusterIPs) && clusterIPs.length > 1 && { clusterIPs: clusterIPs.slice(0, 1) }),
      ...(alike(ipFamilies, old.ipFamilies) && ipFamilies.length > 1 && { ipFamilies: ipFamilies.slice(0, 1) }),
    });
  const fewer = (now: readonly string[], before: readonly string[] = []): boolean =>
    now.length > 0 && before.length > now.length && now.every((one, i) => one === before[i]);
  const refuse = (what: string): void => {
    errors.push(invalid(policyField, ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`));
  };
  if (fewer(clusterIPs, old.clusterIPs)) refuse('cluster IP');
  if (fewer(ipFamilies, old.ipFamilies)) refuse('IP family');
  return spec;
}

function checkPolicy(errors: FieldError[], { clusterIPs = [], ipFamilies = [], ipFamilyPolicy }: ServiceSpec): void {
  if (ipFamilyPolicy !== 'SingleStack') return;
  const refuse = (what: string): void => {
    const detail = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`;
    errors.push(invalid(policyField, ipFamilyPolicy, detail));
  };
  if (clusterIPs.length === 2) refuse('cluster IPs');
  if (ipFamilies.length === 2) refuse('IP families');
}

/** Those that are given, and those of the addresses that are. */
function familiesOf(errors: FieldError[], { clusterIPs = [], ipFamilies = [] }: ServiceSpec): Families {
  const families = [...ipFamilies];
  for (const [i, address] of clusterIPs.entries()) {
    if (address === 'None') break;
    if (i < families.length) continue;
    if (!isIpv6(address)) families.push('IPv4');
    else errors.push(invalid(`spec.clusterIPs[${i}]`, clusterIPs, 'IPv6 is not configured on this cluster'));
  }
  return families;
}

function checkCluster(errors: FieldError[], { ipFamilyPolicy }: ServiceSpec, families: Families): void {
  if (ipFamilyPolicy === 'RequireDualStack')
    errors.push(invalid(policyField, ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
  for (const [i, family] of families.entries())
    if (family !== 'IPv4') errors.push(invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'));
}
