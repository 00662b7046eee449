// A certificate authority with one P-256 key: it signs certificates and tokens, and knows its own signatures.
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodePem } from './pem.ts';
import {
  alternativeNames,
  type CertificateUsage,
  certificateBody,
  type DistinguishedName,
  privateKeyInfo,
  publicKeyInfo,
  signedCertificate,
} from './x509.ts';

/** Smaller tables than the default make the first signature four times as fast, the later ones hardly slower. */
p256.Point.BASE.precompute(4, false);

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;
/** Clocks differ: a certificate counts from a while ago. */
const leewayMs = 300_000;

export interface KeyPair {
  readonly secret: Uint8Array;
  /** Uncompressed. */
  readonly point: Uint8Array;
}

/** What a certificate is issued for. */
export interface Issue {
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly usages: readonly CertificateUsage[];
  /** The content of a subjectAltName extension. */
  readonly alternativeNames?: Uint8Array | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Default a year. */
  readonly lifeMs?: number | undefined;
}

/** What one is made again from. */
export interface AuthoritySeed {
  readonly seed: string;
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
}

/** A key that follows from a text. */
export function keyPair(seed: string): KeyPair {
  const secret = sha256(new Uint8Array([...seed].map((character) => character.charCodeAt(0) & 0xff)));
  return { secret, point: p256.getPublicKey(secret, false) };
}

export function privateKeyPem({ secret, point }: KeyPair): string {
  return encodePem('PRIVATE KEY', privateKeyInfo(secret, point));
}

export function publicKeyPem({ point }: Pick<KeyPair, 'point'>): string {
  return encodePem('PUBLIC KEY', publicKeyInfo(point));
}

/** ECDSA with SHA-256; `raw` is the 64 bytes that tokens carry, `der` what certificates carry. */
export function sign(key: KeyPair, bytes: Uint8Array, format: 'raw' | 'der'): Uint8Array {
  return p256.sign(bytes, key.secret, { format: format === 'raw' ? 'compact' : 'der' });
}

export function verifies(
  key: Pick<KeyPair, 'point'>,
  bytes: Uint8Array,
  { format, signature }: { readonly format: 'raw' | 'der'; readonly signature: Uint8Array },
): boolean {
  try {
    return p256.verify(signature, bytes, key.point, { format: format === 'raw' ? 'compact' : 'der', lowS: false });
  } catch {
    return false; // bytes that are no signature at all
  }
}

export class CertificateAuthority {
  readonly key: KeyPair;
  private readonly name: DistinguishedName;
  private made: string | undefined;

  constructor(readonly origin: AuthoritySeed) {
    this.key = keyPair(origin.seed);
    this.name = { commonName: origin.name, organizations: [] };
  }

  /** PEM of its own certificate: ten years from its beginning. */
  get certificate(): string {
    this.made ??= this.pem({
      subject: this.name,
      publicKey: publicKeyInfo(this.key.point),
      usages: [],
      at: this.origin.since,
      lifeMs: 10 * yearMs,
      authority: true,
    });
    return this.made;
  }

  /** PEM of a new certificate. The same content makes the same certificate. */
  issue(wanted: Issue): string {
    return this.pem({ ...wanted, authority: false });
  }

  /** PEM of a new key and of a certificate for it. */
  issueWithKey(wanted: Omit<Issue, 'publicKey' | 'alternativeNames'> & { readonly names?: readonly string[] }): {
    readonly certificate: string;
    readonly key: string;
  } {
    const key = keyPair(`${this.origin.seed}/${wanted.subject.commonName}/${wanted.at}`);
    const names = wanted.names && alternativeNames(wanted.names);
    const certificate = this.issue({ ...wanted, publicKey: publicKeyInfo(key.point), alternativeNames: names });
    return { certificate, key: privateKeyPem(key) };
  }

  private pem(wanted: Issue & { readonly authority: boolean }): string {
    const { at, lifeMs = yearMs } = wanted;
    const unsigned = { ...wanted, issuer: this.name, notBefore: at - leewayMs, notAfter: at + lifeMs };
    const serial = sha256(certificateBody({ ...unsigned, serial: Uint8Array.of(1) })).subarray(0, 8);
    const body = certificateBody({ ...unsigned, serial });
    return encodePem('CERTIFICATE', signedCertificate(body, sign(this.key, body, 'der')));
  }
}
