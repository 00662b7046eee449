// Who a container is to the API server: the service account that the token mounted into it names. The token's
// signature and its end are left out: the kubelet mounts no other.
import type { UserInfo } from '../../../api/request.ts';
import { decodeBase64, decodeUtf8 } from '../../../base/bytes.ts';
import type { FileTree } from '../../../base/files.ts';
import { isObject } from '../../../base/json.ts';

export const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount/token';

export function accountIn(files: FileTree): UserInfo | undefined {
  if (!files.exists(tokenPath)) return undefined;
  const name = subjectOf(files.readText(tokenPath));
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name ?? '') ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  return {
    name,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

/** `sub` of a JSON web token's claims. */
function subjectOf(token: string): string | undefined {
  const claims = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
  const bytes = decodeBase64(claims.padEnd(Math.ceil(claims.length / 4) * 4, '='));
  if (!bytes) return undefined;
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    return isObject(value) && typeof value.sub === 'string' ? value.sub : undefined;
  } catch {
    return undefined; // a file that somebody put there, and no token
  }
}
