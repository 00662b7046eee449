// Who sends a request, from its bearer token: static tokens from a file, and those of service accounts.
import type { UserInfo } from '../../api/request.ts';
import { unauthorized } from '../../api/status.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { fnv1a } from '../../base/hash.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { AdmissionLookups } from './admission/plugin.ts';

export type StaticTokens = ReadonlyMap<string, UserInfo>;

export class Authenticator {
  /** As `--token-auth-file` gives them. */
  tokens: StaticTokens = new Map();

  constructor(
    private readonly lookups: Pick<AdmissionLookups, 'get'>,
    private readonly nowMs: () => number,
  ) {}

  /** The user of a bearer token; undefined: nobody that is known here. */
  userOf(token: string): UserInfo | undefined {
    return this.tokens.get(token) ?? this.accountOf(token);
  }

  /** The user of an Authorization header; undefined without one. Throws Unauthorized. */
  userOfHeader(header: string | undefined): UserInfo | undefined {
    const [scheme = '', token] = header?.trim().split(/\s+/) ?? [];
    if (scheme.toLowerCase() !== 'bearer' || !token) return undefined;
    const user = this.userOf(token);
    if (!user) throw unauthorized('Unauthorized');
    return user;
  }

  private accountOf(token: string): UserInfo | undefined {
    const [head = '', payload = '', signature] = token.split('.');
    if (signature !== signatureOf(head, payload)) return undefined;
    const claims = claimsOf(payload);
    const bound = claims['kubernetes.io'];
    const account = isObject(bound) && isObject(bound.serviceaccount) ? bound.serviceaccount : {};
    const namespace = isObject(bound) ? String(bound.namespace) : '';
    const name = String(account.name);
    const stored = this.lookups.get('serviceaccounts', namespace, name);
    if (!stored || stored.metadata?.uid !== account.uid || Number(claims.exp) * 1000 < this.nowMs()) return undefined;
    return {
      name: `system:serviceaccount:${namespace}:${name}`,
      uid: stored.metadata?.uid ?? '',
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] },
    };
  }
}

/** Tokens as upstream's file lists them: `token,user,uid,"group1,group2"`. */
export function readStaticTokens(text: string): StaticTokens {
  const tokens = new Map<string, UserInfo>();
  for (const line of text.split('\n')) {
    const columns = [...line.trim().matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted ?? plain,
    );
    const [token, name, uid, groups = ''] = columns;
    if (!token || !name) continue;
    const list = groups.split(',').map((group) => group.trim());
    tokens.set(token, { name, ...(uid && { uid }), groups: [...list.filter(Boolean), 'system:authenticated'] });
  }
  return tokens;
}

/** A stand-in for a signature that this API server alone accepts. */
export function signatureOf(head: string, payload: string): string {
  let text = `${head}.${payload}`;
  let signature = '';
  for (let i = 0; i < 8; i++) {
    const hash = fnv1a(text).toString(16).padStart(8, '0');
    signature += hash;
    text = `${hash}${text}`;
  }
  return base64Url(signature);
}

export function base64Url(text: string): string {
  return encodeBase64(encodeUtf8(text)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function claimsOf(payload: string): JsonObject {
  try {
    const bytes = decodeBase64(
      payload
        .replace(/-/g, '+')
        .replace(/_/g, '/')
        .padEnd(Math.ceil(payload.length / 4) * 4, '='),
    );
    const value: JsonValue = JSON.parse(decodeUtf8(bytes ?? new Uint8Array()));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
