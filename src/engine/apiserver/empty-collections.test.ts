// Empty lists and maps over HTTP: part of what was sent, gone from what is stored.
import { expect, test } from 'vitest';
import type { KubeBody } from '../../api/ports.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { EtcdStore } from '../etcd/store.ts';
import { Simulation } from '../sim/simulation.ts';
import { createApiServer } from './api-server.ts';

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  return (method: 'POST' | 'PUT', path: string, body: JsonObject): JsonObject => {
    const answers: JsonObject[] = [];
    const headers = { 'content-type': 'application/json', 'user-agent': 'test' };
    const sent: KubeBody = { kind: 'json', value: body };
    const request = { method, path, headers, body: sent };
    api.http(request, {
      head() {},
      body: (part) => void (part.kind === 'json' && isObject(part.value) && answers.push(part.value)),
      end() {},
    });
    return answers[0] ?? {};
  };
}

/** The answer without what every object has; managers by the fields that they own. */
function told({ metadata, kind: _kind, apiVersion: _version, ...rest }: JsonObject): string {
  const { generation, managedFields } = isObject(metadata) ? metadata : {};
  const entries = Array.isArray(managedFields) ? managedFields.filter(isObject) : [];
  const managers = entries.map(({ manager, fieldsV1 }) => `${manager} ${JSON.stringify(fieldsV1)}`);
  return [JSON.stringify({ ...(generation !== undefined && { generation }), ...rest }), ...managers].join('\n');
}

test('a list that must be written is owned by who gives it, and null once it is stored', () => {
  const send = setUp();
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'a' }, rules: [] };
  expect(told(send('POST', `${roles}?fieldManager=one`, role))).toMatchInlineSnapshot(`
    "{"rules":null}
    one {"f:rules":{}}"
  `);
  expect(told(send('PUT', `${roles}/a?fieldManager=two`, role))).toMatchInlineSnapshot(`
    "{"rules":null}
    two {"f:rules":{}}"
  `);
  expect(told(send('PUT', `${roles}/a?fieldManager=two`, role))).toMatchInlineSnapshot(`
    "{"rules":null}
    two {"f:rules":{}}"
  `);
});

test('an empty list is not none to a network policy', () => {
  const send = setUp();
  const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
  const head = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' } };
  const policy = { ...head, spec: { podSelector: {}, egress: [] } };
  expect(told(send('POST', policies, policy))).toMatchInlineSnapshot(`
    "{"generation":1,"spec":{"podSelector":{},"policyTypes":["Ingress"]}}
    test {"f:spec":{"f:policyTypes":{}}}"
  `);
  expect(told(send('PUT', `${policies}/a`, policy))).toMatchInlineSnapshot(`
    "{"generation":2,"spec":{"podSelector":{},"policyTypes":["Ingress"]}}
    test {"f:spec":{"f:policyTypes":{}}}"
  `);
});

test('empty maps are not stored either, and immutable data may not become one', () => {
  const send = setUp();
  const maps = '/api/v1/namespaces/default/configmaps';
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: {} }, immutable: true };
  expect(told(send('POST', maps, { ...map, data: {}, binaryData: null }))).toMatchInlineSnapshot(`
    "{"immutable":true}
    test {"f:immutable":{}}"
  `);
  expect(send('PUT', `${maps}/a`, { ...map, data: {} }).message).toMatchInlineSnapshot(
    `"ConfigMap "a" is invalid: data: Forbidden: field is immutable when \`immutable\` is set"`,
  );
});

test('nulls in lists and maps stand for nothing', () => {
  const send = setUp();
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', finalizers: null },
    data: { a: null, b: '' },
  };
  expect(told(send('POST', '/api/v1/namespaces/default/secrets', body))).toMatchInlineSnapshot(`
    "{"data":{"a":"","b":""},"type":"Opaque"}
    test {"f:data":{".":{},"f:a":{},"f:b":{}},"f:type":{}}"
  `);
});
