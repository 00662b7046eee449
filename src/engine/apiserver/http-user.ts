// Whom an HTTP request acts as: its sender, or the one that the sender impersonates.
import type { UserInfo } from '../../api/request.ts';
import { badRequest, forbidden } from '../../api/status.ts';
import type { Authorizer } from './authorizer.ts';

type Headers = Readonly<Record<string, string>>;

/** The user that the request acts as. Throws ApiError where the impersonation is not allowed. */
export function actingUser(user: UserInfo, headers: Headers, authorizer: Authorizer): UserInfo {
  const name = headers['impersonate-user'];
  const groups = headers['impersonate-group']?.split('\n') ?? [];
  const uid = headers['impersonate-uid'];
  const extra = extraOf(headers);
  if (name === undefined) {
    if (groups.length === 0) return user;
    const list = groups.map((group) => JSON.stringify(group)).join(', ');
    const shown = `&user.DefaultInfo{Name:"", UID:"", Groups:[]string{${list}}, Extra:map[string][]string(nil)}`;
    throw badRequest(`requested ${shown} without impersonating a user name`);
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  check(
    user,
    account
      ? { resource: 'serviceaccounts', namespace: account[1] ?? '', name: account[2] ?? '' }
      : { resource: 'users', namespace: '', name },
    authorizer,
  );
  for (const group of groups) check(user, { resource: 'groups', namespace: '', name: group }, authorizer);
  if (uid) check(user, { group: authentication, resource: 'uids', namespace: '', name: uid }, authorizer);
  for (const [key, values] of Object.entries(extra))
    for (const value of values)
      check(
        user,
        { group: authentication, resource: 'userextras', subresource: key, namespace: '', name: value },
        authorizer,
      );
  const implied =
    account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : groups;
  const authenticated = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return {
    name,
    groups: implied.includes(authenticated) ? implied : [...implied, authenticated],
    ...(uid && { uid }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

const authentication = 'authentication.k8s.io';
const extraPrefix = 'impersonate-extra-';

function extraOf(headers: Headers): Readonly<Record<string, readonly string[]>> {
  const extra = new Map<string, readonly string[]>();
  for (const [header, value] of Object.entries(headers))
    if (header.startsWith(extraPrefix)) extra.set(decodedKey(header.slice(extraPrefix.length)), value.split('\n'));
  return Object.fromEntries(extra);
}

/** Keys that no header could hold are escaped; what is no escape stays as it is. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function check(
  user: UserInfo,
  about: {
    readonly group?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace: string;
    readonly name: string;
  },
  authorizer: Authorizer,
): void {
  const { group = '' } = about;
  if (authorizer.allows(user, { kind: 'resource', verb: 'impersonate', ...about, group })) return;
  const where = about.namespace ? `in the namespace ${JSON.stringify(about.namespace)}` : 'at the cluster scope';
  const text = `User ${JSON.stringify(user.name)} cannot impersonate resource ${JSON.stringify(about.resource)} in API group ${JSON.stringify(group)} ${where}`;
  throw forbidden({ group, resource: about.resource }, about.name, text);
}
