// Whom requests act as, by the headers of impersonation.
import { describe, expect, test } from 'vitest';
import type { PolicyRule } from '../../api/generated/types.ts';
import type { UserInfo } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import { Authorizer } from './authorizer.ts';
import { actingUser } from './http-user.ts';

const bob: UserInfo = { name: 'bob', groups: ['system:authenticated'] };
const listSecrets = {
  kind: 'resource',
  verb: 'list',
  group: '',
  resource: 'secrets',
  namespace: 'a',
  name: '',
} as const;

/** What bob acts as where he has these rules: `verbs groups resources names`. */
function acting(headers: Readonly<Record<string, string>>, rules: readonly string[], path?: string): string {
  const given = rules.map((text): PolicyRule => {
    const [verbs = [], apiGroups, resources, resourceNames] = text.split(' ').map((part) => part.split(','));
    return { verbs, apiGroups: apiGroups?.map((group) => group.replace('core', '')), resources, resourceNames };
  });
  const role = { kind: 'ClusterRole', apiVersion: 'v1', rules: given };
  const binding = {
    kind: 'x',
    apiVersion: 'v1',
    subjects: [{ kind: 'User', name: 'bob' }],
    roleRef: { kind: 'ClusterRole', name: 'r' },
  };
  const authorizer = new Authorizer({
    list: (resource) => (resource.startsWith('clusterrolebindings') ? [binding] : []),
    get: () => role,
    version: 1,
  });
  try {
    const asked = path === undefined ? listSecrets : ({ kind: 'path', verb: 'get', path } as const);
    const { name, groups, uid = '', extra } = actingUser(bob, headers, authorizer, asked);
    return `${name} ${groups.join()} ${uid} ${JSON.stringify(extra ?? {})}`;
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
}

const legacy = [
  'impersonate core users,groups,serviceaccounts',
  'impersonate authentication.k8s.io uids,userextras/scopes',
];
const mayList = (mode: string) => `impersonate-on:${mode}:list core secrets`;
const refused = (what: string) => `403 ${what} at the cluster scope`;

describe('acting as another', () => {
  test.each([
    [{}, [], 'bob system:authenticated  {}'],
    [{ 'impersonate-user': '' }, [], 'bob system:authenticated  {}'],
    [{ 'impersonate-user': 'jane' }, legacy, 'jane system:authenticated  {}'],
    [
      { 'impersonate-user': 'jane', 'impersonate-group': 'a\nb', 'impersonate-uid': 'u' },
      legacy,
      'jane a,b,system:authenticated u {}',
    ],
    [
      { 'impersonate-user': 'jane', 'impersonate-extra-scopes': 'v' },
      legacy,
      'jane system:authenticated  {"scopes":["v"]}',
    ],
    [{ 'impersonate-user': 'system:anonymous' }, legacy, 'system:anonymous system:unauthenticated  {}'],
    [
      { 'impersonate-user': 'jane', 'impersonate-group': 'system:unauthenticated' },
      legacy,
      'jane system:unauthenticated  {}',
    ],
    [
      { 'impersonate-user': 'system:serviceaccount:a:b' },
      ['impersonate:serviceaccount authentication.k8s.io serviceaccounts', mayList('serviceaccount')],
      'system:serviceaccount:a:b system:serviceaccounts,system:serviceaccounts:a,system:authenticated  {}',
    ],
    [
      { 'impersonate-user': 'system:node:n1' },
      ['impersonate:arbitrary-node authentication.k8s.io nodes n1', mayList('arbitrary-node')],
      'system:node:n1 system:nodes,system:authenticated  {}',
    ],
  ])('%j with %j', (headers, rules, expected) => {
    expect(acting(headers, rules)).toBe(expected);
  });

  const users = (verb: string, group: string) => `User "bob" cannot ${verb} resource "users" in API group "${group}"`;
  const constrained = ['impersonate:user-info authentication.k8s.io users,groups', mayList('user-info')];
  test.each([
    [
      { 'impersonate-user': 'jane' },
      [],
      '403 secrets is forbidden: User "bob" cannot impersonate-on:user-info:list resource "secrets" in API group "" in the namespace "a"',
    ],
    [
      { 'impersonate-user': 'jane' },
      [mayList('user-info')],
      refused(
        `users.authentication.k8s.io "jane" is forbidden: ${users('impersonate:user-info', 'authentication.k8s.io')}`,
      ),
    ],
    [
      { 'impersonate-user': 'jane', 'impersonate-group': 'system:masters' },
      constrained,
      '403 groups.authentication.k8s.io "system:masters" is forbidden: User "bob" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the system:masters group is not allowed',
    ],
    [
      { 'impersonate-uid': 'u1', 'impersonate-group': 'a\nb', 'impersonate-extra-x': 'y' },
      legacy,
      '400 requested &user.DefaultInfo{Name:"", UID:"u1", Groups:[]string{"a", "b"}, Extra:map[string][]string{"x":[]string{"y"}}} without impersonating a user name',
    ],
  ])('%j with %j is refused', (headers, rules, expected) => {
    expect(acting(headers, rules)).toBe(expected);
  });

  test('paths are named as they are', () => {
    expect(acting({ 'impersonate-user': 'jane' }, [], '/a<b')).toBe(
      '403 forbidden: User "bob" cannot impersonate-on:user-info:get path "/a&lt;b"',
    );
  });
});
