// IP addresses and ranges of them: read as Go reads them, written in their canonical form.
//
//   '2001:DB8:0::1'  ─▶  [0x20, 0x01, 0x0d, 0xb8, 0, …, 1]  ─▶  '2001:db8::1'

/** Four bytes or sixteen; an IPv4 address written as IPv6 (`::ffff:1.2.3.4`) has four, and says so. */
export interface IpAddress {
  readonly bytes: readonly number[];
  readonly mapped: boolean;
}

export interface IpRange {
  readonly address: IpAddress;
  /** Length of the prefix, in bits. */
  readonly length: number;
}

/** Undefined where the text is no address. `loose`: numbers of IPv4 may have leading zeros, and still count as decimal. */
export function parseIp(text: string, { loose = false } = {}): IpAddress | undefined {
  if (!text.includes(':')) {
    const bytes = parseFour(text, loose);
    return bytes && { bytes, mapped: false };
  }
  const bytes = parseSixteen(text, loose);
  if (!bytes) return undefined;
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return { bytes: mapped ? bytes.slice(12) : bytes, mapped };
}

/** A range such as `10.0.0.0/8`. */
export function parseIpRange(text: string, { loose = false } = {}): IpRange | undefined {
  const [before = '', length = '', ...rest] = text.split('/');
  const address = parseIp(before, { loose });
  if (!address || rest.length > 0 || !(loose ? /^\d{1,9}$/ : /^(0|[1-9]\d{0,2})$/).test(length)) return undefined;
  const bits = Number(length);
  const most = address.mapped ? 128 : address.bytes.length * 8;
  if (bits > most || (address.mapped && bits < 96)) return undefined;
  return { address, length: address.mapped ? bits - 96 : bits };
}

/** The shortest form: IPv6 in lower case, its longest run of zeros as `::`. */
export function ipText({ bytes }: Pick<IpAddress, 'bytes'>): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[i * 2] ?? 0) * 256 + (bytes[i * 2 + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

export function ipRangeText({ address, length }: IpRange): string {
  return `${ipText(address)}/${length}`;
}

/** The range with all bits after its prefix zero. */
export function maskedRange({ address, length }: IpRange): IpRange {
  const bytes = address.bytes.map((byte, i) => byte & (0xff << Math.max(0, Math.min(8, (i + 1) * 8 - length))) & 0xff);
  return { address: { ...address, bytes }, length };
}

/** Whether the address is of the range's family and begins with its prefix. */
export function rangeHas(range: IpRange, { bytes }: Pick<IpAddress, 'bytes'>): boolean {
  if (bytes.length !== range.address.bytes.length) return false;
  const masked = maskedRange({ address: { bytes, mapped: false }, length: range.length }).address.bytes;
  return maskedRange(range).address.bytes.every((byte, i) => byte === masked[i]);
}

const plainFour = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** Whether a text is an IPv4 address as everybody writes it: nothing can be wrong with it. */
export function isPlainIPv4(text: string): boolean {
  return plainFour.test(text);
}

function parseFour(text: string, loose: boolean): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const form = loose ? /^\d{1,16}$/ : /^(0|[1-9]\d{0,2})$/;
  return parts.every((part) => form.test(part) && Number(part) < 256) ? parts.map(Number) : undefined;
}

function parseSixteen(text: string, loose: boolean): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const before = groupBytes(halves[0] ?? '', loose);
  const after = groupBytes(halves[1] ?? '', loose);
  if (!before || !after) return undefined;
  const missing = 16 - before.length - after.length;
  if (halves.length === 1) return missing === 0 ? before : undefined;
  return missing < 2 ? undefined : [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

function groupBytes(half: string, loose: boolean): readonly number[] | undefined {
  if (half === '') return [];
  const parts = half.split(':');
  const bytes: number[] = [];
  for (const [i, part] of parts.entries()) {
    const four = i === parts.length - 1 && part.includes('.') ? parseFour(part, loose) : undefined;
    if (four) bytes.push(...four);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part))
      bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
    start += length;
  }
  return best;
}
