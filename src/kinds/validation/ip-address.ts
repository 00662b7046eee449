// IP addresses and ranges of them.
import { type FieldError, invalid } from '../../api/field-error.ts';

const four = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Whether a text is an IPv4 address without leading zeros. */
export function isIpv4(text: string): boolean {
  return four.test(text);
}

/** Whether a text is an IPv6 address. */
export function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const half of halves) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [i, part] of parts.entries()) {
      const last = i === parts.length - 1;
      if (last && part.includes('.') && isIpv4(part)) groups += 2;
      else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups++;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

/** Whether a text is an address of either kind. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Adds what is wrong with ip. */
export function validateIp(errors: FieldError[], field: string, text: string | undefined): void {
  if (!isIp(text ?? ''))
    errors.push(invalid(field, text ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
}

/** A range such as `10.0.0.0/8`. */
export function validateCidr(errors: FieldError[], field: string, text: string): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  const most = isIpv4(address) ? 32 : 128;
  if (rest.length === 0 && isIp(address) && /^\d{1,3}$/.test(length) && Number(length) <= most) return true;
  errors.push(invalid(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
  return false;
}
