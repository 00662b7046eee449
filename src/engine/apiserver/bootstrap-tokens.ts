// Bootstrap tokens: what machines that join the cluster show first. Each is a Secret of kube-system.
//
//   07401b.f395accd246ae52d ─▶ secret bootstrap-token-07401b ─▶ system:bootstrap:07401b
import type { Secret } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { parseTime } from '../../base/time.ts';
import type { AdmissionLookups } from './admission/plugin.ts';

const everybody = 'system:bootstrappers';

/** The user of such a token; undefined: it is none, or does not count. */
export function bootstrapUser(
  token: string,
  { lookups, now }: { readonly lookups: Pick<AdmissionLookups, 'get'>; readonly now: number },
): UserInfo | undefined {
  const [, id = '', value = ''] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
  if (id === '') return undefined;
  const secret = lookups.get('secrets', 'kube-system', `bootstrap-token-${id}`) as Secret | undefined; // edge: an object of that resource
  if (!secret || secret.metadata?.deletionTimestamp || secret.type !== 'bootstrap.kubernetes.io/token')
    return undefined;
  const data = (name: string): string => decodeUtf8(decodeBase64(secret.data?.[name] ?? '') ?? new Uint8Array());
  if (data('token-id') !== id || data('token-secret') !== value) return undefined;
  if (hasExpired(data('expiration'), now) || data('usage-bootstrap-authentication') !== 'true') return undefined;
  const extra = data('auth-extra-groups');
  const groups = extra === '' ? [] : extra.split(',');
  if (groups.some((group) => !/^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(group))) return undefined;
  const named = [...new Set([everybody, ...groups])].sort();
  return { name: `system:bootstrap:${id}`, groups: [...named, 'system:authenticated'] };
}

/** A time that makes no sense is over. */
function hasExpired(text: string, now: number): boolean {
  return text !== '' && !((parseTime(text) ?? 0) > now);
}
