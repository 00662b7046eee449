// Hashes of passwords as /etc/shadow (SHA-512) and htpasswd files (MD5) have them.
import { md5 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';

/** Ulrich Drepper's SHA-512, or Poul-Henning Kamp's MD5 in its own and Apache's form. */
export type PasswordScheme = '6' | '1' | 'apr1';

export function passwordHash(scheme: PasswordScheme, password: string, salt: string): string {
  const key = encodeUtf8(password);
  if (scheme === '6') {
    const short = salt.slice(0, 16);
    return `$6$${short}$${sha512Crypt(key, encodeUtf8(short))}`;
  }
  const short = salt.slice(0, 8);
  return `$${scheme}$${short}$${md5Crypt(key, encodeUtf8(short), encodeUtf8(`$${scheme}$`))}`;
}

const letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const sha512Rounds = 5000;
const md5Rounds = 1000;

function sha512Crypt(key: Uint8Array, salt: Uint8Array): string {
  const other = sha512(concatBytes([key, salt, key]));
  let sum = sha512(
    concatBytes([key, salt, repeated(other, key.length), ...bitsOf(key.length).map((bit) => (bit ? other : key))]),
  );
  const p = repeated(sha512(concatBytes(Array.from({ length: key.length }, () => key))), key.length);
  const s = repeated(sha512(concatBytes(Array.from({ length: 16 + (sum[0] ?? 0) }, () => salt))), salt.length);
  for (let round = 0; round < sha512Rounds; round++) sum = sha512(concatBytes(roundPieces(round, { sum, p, s })));
  let text = '';
  for (let i = 0, [a, b, c] = [0, 21, 42]; i < 21; i++, [a, b, c] = [b + 1, c + 1, a + 1])
    text += digitsOf([sum[a], sum[b], sum[c]], 4);
  return text + digitsOf([0, 0, sum[63]], 2);
}

function md5Crypt(key: Uint8Array, salt: Uint8Array, magic: Uint8Array): string {
  const other = md5(concatBytes([key, salt, key]));
  const ends = bitsOf(key.length).map((bit) => (bit ? Uint8Array.of(0) : key.subarray(0, 1)));
  let sum = md5(concatBytes([key, magic, salt, repeated(other, key.length), ...ends]));
  for (let round = 0; round < md5Rounds; round++) sum = md5(concatBytes(roundPieces(round, { sum, p: key, s: salt })));
  let text = '';
  for (let i = 0; i < 5; i++) text += digitsOf([sum[i], sum[i + 6], sum[i === 4 ? 5 : i + 12]], 4);
  return text + digitsOf([0, 0, sum[11]], 2);
}

function roundPieces(
  round: number,
  { sum, p, s }: { readonly sum: Uint8Array; readonly p: Uint8Array; readonly s: Uint8Array },
): readonly Uint8Array[] {
  const odd = round % 2 === 1;
  return [odd ? p : sum, ...(round % 3 ? [s] : []), ...(round % 7 ? [p] : []), odd ? sum : p];
}

/** The bits of a number, the lowest first. */
function bitsOf(number: number): readonly boolean[] {
  return number === 0 ? [] : [...number.toString(2)].reverse().map((bit) => bit === '1');
}

function repeated(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);
}

/** Three bytes as digits of 64, the lowest first. */
function digitsOf([high = 0, middle = 0, low = 0]: readonly (number | undefined)[], count: number): string {
  let value = (high << 16) | (middle << 8) | low;
  let text = '';
  for (let i = 0; i < count; i++, value >>= 6) text += letters.charAt(value & 63);
  return text;
}
