// Tokens of service accounts: those that the token subresource issues, bound to what may go away, and those of Secrets,
// which last as long as their Secret does.

import type { Secret } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { AdmissionLookups } from './admission/plugin.ts';
import { fromBase64Url, issuer, legacyIssuer, type TokenKey } from './service-account-tokens.ts';

/** Whose a token is and for whom it is meant; or, in upstream's words, why it is nobody's. */
export type TokenAnswer =
  | {
      readonly user: UserInfo;
      readonly audiences: readonly string[];
      readonly notes?: Readonly<Record<string, string>>;
    }
  | { readonly problem: string };

/** Whom tokens for the API server itself are meant for. */
export const apiAudiences: readonly string[] = [issuer];

const credentialId = 'authentication.kubernetes.io/credential-id';
const pod = 'authentication.kubernetes.io/pod';
const node = 'authentication.kubernetes.io/node';
const legacy = 'kubernetes.io/serviceaccount';
export const lastUsedLabel = 'kubernetes.io/legacy-token-last-used';
const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since';

/** Clocks may differ by that much. */
const leewayMs = 60_000;

class Invalid extends Error {
  override name = 'Invalid';
}

export class AccountTokens {
  constructor(
    private readonly lookups: Pick<AdmissionLookups, 'get' | 'replace'>,
    private readonly nowMs: () => number,
    private readonly key: TokenKey,
  ) {}

  /** Undefined: it is no token of a service account. */
  check(token: string, wanted: readonly string[]): TokenAnswer | undefined {
    if (!this.key.signed(token)) return undefined;
    const claims = claimsOf(token);
    const given = isList(claims.aud) ? claims.aud.map(String) : typeof claims.aud === 'string' ? [claims.aud] : [];
    const meant = given.length === 0 ? apiAudiences : given;
    const audiences = meant.filter((audience) => wanted.includes(audience));
    const shown = (list: readonly string[]): string => `[${list.map(quote).join(' ')}]`;
    if (audiences.length === 0)
      return { problem: `token audiences ${shown(meant)} is invalid for the target audiences ${shown(wanted)}` };
    try {
      return claims.iss === legacyIssuer
        ? { ...this.ofSecret(token, claims), audiences }
        : { user: this.bound(claims), audiences };
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return { problem: error.message };
    }
  }

  private bound(claims: JsonObject): UserInfo {
    const now = this.nowMs();
    if (Number(claims.exp) * 1000 < now - leewayMs) throw new Invalid('service account token has expired');
    if (Number(claims.nbf) * 1000 > now + leewayMs) throw new Invalid('service account token is not valid yet');
    const told = objectAt(claims, 'kubernetes.io');
    const [namespace, name] = [textAt(told, 'namespace'), textAt(objectAt(told, 'serviceaccount'), 'name')];
    const uid = textAt(objectAt(told, 'serviceaccount'), 'uid');
    const account = this.account(namespace, name);
    if (account.metadata?.uid !== uid)
      throw new Invalid(`service account UID (${account.metadata?.uid}) does not match claim (${uid})`);
    if (isGone(account, now)) throw new Invalid(`service account ${namespace}/${name} has been deleted`);
    if (isObject(told.secret)) this.requireThere('secret', told.secret, namespace);
    if (isObject(told.pod)) this.requireThere('pod', told.pod, namespace);
    else if (isObject(told.node)) this.requireThere('node', told.node, undefined);
    return userOf(namespace, name, {
      uid,
      extra: {
        ...(claims.jti !== undefined && { [credentialId]: [`JTI=${claims.jti}`] }),
        ...(isObject(told.pod) && referenceExtra(pod, told.pod)),
        ...(isObject(told.node) && referenceExtra(node, told.node)),
      },
    });
  }

  /** What a token is bound to must be there still. */
  private requireThere(kind: 'secret' | 'pod' | 'node', claim: JsonObject, namespace: string | undefined): void {
    const object = this.lookups.get(`${kind}s`, namespace, textAt(claim, 'name'));
    if (!object || isGone(object, this.nowMs())) throw new Invalid('service account token has been invalidated');
    const { uid } = object.metadata ?? {};
    if (uid === claim.uid) return;
    const title = kind === 'secret' ? 'secret UID' : `${kind} UID`;
    throw new Invalid(`${title} (${uid}) does not match service account ${kind} ref claim (${String(claim.uid)})`);
  }

  private ofSecret(token: string, claims: JsonObject) {
    const claim = (name: string): string => textAt(claims, `${legacy}/${name}`);
    const [namespace, name, secretName] = [claim('namespace'), claim('service-account.name'), claim('secret.name')];
    const uid = claim('service-account.uid');
    const secret = this.lookups.get('secrets', namespace, secretName) as Secret | undefined; // edge: an object of that resource
    if (!secret || secret.metadata?.deletionTimestamp) throw new Invalid('Token has been invalidated');
    if (decodeUtf8(decodeBase64(secret.data?.token ?? '') ?? new Uint8Array()) !== token)
      throw new Invalid("Token does not match server's copy");
    const account = this.account(namespace, name);
    if (account.metadata?.deletionTimestamp) throw new Invalid(`ServiceAccount ${namespace}/${name} has been deleted`);
    if (account.metadata?.uid !== uid)
      throw new Invalid(`ServiceAccount UID (${account.metadata?.uid}) does not match claim (${uid})`);
    this.noteUse(secret);
    if (secret.metadata?.labels?.[invalidSinceLabel]) {
      const advice = `Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${invalidSinceLabel}' label from the secret to temporarily allow use of this token`;
      throw new Invalid(
        `the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. ${advice}`,
      );
    }
    const notes = {
      'authentication.k8s.io/legacy-token': textAt(claims, 'sub'),
      'authentication.k8s.io/legacy-token-manual-secret': secretName,
    };
    return { user: userOf(namespace, name, { uid }), notes };
  }

  private account(namespace: string, name: string): StoredObject {
    const account = this.lookups.get('serviceaccounts', namespace, name);
    if (!account) throw new Invalid(`serviceaccounts ${quote(name)} not found`);
    return account;
  }

  /** A Secret's label tells the day on which its token was last used. */
  private noteUse(secret: Secret): void {
    const today = formatTime(this.nowMs()).slice(0, 10);
    const { labels } = secret.metadata ?? {};
    if (labels?.[lastUsedLabel] === today) return;
    const metadata = { ...secret.metadata, labels: { ...labels, [lastUsedLabel]: today } };
    this.lookups.replace('secrets', secret, { ...secret, metadata });
  }
}

function userOf(namespace: string, name: string, more: Pick<UserInfo, 'uid' | 'extra'>): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ...more,
  };
}

function referenceExtra(prefix: string, claim: JsonObject): Readonly<Record<string, readonly string[]>> {
  const uid = textAt(claim, 'uid');
  return { [`${prefix}-name`]: [textAt(claim, 'name')], ...(uid !== '' && { [`${prefix}-uid`]: [uid] }) };
}

function isGone({ metadata }: StoredObject, now: number): boolean {
  const { deletionTimestamp } = metadata ?? {};
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < now - leewayMs;
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

function textAt(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : '';
}

function claimsOf(token: string): JsonObject {
  try {
    const bytes = fromBase64Url(token.split('.')[1] ?? '');
    const value: JsonValue = JSON.parse(decodeUtf8(bytes ?? new Uint8Array()));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
