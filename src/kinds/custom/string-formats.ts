// The formats that strings of custom resources are checked for; others are not looked at.
import { parseIp, parseIpRange } from '../../base/ip-address.ts';

const hex = (pattern: string): RegExp => new RegExp(`^${pattern}$`, 'i');
const uuid = (version: string, variant: string): RegExp =>
  hex(`[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}`);
const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** Zeros may lead: upstream reads addresses so. */
const ipv4 = new RegExp(`^0*${octet}(\\.0*${octet}){3}$`);
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: matches(hex('[0-9a-f]{24}')),
  byte: matches(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: isCidr,
  creditcard: (text) => /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|3[47]\d{13})$/.test(text.replace(/\D/g, '')),
  date: isDate,
  datetime: (text) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/.test(text) && isDate(text.slice(0, 10)),
  duration: matches(
    /^[-+]?(\d+(\.\d*)?|\.\d+)\s*(ns|us|µs|ms|s|m|h|d|w|(nano|micro|milli)?(s|sec|secs|second|seconds)|minutes?|hours?|days?|weeks?)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/,
  ),
  email: matches(/^[^\s@<>]+@[^\s@<>]+$/),
  hexcolor: matches(hex('#?([0-9a-f]{3}|[0-9a-f]{6})')),
  hostname: (text) => text.length <= 255 && hostname.test(text) && text.split('.').every((label) => label.length < 64),
  ipv4: (text) => ipv4.test(text),
  ipv6: isIpv6,
  isbn: (text) => /^(97[89])?\d{9}[\dX]$/.test(text.replace(/[- ]/g, '')),
  isbn10: (text) => /^\d{9}[\dX]$/.test(text.replace(/[- ]/g, '')),
  isbn13: (text) => /^97[89]\d{10}$/.test(text.replace(/[- ]/g, '')),
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${label}$`).test(text),
  k8slongname: (text) => text.length <= 253 && new RegExp(`^${label}(\\.${label})*$`).test(text),
  mac: matches(hex('([0-9a-f]{2}([:-][0-9a-f]{2}){5,7}|[0-9a-f]{4}(\\.[0-9a-f]{4}){2,3})')),
  password: () => true,
  rgbcolor: matches(/^rgb\(\s*(\d{1,3}%?)\s*,\s*(\d{1,3}%?)\s*,\s*(\d{1,3}%?)\s*\)$/),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: matches(/^([a-zA-Z][-+.a-zA-Z0-9]*:[^\s]+|\/[^\s]*)$/),
  uuid: matches(uuid('[0-9a-f]', '[0-9a-f]')),
  uuid3: matches(uuid('3', '[0-9a-f]')),
  uuid4: matches(uuid('4', '[89ab]')),
  uuid5: matches(uuid('5', '[89ab]')),
};

const numberFormats: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** The format as far as it is looked at for a type; otherwise empty. */
export function effectiveFormat(types: readonly string[], format: string | undefined): string {
  if (!format) return '';
  const type = types.length === 1 ? (types[0] ?? '') : '';
  if (type === '' || type === 'string') return Object.hasOwn(formats, plain(format)) ? format : '';
  return numberFormats[type]?.includes(format) ? format : '';
}

/** Whether a text is of a format; of an unknown one everything is. */
export function isOfFormat(text: string, format: string): boolean {
  const name = plain(format);
  return !Object.hasOwn(formats, name) || (formats[name]?.(text) ?? true);
}

function plain(format: string): string {
  return format.replaceAll('-', '');
}

function matches(expression: RegExp): (text: string) => boolean {
  return (text) => expression.test(text);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}

function isCidr(text: string): boolean {
  return parseIpRange(text) !== undefined;
}

function isIpv6(text: string): boolean {
  return text.includes(':') && parseIp(text) !== undefined;
}

/** One label with no more than one dash, or several, the last of which is of two letters at least. */
const hostname =
  /^([a-zA-Z\d\p{S}\p{L}](-?[a-zA-Z\d\p{S}\p{L}]{0,62})?|([a-zA-Z\d\p{S}\p{L}]([-a-zA-Z\d\p{S}\p{L}]{0,61}[a-zA-Z\d\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63})$/u;
