// The curves and hashes that OpenSSL knows here, by all of their names.
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { CHash } from '@noble/hashes/utils.js';

export interface Curve {
  /** OpenSSL's own, e.g. `prime256v1`. */
  readonly name: string;
  readonly nistName: string;
  readonly id: string;
  readonly bits: number;
  readonly code: typeof p256;
}

const curves: readonly Curve[] = [
  { name: 'prime256v1', nistName: 'P-256', id: '1.2.840.10045.3.1.7', bits: 256, code: p256 },
  { name: 'secp384r1', nistName: 'P-384', id: '1.3.132.0.34', bits: 384, code: p384 },
  { name: 'secp521r1', nistName: 'P-521', id: '1.3.132.0.35', bits: 521, code: p521 },
];

/** By any of its names, or its identifier. */
export function curveOf(name: string): Curve | undefined {
  const wanted = name === 'secp256r1' ? 'prime256v1' : name;
  return curves.find((curve) => [curve.name, curve.nistName, curve.id].includes(wanted));
}

export interface Hash {
  /** E.g. `sha256`. */
  readonly name: string;
  /** As `openssl dgst` prints it, e.g. `SHA2-256`. */
  readonly title: string;
  readonly id: string;
  readonly digest: CHash;
  /** Identifiers and names of signatures made with it, by kind of key. */
  readonly signatures: Readonly<Record<'rsa' | 'ec', { readonly id: string; readonly name: string }>>;
}

const rsaArc = '1.2.840.113549.1.1';
const ecdsaArc = '1.2.840.10045.4';

const hashes: readonly Hash[] = [
  hash({ name: 'md5', title: 'MD5', id: '1.2.840.113549.2.5', digest: md5 }, `${rsaArc}.4`, ''),
  hash({ name: 'sha1', title: 'SHA1', id: '1.3.14.3.2.26', digest: sha1 }, `${rsaArc}.5`, `${ecdsaArc}.1`),
  hash(sha2(224, 4, sha224), `${rsaArc}.14`, `${ecdsaArc}.3.1`),
  hash(sha2(256, 1, sha256), `${rsaArc}.11`, `${ecdsaArc}.3.2`),
  hash(sha2(384, 2, sha384), `${rsaArc}.12`, `${ecdsaArc}.3.3`),
  hash(sha2(512, 3, sha512), `${rsaArc}.13`, `${ecdsaArc}.3.4`),
];

export const hashNames: readonly string[] = hashes.map(({ name }) => name);

export function hashOf(name: string): Hash | undefined {
  return hashes.find((each) => each.name === name.toLowerCase());
}

/** What a signature's identifier is called, e.g. `sha256WithRSAEncryption`. */
export function signatureName(id: string): string {
  if (id === ed25519Id) return 'ED25519';
  const known = hashes.flatMap(({ signatures }) => Object.values(signatures)).find((each) => each.id === id);
  return known?.name ?? id;
}

export const ed25519Id = '1.3.101.112';

function sha2(bits: number, last: number, digest: CHash): Omit<Hash, 'signatures'> {
  return { name: `sha${bits}`, title: `SHA2-${bits}`, id: `2.16.840.1.101.3.4.2.${last}`, digest };
}

function hash(facts: Omit<Hash, 'signatures'>, rsaId: string, ecId: string): Hash {
  const { name } = facts;
  const upper = name === 'sha1' ? 'SHA1' : name.toUpperCase();
  return {
    ...facts,
    signatures: {
      rsa: { id: rsaId, name: `${name}WithRSAEncryption` },
      ec: { id: ecId, name: `ecdsa-with-${upper}` },
    },
  };
}
