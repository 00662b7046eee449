// Who may do what, as clients meet it: the modes Node and RBAC, and reviews of them.
import { describe, expect, test } from 'vitest';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import { EtcdStore } from '../etcd/store.ts';
import { Simulation } from '../sim/simulation.ts';
import { createApiServer } from './api-server.ts';
import { asJson } from './json-edge.ts';

const admin: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const node: UserInfo = { name: 'system:node:one', groups: ['system:nodes', 'system:authenticated'] };
const ann: UserInfo = { name: 'ann', groups: ['system:authenticated'] };

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const call = (user: UserInfo, request: Partial<ApiRequest>): JsonObject => {
    const whole = { verb: 'get', group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
    return asJson(api.perform({ ...whole, user, userAgent: 'test', ...request }, () => {}).object);
  };
  const refusal = (user: UserInfo, request: Partial<ApiRequest>): string => {
    try {
      call(user, request);
    } catch (error) {
      if (error instanceof ApiError) return error.reason === 'Forbidden' ? error.message : 'allowed';
      throw error;
    }
    return 'allowed';
  };
  const review = (user: UserInfo, resource: string, spec: JsonObject) =>
    call(user, { verb: 'create', group: 'authorization.k8s.io', resource, namespace: undefined, body: { spec } });
  return { call, refusal, review };
}

describe('a node', () => {
  const cannot = (text: string, why: string) => `${text}: ${why}`;
  const unrelated = "no relationship found between node 'one' and this object";

  test.each([
    [{ resource: 'secrets', name: 'mine' }, 'allowed'],
    [
      { resource: 'secrets', name: 'other' },
      cannot(
        'secrets "other" is forbidden: User "system:node:one" cannot get resource "secrets" in API group "" in the namespace "default"',
        unrelated,
      ),
    ],
    [
      { resource: 'secrets', verb: 'list' },
      cannot(
        'secrets is forbidden: User "system:node:one" cannot list resource "secrets" in API group "" in the namespace "default"',
        'No Object name found',
      ),
    ],
    [{ resource: 'secrets', verb: 'list', options: { fieldSelector: 'metadata.name=mine' } }, 'allowed'],
    [
      { resource: 'secrets', verb: 'delete', name: 'mine' },
      cannot(
        'secrets "mine" is forbidden: User "system:node:one" cannot delete resource "secrets" in API group "" in the namespace "default"',
        'can only read resources of this type',
      ),
    ],
    [{ resource: 'configmaps', name: 'settings' }, 'allowed'],
    [{ resource: 'persistentvolumeclaims', name: 'data' }, 'allowed'],
    [
      { resource: 'serviceaccounts', subresource: 'token', verb: 'create', name: 'default', body: { spec: {} } },
      'allowed',
    ],
    [
      { resource: 'pods', verb: 'list' },
      cannot(
        'pods is forbidden: User "system:node:one" cannot list resource "pods" in API group "" in the namespace "default"',
        'can only list/watch pods with spec.nodeName field selector',
      ),
    ],
    [
      { resource: 'pods', verb: 'list', namespace: undefined, options: { fieldSelector: 'spec.nodeName=one' } },
      'allowed',
    ],
    [{ resource: 'pods', name: 'web' }, 'allowed'],
    [
      { resource: 'nodes', namespace: undefined, name: 'two' },
      cannot(
        'nodes "two" is forbidden: User "system:node:one" cannot get resource "nodes" in API group "" at the cluster scope',
        "node 'one' cannot read 'two', only its own Node object",
      ),
    ],
    [{ resource: 'services', verb: 'list' }, 'allowed'],
    [
      { group: 'apps', resource: 'deployments', verb: 'list' },
      'deployments.apps is forbidden: User "system:node:one" cannot list resource "deployments" in API group "apps" in the namespace "default"',
    ],
    [
      { group: 'coordination.k8s.io', resource: 'leases', namespace: 'kube-node-lease', name: 'two' },
      cannot(
        'leases.coordination.k8s.io "two" is forbidden: User "system:node:one" cannot get resource "leases" in API group "coordination.k8s.io" in the namespace "kube-node-lease"',
        'can only access node lease with the same name as the requesting node',
      ),
    ],
  ] satisfies [Partial<ApiRequest>, string][])('%j', (request, text) => {
    const { call, refusal } = setUp();
    call(admin, { verb: 'create', resource: 'serviceaccounts', body: { metadata: { name: 'default' } } });
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }];
    const volumes = [
      { name: 's', secret: { secretName: 'mine' } },
      { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    ];
    const spec = { nodeName: 'one', volumes, containers: [{ name: 'c', image: 'nginx', env }] };
    call(admin, { verb: 'create', body: { metadata: { name: 'web' }, spec } });
    expect(refusal(node, request)).toBe(text);
  });
});

describe('a review', () => {
  const attributes = { verb: 'list', resource: 'pods', namespace: 'default' };

  test('says which binding allows it', () => {
    const { call, review } = setUp();
    const group = 'rbac.authorization.k8s.io';
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name: 'view' };
    const subjects = [{ kind: 'User', apiGroup: group, name: 'ann' }];
    expect(review(ann, 'selfsubjectaccessreviews', { resourceAttributes: attributes }).status).toEqual({
      allowed: false,
    });
    const body = { metadata: { name: 'viewers' }, roleRef, subjects };
    call(admin, { verb: 'create', group, resource: 'rolebindings', body });
    const role = { metadata: { name: 'view' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }] };
    call(admin, { verb: 'update', group, resource: 'clusterroles', namespace: undefined, name: 'view', body: role });
    expect(review(ann, 'selfsubjectaccessreviews', { resourceAttributes: attributes }).status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "viewers/default" of ClusterRole "view" to User "ann"',
    });
  });

  test('lists the rules of a user in a namespace', () => {
    const { review } = setUp();
    const { spec, status } = review(ann, 'selfsubjectrulesreviews', { namespace: 'default' });
    expect(spec).toEqual({});
    expect(status).toMatchObject({ incomplete: false });
    expect(JSON.stringify(status)).toContain('"resources":["selfsubjectaccessreviews","selfsubjectrulesreviews"]');
    expect(review(node, 'selfsubjectrulesreviews', { namespace: 'default' }).status).toMatchObject({
      incomplete: true,
      evaluationError: 'node authorizer does not support user rule resolution',
    });
    expect(() => review(ann, 'selfsubjectrulesreviews', {})).toThrow('no namespace on request');
  });
});

test('an API server that starts mends the default roles and bindings, but not those that say no', () => {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const store = new EtcdStore();
  const start = () => {
    const api = createApiServer({ scope: simulation.root.child('apiserver'), store });
    return (request: Partial<ApiRequest>): JsonObject => {
      const whole = {
        group: 'rbac.authorization.k8s.io',
        version: 'v1',
        resource: 'clusterroles',
        verb: 'get',
      } as const;
      return asJson(api.perform({ ...whole, user: admin, userAgent: 'test', ...request }, () => {}).object);
    };
  };
  const before = start();
  const change = (name: string, patch: JsonObject, resource = 'clusterroles') =>
    before({ resource, name, verb: 'patch', patchType: 'application/merge-patch+json', body: patch });
  const rule = { verbs: ['get'], apiGroups: ['x'], resources: ['y'] };
  const unmended = { metadata: { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } } };
  before({ name: 'system:node', verb: 'delete' });
  change('system:basic-user', { rules: [rule] });
  change('system:discovery', { ...unmended, rules: [rule] });
  const others = { resource: 'clusterrolebindings', name: 'system:basic-user' };
  change(
    others.name,
    { subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ann' }] },
    others.resource,
  );
  const unchanged = before({ name: 'view' });

  const after = start();
  expect(after({ name: 'system:node' }).rules).not.toEqual([]);
  expect(after({ name: 'system:basic-user' }).rules).toHaveLength(4);
  expect(after({ name: 'system:discovery' }).rules).toEqual([rule]);
  expect(after(others).subjects).toMatchObject([{ name: 'ann' }, { name: 'system:authenticated' }]);
  expect(after({ name: 'view' })).toEqual(unchanged);
});
