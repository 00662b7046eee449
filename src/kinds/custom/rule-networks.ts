// Addresses, ranges of them and URLs in CEL: `ip('10.0.0.1')`, `cidr('10.0.0.0/8').containsIP(…)`, `url(…).getHost()`.
import type { Environment } from '@marcbachmann/cel-js';
import { quote } from '../../base/go/quote.ts';
import {
  type IpAddress,
  type IpRange,
  ipRangeText,
  ipText,
  maskedRange,
  parseIp,
  parseIpRange,
  rangeHas,
} from '../../base/ip-address.ts';

/** Registers them. */
export function registerNetworks(environment: Environment): void {
  const on: On = (signature, run) => void environment.registerFunction(signature, run);
  environment.registerType(ipType, { ctor: Ip, fields: {} });
  environment.registerType(rangeType, { ctor: Range, fields: {} });
  environment.registerType(urlType, { ctor: Url, fields: {} });
  environment.registerType('net.IPFunctions', { ctor: IpFunctions, fields: {} });
  environment.registerConstant('ip', 'net.IPFunctions', new IpFunctions());
  environment.registerOperator(`${ipType} == ${ipType}`, (a: Ip, b: Ip) => ipText(a.address) === ipText(b.address));
  environment.registerOperator(
    `${rangeType} == ${rangeType}`,
    (a: Range, b: Range) => ipRangeText(a.range) === ipRangeText(b.range),
  );
  registerAddresses(on);
  registerRanges(on);
  registerUrls(on);
}

type On = (signature: string, run: (...given: never[]) => unknown) => void;

const ipType = 'net.IP';
const rangeType = 'net.CIDR';
const urlType = 'kubernetes.URL';

class IpFunctions {}

class Ip {
  constructor(readonly address: IpAddress) {}
}

class Range {
  constructor(readonly range: IpRange) {}
}

class Url {
  constructor(readonly parts: UrlParts) {}
}

function registerAddresses(on: On): void {
  on('isIP(string): bool', (text: string) => typeof readIp(text) !== 'string');
  on(`ip(string): ${ipType}`, (text: string) => new Ip(ipOf(text)));
  on('net.IPFunctions.isCanonical(string): bool', (_: IpFunctions, text: string) => ipText(ipOf(text)) === text);
  on(`string(${ipType}): string`, ({ address }: Ip) => ipText(address));
  on(`${ipType}.family(): int`, ({ address }: Ip) => (address.bytes.length === 4 ? 4n : 6n));
  const is = (name: string, holds: (bytes: readonly number[], four: boolean) => boolean): void =>
    on(`${ipType}.${name}(): bool`, ({ address: { bytes } }: Ip) => holds(bytes, bytes.length === 4));
  is('isUnspecified', unspecified);
  is('isLoopback', loopback);
  is('isLinkLocalMulticast', linkLocalMulticast);
  is('isLinkLocalUnicast', linkLocalUnicast);
  is('isGlobalUnicast', (bytes, four) => {
    const special = [unspecified, loopback, linkLocalMulticast, linkLocalUnicast].some((test) => test(bytes, four));
    const multicast = four ? ((bytes[0] ?? 0) & 0xf0) === 0xe0 : bytes[0] === 0xff;
    return !special && !multicast && !(four && bytes.every((byte) => byte === 255));
  });
}

function unspecified(bytes: readonly number[]): boolean {
  return bytes.every((byte) => byte === 0);
}

function loopback(bytes: readonly number[], four: boolean): boolean {
  return four ? bytes[0] === 127 : bytes.at(-1) === 1 && bytes.slice(0, -1).every((byte) => byte === 0);
}

function linkLocalMulticast([a = 0, b = 0, c = 0]: readonly number[], four: boolean): boolean {
  return four ? a === 224 && b === 0 && c === 0 : a === 0xff && (b & 0x0f) === 2;
}

function linkLocalUnicast([a = 0, b = 0]: readonly number[], four: boolean): boolean {
  return four ? a === 169 && b === 254 : a === 0xfe && (b & 0xc0) === 0x80;
}

/** The address, or why there is none. */
function readIp(text: string): IpAddress | string {
  const why = 'parse error during conversion from string';
  if (text.includes('%') && parseIp(text.replace(/%.*/s, '')))
    return `IP address ${quote(text)} with zone value is not allowed`;
  const address = parseIp(text);
  if (!address) return `IP Address ${quote(text)} ${why}: ParseAddr(${quote(text)}): unable to parse IP`;
  return address.mapped ? `IPv4-mapped IPv6 address ${quote(text)} is not allowed` : address;
}

function ipOf(text: string): IpAddress {
  const address = readIp(text);
  if (typeof address === 'string') throw new Error(address);
  return address;
}

function readRange(text: string): IpRange | string {
  const why = 'network address parse error during conversion from string';
  const range = parseIpRange(text);
  if (!range)
    return text.includes('/')
      ? `${why}: netip.ParsePrefix(${quote(text)}): ParseAddr(${quote(text.replace(/\/.*/s, ''))}): unable to parse IP`
      : `${why}: netip.ParsePrefix(${quote(text)}): no '/'`;
  return range.address.mapped ? `IPv4-mapped IPv6 address ${quote(text)} is not allowed` : range;
}

function rangeOf(text: string): IpRange {
  const range = readRange(text);
  if (typeof range === 'string') throw new Error(`network address parse error during conversion from string: ${range}`);
  return range;
}

function registerRanges(on: On): void {
  const within = (outer: IpRange, inner: IpRange): boolean =>
    outer.length <= inner.length && rangeHas(outer, inner.address);
  on('isCIDR(string): bool', (text: string) => typeof readRange(text) !== 'string');
  on(`cidr(string): ${rangeType}`, (text: string) => new Range(rangeOf(text)));
  on(`string(${rangeType}): string`, ({ range }: Range) => ipRangeText(range));
  on(`${rangeType}.containsIP(string): bool`, ({ range }: Range, text: string) => rangeHas(range, ipOf(text)));
  on(`${rangeType}.containsIP(${ipType}): bool`, ({ range }: Range, { address }: Ip) => rangeHas(range, address));
  on(`${rangeType}.containsCIDR(string): bool`, ({ range }: Range, text: string) => within(range, rangeOf(text)));
  on(`${rangeType}.containsCIDR(${rangeType}): bool`, (a: Range, b: Range) => within(a.range, b.range));
  on(`${rangeType}.ip(): ${ipType}`, ({ range }: Range) => new Ip(range.address));
  on(`${rangeType}.prefixLength(): int`, ({ range }: Range) => BigInt(range.length));
  on(`${rangeType}.masked(): ${rangeType}`, ({ range }: Range) => new Range(maskedRange(range)));
}

interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

const urlForm = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:[^/?#@]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s;

/** The parts of an absolute URL or path, or why the text is none. */
function readUrl(text: string): UrlParts | string {
  const why = `parse ${quote(text)}: `;
  if (text === '') return `${why}empty url`;
  if ([...text].some((letter) => letter < ' ' || letter === '\u007f'))
    return `${why}net/url: invalid control character in URL`;
  const [, scheme = '', host = '', path = '', query = ''] = urlForm.exec(text) ?? [];
  if (scheme === '' && !text.startsWith('/')) return `${why}invalid URI for request`;
  const colon = /:([^\]]*)$/.exec(host)?.[1];
  if (colon !== undefined && !/^\d*$/.test(colon)) return `${why}invalid port ${quote(`:${colon}`)} after host`;
  if (/[ <>"{}|\\^`]/.test(host))
    return `${why}invalid character ${quote(/[ <>"{}|\\^`]/.exec(host)?.[0] ?? '')} in host name`;
  return { scheme: scheme.toLowerCase(), host, path, query };
}

function registerUrls(on: On): void {
  on('isURL(string): bool', (text: string) => typeof readUrl(text) !== 'string');
  on(`url(string): ${urlType}`, (text: string) => {
    const parts = readUrl(text);
    if (typeof parts === 'string') throw new Error(`URL parse error during conversion from string: ${parts}`);
    return new Url(parts);
  });
  on(`${urlType}.getScheme(): string`, ({ parts }: Url) => parts.scheme);
  on(`${urlType}.getHost(): string`, ({ parts }: Url) => parts.host);
  on(`${urlType}.getHostname(): string`, ({ parts }: Url) => parts.host.replace(/:\d*$/, '').replace(/^\[|\]$/g, ''));
  on(`${urlType}.getPort(): string`, ({ parts }: Url) => /:(\d+)$/.exec(parts.host)?.[1] ?? '');
  on(`${urlType}.getEscapedPath(): string`, ({ parts }: Url) =>
    parts.path.replace(/[^A-Za-z0-9\-._~$&+,/:;=@%!'()*[\]]/gu, encodeURIComponent),
  );
  on(`${urlType}.getQuery(): map<string, list<string>>`, ({ parts }: Url) => queryOf(parts.query));
}

function queryOf(query: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [key = '', ...value] = pair.split('=').map((part, i) => (i < 2 ? unescaped(part) : part));
    found.set(key, [...(found.get(key) ?? []), value.join('=')]);
  }
  return found;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
