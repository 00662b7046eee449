// Bearer tokens: whose they are, for whom they are meant, and when they are nobody's any more.
import { expect, test } from 'vitest';
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { testCluster } from '../testing/cluster.ts';

const admin = { name: 'admin', groups: ['system:masters'] };
const at = { group: '', version: 'v1', namespace: 'default', user: admin, userAgent: 'test' };
const encoded = (text: string): string => encodeBase64(encodeUtf8(text));

function cluster() {
  const made = testCluster();
  const { apiServer } = made;
  const object = (what: object): JsonObject => (isObject(what) ? what : {});
  const create = (resource: string, body: JsonObject, namespace = 'default'): JsonObject =>
    object(apiServer.perform({ ...at, namespace, resource, verb: 'create', body }, () => {}).object);
  const token = (spec: JsonObject, user = admin): string => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const request = { ...at, user, resource: 'serviceaccounts', name: 'default', subresource: 'token' };
    const { status } = object(apiServer.perform({ ...request, verb: 'create', body }, () => {}).object);
    return isObject(status) ? String(status.token) : '';
  };
  const review = (given: string, audiences?: readonly string[]): unknown => {
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token: given, ...(audiences && { audiences }) },
    };
    const request = { ...at, group: 'authentication.k8s.io', namespace: undefined, resource: 'tokenreviews' };
    const { status } = object(apiServer.perform({ ...request, verb: 'create', body }, () => {}).object);
    if (!isObject(status)) return undefined;
    return status.error ?? [isObject(status.user) && status.user.username, ...(status.audiences as readonly string[])];
  };
  return { ...made, create, token, review };
}

test('a token counts for those whom it is meant for, as long as it lasts', () => {
  const { token, review, run } = cluster();
  const forApi = token({ expirationSeconds: 600 });
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  const user = 'system:serviceaccount:default:default';
  expect(review(forApi)).toEqual([user, issuer]);
  expect(review(forApi, ['vault', issuer])).toEqual([user, issuer]);
  expect(review(token({ audiences: ['vault'] }), ['vault'])).toEqual([user, 'vault']);
  expect(review(token({ audiences: ['vault'] }))).toBe(
    `[invalid bearer token, token audiences ["vault"] is invalid for the target audiences ["${issuer}"]]`,
  );
  expect(review('x.y.z')).toBe('invalid bearer token');
  expect(() => review('')).toThrow('token is required for TokenReview in authentication');
  run(700_000);
  expect(review(forApi)).toBe('[invalid bearer token, service account token has expired]');
});

test('a token in a Secret lasts as long as the Secret says the same, and its use is noted', () => {
  const { create, token, review, apiServer } = cluster();
  const type = 'kubernetes.io/service-account-token';
  const metadata = { name: 's', annotations: { 'kubernetes.io/service-account.name': 'default' } };
  const { metadata: made } = create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata, type });
  const uid = isObject(made) ? String(made.uid) : '';
  const manager = { name: 'system:kube-controller-manager', groups: ['system:masters'] };
  const legacy = token({ boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 's', uid } }, manager);
  expect(review(legacy)).toBe("[invalid bearer token, Token does not match server's copy]");
  const patch = (body: JsonObject): void => {
    const request = { ...at, resource: 'secrets', name: 's', verb: 'patch', body } as const;
    apiServer.perform({ ...request, patchType: 'application/merge-patch+json' }, () => {});
  };
  patch({ data: { token: encoded(legacy) } });
  expect(review(legacy)).toEqual([
    'system:serviceaccount:default:default',
    'https://kubernetes.default.svc.cluster.local',
  ]);
  expect(apiServer.lookup('secrets', 'default', 's').metadata?.labels).toEqual({
    'kubernetes.io/legacy-token-last-used': '2026-01-02',
  });
  patch({ metadata: { labels: { 'kubernetes.io/legacy-token-invalid-since': '2026-01-02' } } });
  expect(review(legacy)).toMatch(/the token in secret default\/s for service account default\/default has been marked/);
});

test('a bootstrap token is a Secret of kube-system that says so and has not expired', () => {
  const { create, review, run } = cluster();
  const add = (id: string, more: Readonly<Record<string, string>>): void => {
    const data = {
      'token-id': id,
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
      ...more,
    };
    create(
      'secrets',
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `bootstrap-token-${id}` },
        type: 'bootstrap.kubernetes.io/token',
        data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, encoded(text)])),
      },
      'kube-system',
    );
  };
  add('aaaaaa', { expiration: '2026-01-02T04:00:00Z', 'auth-extra-groups': 'system:bootstrappers:x' });
  add('bbbbbb', { 'usage-bootstrap-authentication': 'false' });
  add('cccccc', { 'auth-extra-groups': 'system:masters' });
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  expect(review('aaaaaa.0123456789abcdef')).toEqual(['system:bootstrap:aaaaaa', issuer]);
  for (const wrong of ['aaaaaa.0123456789abcdee', 'bbbbbb.0123456789abcdef', 'cccccc.0123456789abcdef'])
    expect(review(wrong)).toBe('invalid bearer token');
  run(3_600_000);
  expect(review('aaaaaa.0123456789abcdef')).toBe('invalid bearer token');
});

test('a refusal names the namespace that is asked for, and roles that are not there', () => {
  const { create, apiServer } = cluster();
  const bob = { name: 'bob', groups: ['system:authenticated'] };
  const get = (): unknown =>
    apiServer.perform(
      { ...at, namespace: undefined, user: bob, resource: 'namespaces', name: 'default', verb: 'get' },
      () => {},
    );
  expect(get).toThrow('User "bob" cannot get resource "namespaces" in API group "" in the namespace "default"');
  const binding = (name: string, kind: string): JsonObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'bob' }],
  });
  const bind = (name: string, kind: string): unknown =>
    apiServer.perform(
      {
        ...at,
        group: 'rbac.authorization.k8s.io',
        resource: 'rolebindings',
        verb: 'create',
        body: binding(name, kind),
      },
      () => {},
    );
  bind('nope', 'Role');
  expect(get).toThrow('in the namespace "default": RBAC: role.rbac.authorization.k8s.io "nope" not found');
  create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
  bind('view', 'ClusterRole');
  expect(get).not.toThrow();
});
