// IP addresses and ranges of them: what is refused, and what is only warned of.
import { type FieldError, invalid } from '../../api/field-error.ts';
import { quote } from '../../base/go/quote.ts';
import { ipRangeText, ipText, isPlainIPv4, maskedRange, parseIp, parseIpRange } from '../../base/ip-address.ts';

const notAnAddress = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const notARange = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** Whether a text is an IPv6 address. */
export function isIpv6(text: string): boolean {
  return parseIp(text, { loose: true })?.bytes.length === 16;
}

/** Whether a text is an address of either kind. */
export function isIp(text: string): boolean {
  return parseIp(text, { loose: true }) !== undefined;
}

/** Adds what is wrong with an address, whichever way it is written. Returns whether it is one. */
export function validateIp(errors: FieldError[], field: string, text = ''): boolean {
  if (isPlainIPv4(text)) return true;
  const problem = ipProblem(text);
  if (problem !== undefined) errors.push(invalid(field, text, problem));
  return problem === undefined;
}

/** As {@link validateIp}, in canonical form. */
export function validateCanonicalIp(errors: FieldError[], field: string, text: string): boolean {
  const complaints = canonicalIpComplaints(text);
  for (const complaint of complaints) errors.push(invalid(field, text, complaint));
  return complaints.length === 0;
}

/** What is wrong with an address that must be in canonical form, without the field. */
export function canonicalIpComplaints(text: string): readonly string[] {
  const problem = ipProblem(text);
  if (problem !== undefined) return [problem];
  const address = parseIp(text);
  const canonical = address ? ipText(address) : text;
  return canonical === text ? [] : [`must be in canonical form (${quote(canonical)})`];
}

function ipProblem(text: string): string | undefined {
  const address = parseIp(text, { loose: true });
  if (!address) return notAnAddress;
  if (!parseIp(text)) return 'must not have leading 0s';
  return address.mapped ? 'must not be an IPv4-mapped IPv6 address' : undefined;
}

/** A range such as `10.0.0.0/8`. Returns whether it is one. */
export function validateCidr(errors: FieldError[], field: string, text: string): boolean {
  const range = parseIpRange(text, { loose: true });
  const problem = !range
    ? notARange
    : !parseIpRange(text)
      ? 'must not have leading 0s in IP or prefix length'
      : range.address.mapped
        ? 'must not have an IPv4-mapped IPv6 address'
        : ipText(range.address) !== ipText(maskedRange(range).address)
          ? 'must not have bits set beyond the prefix length'
          : undefined;
  if (problem !== undefined) errors.push(invalid(field, text, problem));
  return range !== undefined;
}

/** As {@link validateCidr}, in canonical form. */
export function validateCanonicalCidr(errors: FieldError[], field: string, text: string): void {
  const before = errors.length;
  validateCidr(errors, field, text);
  const range = parseIpRange(text);
  if (errors.length > before || !range || ipRangeText(range) === text) return;
  errors.push(invalid(field, text, `must be in canonical form (${quote(ipRangeText(range))})`));
}

/** An address with the length of its network's prefix, e.g. `10.9.8.7/24`. */
export function validateInterfaceAddress(errors: FieldError[], field: string, text: string): void {
  const range = parseIpRange(text, { loose: true });
  const form = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';
  if (!range) errors.push(invalid(field, text, form));
  else if (ipRangeText(range) !== text)
    errors.push(invalid(field, text, `must be in canonical form (${quote(ipRangeText(range))})`));
}

/** An address that was let through and is not written as it should be. */
export function ipWarnings(field: string, text: string): readonly string[] {
  if (isPlainIPv4(text)) return [];
  const address = parseIp(text, { loose: true });
  if (!address) return [];
  const canonical = ipText(address);
  if (!parseIp(text) || address.mapped)
    return [`${field}: non-standard IP address ${quote(text)} is invalid: use ${quote(canonical)}`];
  if (canonical === text) return [];
  return [`${field}: IPv6 address ${quote(text)} should be in RFC 5952 canonical format (${quote(canonical)})`];
}

/** A range that was let through and is not written as it should be. */
export function cidrWarnings(field: string, text: string): readonly string[] {
  const range = parseIpRange(text, { loose: true });
  if (!range) return [];
  const masked = ipRangeText(maskedRange(range));
  const warnings: string[] = [];
  if (ipRangeText(range) !== masked) {
    const single = `${ipText(range.address)}/${range.address.bytes.length * 8}`;
    const ask = `(should be ${quote(masked)} or ${quote(single)}?)`;
    warnings.push(`${field}: CIDR value ${quote(text)} is ambiguous in this context ${ask}`);
  }
  if (!parseIpRange(text) || range.address.mapped)
    warnings.push(`${field}: non-standard CIDR value ${quote(text)} is invalid: use ${quote(masked)}`);
  if (warnings.length > 0 || ipRangeText(range) === text) return warnings;
  return [`${field}: IPv6 CIDR value ${quote(text)} should be in RFC 5952 canonical format (${quote(masked)})`];
}
