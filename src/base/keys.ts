// Public and private keys in certificates, requests and PEM files: what they are, and whether a signature is theirs.
//
// Left out: Ed25519, P-224 and RSA-PSS: their signatures are not looked at.
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { DerError, type DerValue, firstOf, readDer, readIdentifier, tags } from './der.ts';

export type PublicKey =
  | { readonly kind: 'rsa'; readonly modulus: bigint; readonly exponent: bigint }
  /** A point of a curve; its coordinates as they stand in the key. */
  | { readonly kind: 'ec'; readonly curve: string; readonly point: Uint8Array }
  | { readonly kind: 'other' };

/** Reads SubjectPublicKeyInfo. Throws DerError. */
export function readPublicKey(bytes: Uint8Array): PublicKey {
  const [algorithm, key] = readDer(firstOf(bytes).content);
  if (!algorithm || !key) throw new DerError('this is no public key');
  const [type, curve] = readDer(algorithm.content);
  const name = type ? readIdentifier(type) : '';
  const content = key.content.subarray(1);
  if (name === rsaKey) return rsaOf(readDer(firstOf(content).content));
  if (name === ecKey) return { kind: 'ec', curve: curve ? readIdentifier(curve) : '', point: content };
  return { kind: 'other' };
}

/** The public half of a private key: PKCS #8, PKCS #1 or SEC 1. Undefined where the bytes are no key. */
export function publicHalfOf(bytes: Uint8Array): PublicKey | undefined {
  try {
    const [, second, third, ...more] = readDer(firstOf(bytes).content);
    if (!second || !third) return undefined;
    if (second.tag !== tags.sequence)
      return second.tag === tags.integer ? rsaOf([second, third]) : ecOf(second, [third, ...more], undefined);
    const [type, curve] = readDer(second.content);
    const name = type ? readIdentifier(type) : '';
    const inner = readDer(firstOf(third.content).content);
    const [, one, two] = inner;
    if (name === rsaKey) return one && two && rsaOf([one, two]);
    if (name !== ecKey) return { kind: 'other' };
    return one && ecOf(one, inner.slice(2), curve && readIdentifier(curve));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

export function sameKey(a: PublicKey, b: PublicKey): boolean {
  if (a.kind === 'rsa') return b.kind === 'rsa' && a.modulus === b.modulus && a.exponent === b.exponent;
  if (a.kind === 'ec') return b.kind === 'ec' && String(a.point) === String(b.point);
  return b.kind === 'other';
}

/** Why a signature of some bytes is not the key's, in Go's words; undefined: it is, or nothing here can tell. */
export function signatureProblem(
  key: PublicKey,
  signed: { readonly algorithm: string; readonly bytes: Uint8Array; readonly signature: Uint8Array },
): string | undefined {
  const { algorithm, bytes, signature } = signed;
  if (algorithm === sha1WithRsa) return 'x509: cannot verify signature: insecure algorithm SHA1-RSA';
  const rsa = rsaHashes.get(algorithm);
  if (rsa) {
    if (key.kind !== 'rsa')
      return `x509: signature algorithm specifies an RSA public key, but have public key of another type`;
    return rsaVerifies(key, { ...rsa, bytes, signature }) ? undefined : 'crypto/rsa: verification error';
  }
  const hash = ecdsaHashes.get(algorithm);
  const curve = key.kind === 'ec' ? curves.get(key.curve) : undefined;
  if (!hash || !curve || key.kind !== 'ec') return undefined;
  try {
    const options = { format: 'der', lowS: false, prehash: false } as const;
    if (curve.verify(signature, hash(bytes), key.point, options)) return undefined;
  } catch {
    // Bytes that are no signature at all.
  }
  return 'x509: ECDSA verification failure';
}

/** Whether signatures of this kind by such a key are looked at. */
export function canVerify(key: PublicKey, algorithm: string): boolean {
  if (key.kind === 'rsa') return rsaHashes.has(algorithm);
  return key.kind === 'ec' && curves.has(key.curve) && ecdsaHashes.has(algorithm);
}

const rsaKey = '1.2.840.113549.1.1.1';
const ecKey = '1.2.840.10045.2.1';
const p256Curve = '1.2.840.10045.3.1.7';
const sha1WithRsa = '1.2.840.113549.1.1.5';

const curves: ReadonlyMap<string, typeof p256> = new Map([
  [p256Curve, p256],
  ['1.3.132.0.34', p384],
  ['1.3.132.0.35', p521],
]);

const ecdsaHashes: ReadonlyMap<string, Hash['hash']> = new Map<string, Hash['hash']>([
  ['1.2.840.10045.4.3.2', sha256],
  ['1.2.840.10045.4.3.3', sha384],
  ['1.2.840.10045.4.3.4', sha512],
]);

interface Hash {
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  /** The last number of the hash's own identifier. */
  readonly id: number;
}

const rsaHashes: ReadonlyMap<string, Hash> = new Map([
  ['1.2.840.113549.1.1.11', { hash: sha256, id: 1 }],
  ['1.2.840.113549.1.1.12', { hash: sha384, id: 2 }],
  ['1.2.840.113549.1.1.13', { hash: sha512, id: 3 }],
]);

function rsaOf([modulus, exponent]: readonly DerValue[]): PublicKey {
  if (modulus?.tag !== tags.integer || exponent?.tag !== tags.integer) throw new DerError('this is no RSA key');
  return { kind: 'rsa', modulus: numberOf(modulus.content), exponent: numberOf(exponent.content) };
}

/** The parts of a SEC 1 key after its secret: the curve, tagged 0, and the point, tagged 1; either may be missing. */
function ecOf(secret: DerValue, parts: readonly DerValue[], curve: string | undefined): PublicKey {
  const tagged = (tag: number) => parts.find((part) => part.tag === tag);
  const named = tagged(0xa0);
  const id = curve ?? (named ? readIdentifier(firstOf(named.content)) : '');
  const point = tagged(0xa1);
  if (point) return { kind: 'ec', curve: id, point: firstOf(point.content).content.subarray(1) };
  const known = curves.get(id);
  return known ? { kind: 'ec', curve: id, point: known.getPublicKey(secret.content, false) } : { kind: 'other' };
}

/** PKCS #1 v1.5: 00 01 ff … ff 00, the name of the hash, the hash. */
function rsaVerifies(
  { modulus, exponent }: { readonly modulus: bigint; readonly exponent: bigint },
  { hash, id, bytes, signature }: Hash & { readonly bytes: Uint8Array; readonly signature: Uint8Array },
): boolean {
  const digest = hash(bytes);
  const name = [0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, id, 0x05, 0x00];
  const tail = [0x30, name.length + 2 + digest.length, ...name, 0x04, digest.length, ...digest];
  const length = Math.ceil(modulus.toString(16).length / 2);
  const fill = length - tail.length - 3;
  if (fill < 8 || signature.length !== length) return false;
  const wanted = [0, 1, ...Array.from({ length: fill }, () => 0xff), 0, ...tail];
  return power(numberOf(signature), exponent, modulus) === numberOf(Uint8Array.from(wanted));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function numberOf(bytes: Uint8Array): bigint {
  let text = '0x0';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return BigInt(text);
}
