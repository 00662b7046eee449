// What upstream warns of in Services: fields that do nothing, addresses that are not written as they should be.
import type { Service } from '../api/generated/types.ts';
import { quote } from '../base/go/quote.ts';
import { cidrWarnings, ipWarnings } from './validation/ip-address.ts';

/** Warnings about a service. */
export function serviceWarnings({ metadata, spec = {} }: Service): readonly string[] {
  const { type, clusterIP = '', clusterIPs = [], externalIPs = [], loadBalancerIP = '', externalName = '' } = spec;
  const headless = type === 'ClusterIP' && clusterIP === 'None';
  const outside = type === 'ExternalName';
  const warnings: string[] = [];
  if (metadata?.annotations && Object.hasOwn(metadata.annotations, oldHints))
    warnings.push(`annotation ${oldHints} is deprecated, please use service.kubernetes.io/topology-mode instead`);
  if (clusterIP !== '' && clusterIP !== 'None')
    warnings.push(...clusterIPs.flatMap((ip, i) => ipWarnings(`spec.clusterIPs[${i}]`, ip)));
  if (headless) {
    if (loadBalancerIP !== '') warnings.push('spec.loadBalancerIP is ignored for headless services');
    if (externalIPs.length > 0) warnings.push('spec.externalIPs is ignored for headless services');
    if (spec.sessionAffinity !== 'None') warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  warnings.push(...externalIPs.flatMap((ip, i) => ipWarnings(`spec.externalIPs[${i}]`, ip)));
  if (externalIPs.length > 0 && !headless && !outside)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  if (loadBalancerIP !== '') warnings.push(...ipWarnings('spec.loadBalancerIP', loadBalancerIP));
  for (const [i, range] of (spec.loadBalancerSourceRanges ?? []).entries())
    warnings.push(...cidrWarnings(`spec.loadBalancerSourceRanges[${i}]`, range));
  if (outside && externalIPs.length > 0) warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!outside && externalName !== '')
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === 'PreferClose')
    warnings.push(`spec.trafficDistribution: ${quote('PreferClose')} is deprecated; use ${quote('PreferSameZone')}`);
  return warnings;
}

const oldHints = 'service.kubernetes.io/topology-aware-hints';
