// The key that service account tokens are signed with, and what the world may know of it: /openid/v1/jwks.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodeBase64, encodeBase64Url, encodeUtf8 } from '../../base/bytes.ts';
import { type KeyPair, keyPair, sign, verifies } from '../../base/certificate-authority.ts';
import type { JsonObject } from '../../base/json.ts';
import { publicKeyInfo } from '../../base/x509.ts';

export const issuer = 'https://kubernetes.default.svc.cluster.local';

/** Pods' tokens are signed with a secret (HS256): a public key's signature for thousands of them would cost seconds. */
export type TokenAlgorithm = 'ES256' | 'HS256';

export class TokenKey {
  private made: { readonly key: KeyPair; readonly id: string } | undefined;
  /** Texts whose signature was found to be right. */
  private readonly known = new Set<string>();

  private readonly secret: ReturnType<typeof hmac.create>;

  constructor(private readonly seed: string) {
    this.secret = hmac.create(sha256, encodeUtf8(seed));
  }

  /** A signed token with these claims. */
  token(claims: object, alg: TokenAlgorithm): string {
    const head = { alg, kid: alg === 'ES256' ? this.key.id : 'pods' };
    const text = [head, claims].map((part) => encodeBase64Url(encodeUtf8(JSON.stringify(part)))).join('.');
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

  private checksum(text: string): string {
    return encodeBase64Url(this.secret.clone().update(encodeUtf8(text)).digest());
  }
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
