// Private keys: made, read from PEM, written as PEM, and signing.
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '../../base/bytes.ts';
import {
  bits,
  DerError,
  type DerValue,
  encodeDer,
  firstOf,
  identifier,
  integer,
  octets,
  readDer,
  readIdentifier,
  sequence,
  tags,
} from '../../base/der.ts';
import { decodePem, encodePem } from '../../base/pem.ts';
import { type Curve, curveOf, ed25519Id, type Hash } from './algorithms.ts';
import { bytesNumber, numberBytes } from './big-numbers.ts';
import type { RandomBytes } from './random-bytes.ts';
import { type RsaKey, rsaNumbers, rsaSign } from './rsa-key.ts';

export interface EcKey {
  readonly kind: 'ec';
  readonly curve: Curve;
  readonly secret: Uint8Array;
  /** Uncompressed. */
  readonly point: Uint8Array;
}

export interface EdKey {
  readonly kind: 'ed25519';
  readonly secret: Uint8Array;
  readonly point: Uint8Array;
}

export type PrivateKey = RsaKey | EcKey | EdKey;

export function generateEcKey(curve: Curve, random: RandomBytes): EcKey {
  const secret = curve.code.utils.randomSecretKey(random.bytes(curve.code.lengths.seed ?? 0));
  return { kind: 'ec', curve, secret, point: curve.code.getPublicKey(secret, false) };
}

export function generateEdKey(random: RandomBytes): EdKey {
  const secret = random.bytes(32);
  return { kind: 'ed25519', secret, point: ed25519.getPublicKey(secret) };
}

/** SubjectPublicKeyInfo. */
export function publicKeyOf(key: PrivateKey): Uint8Array {
  const content = key.kind === 'rsa' ? sequence(number(key.modulus), number(key.exponent)) : key.point;
  return sequence(algorithmOf(key), bits(content));
}

/** `traditional`: as programs wrote keys before PKCS #8, where the kind has such a form. */
export function privateKeyPem(key: PrivateKey, form: 'pkcs8' | 'traditional'): string {
  if (form === 'traditional' && key.kind === 'rsa') return encodePem('RSA PRIVATE KEY', innerOf(key));
  if (form === 'traditional' && key.kind === 'ec') return encodePem('EC PRIVATE KEY', ecContent(key, true));
  return encodePem('PRIVATE KEY', sequence(number(0n), algorithmOf(key), octets(innerOf(key))));
}

/** The key in a PEM text; undefined: there is none that this knows. */
export function privateKeyIn(text: string): PrivateKey | undefined {
  const read = (label: string, as: (bytes: Uint8Array) => PrivateKey | undefined): PrivateKey | undefined => {
    const bytes = decodePem(label, text);
    if (!bytes) return undefined;
    try {
      return as(bytes);
    } catch (error) {
      if (error instanceof DerError) return undefined;
      throw error;
    }
  };
  return (
    read('PRIVATE KEY', readPkcs8) ?? read('RSA PRIVATE KEY', readRsa) ?? read('EC PRIVATE KEY', (it) => readEc(it))
  );
}

/** Whether a text holds a key that a passphrase protects: those are not simulated. */
export function isEncrypted(text: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text);
}

export interface Signature {
  /** AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly bytes: Uint8Array;
}

export function signWith(key: PrivateKey, hash: Hash, content: Uint8Array): Signature {
  if (key.kind === 'ed25519')
    return { algorithm: sequence(identifier(ed25519Id)), bytes: ed25519.sign(content, key.secret) };
  const { id } = hash.signatures[key.kind];
  const digest = hash.digest(content);
  if (key.kind === 'ec') {
    const bytes = key.curve.code.sign(digest, key.secret, { prehash: false, format: 'der', lowS: false });
    return { algorithm: sequence(identifier(id)), bytes };
  }
  const info = sequence(sequence(identifier(hash.id), nothing), octets(digest));
  return { algorithm: sequence(identifier(id), nothing), bytes: rsaSign(key, info) };
}

const rsaId = '1.2.840.113549.1.1.1';
const ecId = '1.2.840.10045.2.1';
const nothing = Uint8Array.of(0x05, 0x00);

function number(value: bigint): Uint8Array {
  return integer(numberBytes(value));
}

function algorithmOf(key: PrivateKey): Uint8Array {
  if (key.kind === 'rsa') return sequence(identifier(rsaId), nothing);
  return key.kind === 'ec' ? sequence(identifier(ecId), identifier(key.curve.id)) : sequence(identifier(ed25519Id));
}

/** What PKCS #8 wraps. */
function innerOf(key: PrivateKey): Uint8Array {
  if (key.kind === 'rsa') return sequence(number(0n), ...rsaNumbers(key).map(number));
  return key.kind === 'ec' ? ecContent(key, false) : octets(key.secret);
}

/** SEC 1; with its curve where nothing around it names it. */
function ecContent({ curve, secret, point }: EcKey, named: boolean): Uint8Array {
  const parameters = named ? [encodeDer(0xa0, identifier(curve.id))] : [];
  return sequence(number(1n), octets(secret), ...parameters, encodeDer(0xa1, bits(point)));
}

function readPkcs8(bytes: Uint8Array): PrivateKey | undefined {
  const [, algorithm, content] = readDer(firstOf(bytes).content);
  if (!algorithm || !content) return undefined;
  const [type, parameter] = readDer(algorithm.content);
  const id = type ? readIdentifier(type) : '';
  if (id === rsaId) return readRsa(content.content);
  if (id === ecId) return readEc(content.content, parameter);
  if (id !== ed25519Id) return undefined;
  const secret = firstOf(content.content).content;
  return { kind: 'ed25519', secret, point: ed25519.getPublicKey(secret) };
}

function readRsa(bytes: Uint8Array): PrivateKey | undefined {
  const [, modulus, exponent, secret, p, q] = readDer(firstOf(bytes).content).map(({ content }) =>
    bytesNumber(content),
  );
  if (!modulus || !exponent || !secret || !p || !q) return undefined;
  return { kind: 'rsa', modulus, exponent, secret, primes: [p, q] };
}

function readEc(bytes: Uint8Array, parameter?: DerValue): PrivateKey | undefined {
  const [, secret, ...more] = readDer(firstOf(bytes).content);
  const own = more.find(({ tag }) => tag === 0xa0);
  const named = parameter ?? (own && firstOf(own.content));
  const curve = named?.tag === tags.identifier ? curveOf(readIdentifier(named)) : undefined;
  if (!secret || !curve) return undefined;
  const short = secret.content;
  const size = Math.ceil(curve.bits / 8);
  const whole = concatBytes([new Uint8Array(Math.max(0, size - short.length)), short]);
  return { kind: 'ec', curve, secret: whole, point: curve.code.getPublicKey(whole, false) };
}
