// How objects lie in etcd: open, or sealed with a provider's key. In memory they stay as they are, and a mark says it;
// etcd's clients are shown the bytes. Left out: the ciphers themselves (a keyed hash makes what stands in their place),
// and marks in snapshots: what is restored lies open until it is written again.
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';

/** A provider's key; identity has neither. */
export interface EncryptionKey {
  /** What values begin with that were written with it: `k8s:enc:aescbc:v1:key1:`; empty: they lie open. */
  readonly prefix: string;
  readonly secret: string;
}

export const open: EncryptionKey = { prefix: '', secret: '' };

const marks = new WeakMap<object, EncryptionKey>();

/** Once something has been sealed, all reads look. */
let everSealed = false;

/** Notes how an object is written. */
export function seal(object: object, key: EncryptionKey): void {
  if (key.prefix === '') return;
  everSealed = true;
  marks.set(object, key);
}

/** Whether anything has been sealed. */
export function isAnySealed(): boolean {
  return everSealed;
}

/** What an object is sealed with. */
export function keyOf(object: object): EncryptionKey {
  return marks.get(object) ?? open;
}

/** Whether an object lies in etcd as it would be written now. */
export function isSealedWith(object: object, key: EncryptionKey): boolean {
  return keyOf(object).prefix === key.prefix;
}

/** A value's bytes as they lie in etcd. */
export function sealedBytes(value: object, plain: Uint8Array): Uint8Array {
  const key = marks.get(value);
  if (!key) return plain;
  const seed = sha256(concatBytes([encodeUtf8(key.secret), plain]));
  return concatBytes([encodeUtf8(key.prefix), seed.subarray(0, blockBytes), scrambled(plain, key.secret, seed)]);
}

const blockBytes = 16;

/** As long as the cipher's text would be, and as little to be read. */
function scrambled(plain: Uint8Array, secret: string, seed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((Math.floor(plain.length / blockBytes) + 1) * blockBytes);
  for (let at = 0; at < bytes.length; at += 32) {
    const stream = sha256(concatBytes([encodeUtf8(`${secret}/${at}`), seed]));
    for (let i = 0; i < 32 && at + i < bytes.length; i++) bytes[at + i] = (plain[at + i] ?? 0) ^ (stream[i] ?? 0);
  }
  return bytes;
}
