// The key that service account tokens are signed with, and what the world may know of it: /openid/v1/jwks.
import { sha256 } from '@noble/hashes/sha2.js';
import { decodeBase64, encodeBase64Url, encodeUtf8 } from '../../base/bytes.ts';
import { type KeyPair, keyPair, sign, verifies } from '../../base/certificate-authority.ts';
import { fnv1a, fnv1aInt } from '../../base/hash.ts';
import type { JsonObject } from '../../base/json.ts';
import { publicKeyInfo } from '../../base/x509.ts';

export const issuer = 'https://kubernetes.default.svc.cluster.local';
/** Of tokens that lie in Secrets. */
export const legacyIssuer = 'kubernetes/serviceaccount';

/**
 * Pods' tokens are signed with a secret (HS256), which nobody but the server knows: a public key's signature for
 * thousands of them would cost seconds. For the same reason it is a fast keyed hash that stands where HMAC-SHA-256 would.
 */
export type TokenAlgorithm = 'ES256' | 'HS256';

export class TokenKey {
  private made: { readonly key: KeyPair; readonly id: string } | undefined;
  /** Texts whose signature was found to be right. */
  private readonly known = new Set<string>();

  private readonly secret: number;
  private readonly head: string;

  constructor(private readonly seed: string) {
    this.secret = fnv1a(seed);
    this.head = partOf({ alg: 'HS256', kid: 'pods' });
  }

  /** A signed token with these claims. */
  token(claims: object, alg: TokenAlgorithm): string {
    const head = alg === 'ES256' ? partOf({ alg, kid: this.key.id }) : this.head;
    const text = `${head}.${partOf(claims)}`;
    return `${text}.${alg === 'ES256' ? encodeBase64Url(sign(this.key.key, encodeUtf8(text), 'raw')) : this.checksum(text)}`;
  }

  /** Whether a token was signed here. */
  signed(token: string): boolean {
    if (this.known.has(token)) return true;
    const [head = '', payload = '', signature = ''] = token.split('.');
    const text = `${head}.${payload}`;
    const right =
      signature === this.checksum(text) ||
      verifies(this.key.key, encodeUtf8(text), {
        format: 'raw',
        signature: fromBase64Url(signature) ?? new Uint8Array(),
      });
    if (right) {
      if (this.known.size >= knownMax) this.known.clear();
      this.known.add(token);
    }
    return right;
  }

  /** The public key as a JSON Web Key Set. */
  get keySet(): JsonObject {
    const { key, id } = this.key;
    const [x, y] = [key.point.subarray(1, 33), key.point.subarray(33)].map(encodeBase64Url);
    return { keys: [{ use: 'sig', kty: 'EC', kid: id, crv: 'P-256', alg: 'ES256', x: x ?? '', y: y ?? '' }] };
  }

  private get key(): { readonly key: KeyPair; readonly id: string } {
    if (this.made) return this.made;
    const key = keyPair(this.seed);
    this.made = { key, id: encodeBase64Url(sha256(publicKeyInfo(key.point))) };
    return this.made;
  }

  /** 32 bytes that depend on the secret and on every letter. */
  private checksum(text: string): string {
    const bytes = new Uint8Array(32);
    let hash = fnv1a(text, this.secret);
    for (let i = 0; i < bytes.length; i++) {
      hash = fnv1aInt(this.secret, hash);
      bytes[i] = hash >>> 24;
    }
    return encodeBase64Url(bytes);
  }
}

function partOf(value: object): string {
  return encodeBase64Url(encodeUtf8(JSON.stringify(value)));
}

/** /.well-known/openid-configuration: where others learn how to check tokens. */
export function openIdConfiguration(address: string): JsonObject {
  return {
    issuer,
    jwks_uri: `https://${address}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

export function fromBase64Url(text: string): Uint8Array | undefined {
  const plain = text.replace(/-/g, '+').replace(/_/g, '/');
  return decodeBase64(plain.padEnd(Math.ceil(plain.length / 4) * 4, '='));
}

const knownMax = 10_000;
