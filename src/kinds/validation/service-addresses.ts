// ServiceCIDRs and IPAddresses.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import type { IPAddress, ParentReference, ServiceCIDR } from '../../api/generated/types.ts';
import { dns1123Subdomain, pathSegmentName } from '../../api/names.ts';
import { parseIpRange } from '../../base/ip-address.ts';
import { internalForm } from '../internal-form.ts';
import { complain, requireName } from './checks.ts';
import { canonicalIpComplaints, validateCanonicalCidr } from './ip-address.ts';

const immutableText = 'field is immutable';

/** What is wrong with the name of an IPAddress: it is the address itself. */
export function addressName(name: string): readonly string[] {
  return canonicalIpComplaints(name);
}

/** Adds what is wrong with the use of an address. */
export function validateIPAddress({ spec }: IPAddress, errors: FieldError[]): void {
  const parent = spec?.parentRef;
  if (parent) validateParent(errors, 'spec.parentRef', parent);
  else errors.push(required('spec.parentRef'));
}

/** Adds what is wrong with changing the use of an address so. */
export function validateIPAddressUpdate(address: IPAddress, old: IPAddress, errors: FieldError[]): void {
  validateIPAddress(address, errors);
  const parent = address.spec?.parentRef;
  if (alike(parent, old.spec?.parentRef)) return;
  const shown = parent ? internalForm('networking_ParentReference', parent) : null;
  errors.push(invalid('spec.parentRef', shown, immutableText));
}

/** Adds what is wrong with ranges of Services' addresses. */
export function validateServiceCIDR({ spec }: ServiceCIDR, errors: FieldError[]): void {
  const field = 'spec.cidrs';
  const ranges = spec?.cidrs ?? [];
  if (ranges.length === 0) return void errors.push(required(field, 'at least one CIDR required'));
  if (ranges.length > 2) {
    const value = internalForm('networking_ServiceCIDRSpec', spec ?? {});
    return void errors.push(invalid(field, value, 'may only hold up to 2 values'));
  }
  for (const [i, range] of ranges.entries()) validateCanonicalCidr(errors, `${field}[${i}]`, range);
  const families = ranges.map((range) => parseIpRange(range, { loose: true })?.address.bytes.length);
  if (ranges.length < 2 || families[0] === undefined || families[0] !== families[1]) return;
  const detail = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
  errors.push(invalid(field, ranges, detail));
}

/** Adds what is wrong with changing ranges so: a second one may come, for the other family. */
export function validateServiceCIDRUpdate(ranges: ServiceCIDR, old: ServiceCIDR, errors: FieldError[]): void {
  const [wanted, before] = [ranges.spec?.cidrs ?? [], old.spec?.cidrs ?? []];
  const grows = before.length === 1 && wanted.length === 2;
  if (wanted.length !== before.length && !grows)
    return void errors.push(invalid('spec.cidrs', wanted.length > 0 ? wanted : null, immutableText));
  for (const [i, range] of before.entries())
    if (wanted[i] !== range) errors.push(invalid(`spec.cidrs[${i}]`, wanted[i], immutableText));
  if (grows) validateServiceCIDR(ranges, errors);
}

function validateParent(errors: FieldError[], field: string, parent: ParentReference): void {
  const { group, resource, name, namespace } = parent;
  if (group) complain(errors, `${field}.group`, group, dns1123Subdomain(group));
  requireName(errors, `${field}.resource`, { name: resource, valid: pathSegmentName });
  requireName(errors, `${field}.name`, { name, valid: pathSegmentName });
  if (namespace) complain(errors, `${field}.namespace`, namespace, pathSegmentName(namespace));
}
