// Who sends an HTTP request: nobody in particular is the cluster's administrator; impersonation makes them another.
import type { UserInfo } from '../../api/request.ts';
import { badRequest, forbidden } from '../../api/status.ts';
import type { Authorizer } from './authorizer.ts';

export const administrator: UserInfo = {
  name: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
};

type Headers = Readonly<Record<string, string>>;

/** The user that the request acts as. Throws ApiError where the impersonation is not allowed. */
export function actingUser(user: UserInfo, headers: Headers, authorizer: Authorizer): UserInfo {
  const name = headers['impersonate-user'];
  const groups = headers['impersonate-group']?.split(',').map((group) => group.trim()) ?? [];
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
  const implied =
    account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : groups;
  const authenticated = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  return { name, groups: implied.includes(authenticated) ? implied : [...implied, authenticated] };
}

function check(
  user: UserInfo,
  about: { readonly resource: string; readonly namespace: string; readonly name: string },
  authorizer: Authorizer,
): void {
  if (authorizer.allows(user, { kind: 'resource', verb: 'impersonate', group: '', ...about })) return;
  const where = about.namespace ? `in the namespace ${JSON.stringify(about.namespace)}` : 'at the cluster scope';
  const text = `User ${JSON.stringify(user.name)} cannot impersonate resource ${JSON.stringify(about.resource)} in API group "" ${where}`;
  throw forbidden({ group: '', resource: about.resource }, about.name, text);
}
