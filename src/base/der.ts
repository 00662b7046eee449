// DER, the bytes of certificates: each value is a tag, a length, and its content; a sequence's content is values.
//
//   30 0a ─ sequence of 10 bytes
//      02 01 05        ─ integer 5
//      06 05 2b 81 …   ─ object identifier
import { concatBytes, decodeUtf8, encodeUtf8 } from './bytes.ts';

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  identifier: 0x06,
  utf8: 0x0c,
  shortTime: 0x17,
  longTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One value: its tag and the bytes of its content. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
}

export class DerError extends Error {
  override name = 'DerError';
}

export function encodeDer(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes([Uint8Array.from([tag, ...head]), content]);
}

export function sequence(...values: readonly Uint8Array[]): Uint8Array {
  return encodeDer(tags.sequence, concatBytes(values));
}

/** A positive whole number from its bytes, the highest first. */
export function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const bare = first === -1 ? new Uint8Array(1) : bytes.subarray(first);
  return encodeDer(tags.integer, (bare[0] ?? 0) > 0x7f ? concatBytes([new Uint8Array(1), bare]) : bare);
}

/** A bit string of whole bytes, or of a byte whose last `unused` bits do not count. */
export function bits(bytes: Uint8Array, unused = 0): Uint8Array {
  return encodeDer(tags.bits, concatBytes([Uint8Array.from([unused]), bytes]));
}

export function octets(bytes: Uint8Array): Uint8Array {
  return encodeDer(tags.octets, bytes);
}

export function utf8(text: string): Uint8Array {
  return encodeDer(tags.utf8, encodeUtf8(text));
}

/** An object identifier, e.g. `2.5.4.3`. */
export function identifier(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const content = [first * 40 + second, ...rest].flatMap((number) => {
    const digits = [number & 0x7f];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return encodeDer(tags.identifier, Uint8Array.from(content));
}

/** A time, to the second. `timeMs` counts from the Unix epoch. */
export function time(timeMs: number): Uint8Array {
  const text = `${new Date(timeMs).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const short = text < '2050';
  return encodeDer(short ? tags.shortTime : tags.longTime, encodeUtf8(short ? text.slice(2) : text));
}

/** The values that bytes consist of. Throws {@link DerError}. */
export function readDer(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag = 0, short = 0] = bytes.subarray(at);
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    if (lengthBytes > 3) throw new DerError('value is too long');
    let length = short < 0x80 ? short : 0;
    for (const byte of bytes.subarray(at + 2, at + 2 + lengthBytes)) length = length * 256 + byte;
    const start = at + 2 + lengthBytes;
    if (start + length > bytes.length) throw new DerError('data ends within a value');
    values.push({ tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) });
    at = start + length;
  }
  return values;
}

/** The first value that bytes consist of. Throws {@link DerError}. */
export function firstOf(bytes: Uint8Array): DerValue {
  const [value] = readDer(bytes);
  if (!value) throw new DerError('there is no value');
  return value;
}

export function readIdentifier({ content }: DerValue): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte > 0x7f) continue;
    if (numbers.length === 0)
      numbers.push(Math.min(2, Math.floor(number / 40)), number - 40 * Math.min(2, Math.floor(number / 40)));
    else numbers.push(number);
    number = 0;
  }
  return numbers.join('.');
}

/** Milliseconds since the Unix epoch. */
export function readTime({ tag, content }: DerValue): number {
  const text = decodeUtf8(content);
  const whole = tag === tags.longTime ? text : `${text < '50' ? '20' : '19'}${text}`;
  const [year = 0, month = 1, ...rest] = (/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(whole) ?? [])
    .slice(1)
    .map(Number);
  return Date.UTC(year, month - 1, ...rest);
}
