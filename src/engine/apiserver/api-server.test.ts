// The API server as its clients see it: a request in, an answer or a refusal out.
import { describe, expect, test } from 'vitest';
import type { ApiRequest, WatchEvent } from '../../api/request.ts';
import { ApiError } from '../../api/status.ts';
import { EtcdStore } from '../etcd/store.ts';
import { Simulation } from '../sim/simulation.ts';
import { createApiServer } from './api-server.ts';
import { asJson, asStored } from './json-edge.ts';

const admin = { name: 'admin', groups: ['system:masters'] };

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const call = (request: Partial<ApiRequest>) => {
    const whole = { verb: 'get', group: '', version: 'v1', resource: 'pods', user: admin, userAgent: 'test' } as const;
    return asStored(asJson(api.perform({ ...whole, ...request }, () => {}).object));
  };
  const refusal = (request: Partial<ApiRequest>): string => {
    try {
      call(request);
    } catch (error) {
      if (error instanceof ApiError) return `${error.code} ${error.message}`;
      throw error;
    }
    return 'allowed';
  };
  call({ verb: 'create', resource: 'serviceaccounts', namespace: 'default', body: { metadata: { name: 'default' } } });
  return { simulation, api, call, refusal };
}

const spec = { containers: [{ name: 'main', image: 'nginx' }] };
const binding = (name: string, node: string) => ({ metadata: { name }, target: { name: node } });
const pods = { namespace: 'default' } as const;

describe('API server', () => {
  test('replicas of one template share one completed spec', () => {
    const { call } = setUp();
    const body = { metadata: { generateName: 'web-' }, spec };
    const first = call({ ...pods, verb: 'create', body });
    const second = call({ ...pods, verb: 'create', body });
    expect(first.metadata?.name).not.toBe(second.metadata?.name);
    expect(first.spec).toBe(second.spec);
  });

  test.each<readonly [what: string, request: Partial<ApiRequest>, refusal: string]>([
    ['a missing object', { name: 'none', ...pods }, '404 pods "none" not found'],
    [
      'an update without a name',
      { ...pods, verb: 'update', name: 'a', body: { metadata: {}, spec } },
      '400 the name of the object (a based on URL) was undeterminable: name must be provided',
    ],
    [
      'a missing namespace',
      { verb: 'create', namespace: 'ghost', body: { metadata: { name: 'a' }, spec } },
      '404 namespaces "ghost" not found',
    ],
    [
      'a missing service account',
      { verb: 'create', namespace: 'kube-public', body: { metadata: { name: 'a' }, spec } },
      '403 pods "a" is forbidden: error looking up service account kube-public/default: serviceaccount "default" not found',
    ],
    [
      'a field that cannot be selected',
      { verb: 'list', options: { fieldSelector: 'spec.nope=1' } },
      '400 field label not supported: spec.nope',
    ],
    [
      'no containers',
      { ...pods, verb: 'create', body: { metadata: { name: 'a' }, spec: {} } },
      '422 Pod "a" is invalid: spec.containers: Required value',
    ],
    [
      'a user without rights',
      { ...pods, verb: 'list', user: { name: 'zed', groups: [] } },
      '403 pods is forbidden: User "zed" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      "the system's own namespace",
      { verb: 'delete', resource: 'namespaces', name: 'default' },
      '403 namespaces "default" is forbidden: this namespace may not be deleted',
    ],
  ])('refuses %s in the words of upstream', (_what, request, expected) => {
    expect(setUp().refusal(request)).toBe(expected);
  });

  test('a bound pod is deleted gracefully, then for good by its node', () => {
    const { call, refusal } = setUp();
    call({ ...pods, verb: 'create', body: { metadata: { name: 'a' }, spec } });
    call({ ...pods, verb: 'create', name: 'a', subresource: 'binding', body: binding('a', 'n1') });
    const marked = call({ ...pods, verb: 'delete', name: 'a' });
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    call({ ...pods, verb: 'delete', name: 'a', options: { gracePeriodSeconds: 0 } });
    expect(refusal({ ...pods, name: 'a' })).toBe('404 pods "a" not found');
  });

  test("a node's watch sees a pod come when it is bound and nothing of others", () => {
    const { api, call } = setUp();
    const seen: string[] = [];
    const sink = {
      events: (events: readonly WatchEvent[]) => {
        for (const { type, object } of events) seen.push(`${type} ${asStored(object).metadata?.name}`);
      },
      closed: () => seen.push('closed'),
    };
    const options = { fieldSelector: 'spec.nodeName=n1', resourceVersion: '1' };
    api.openWatch(
      { verb: 'watch', group: '', version: 'v1', resource: 'pods', user: admin, userAgent: '', options },
      sink,
    );
    for (const name of ['a', 'b']) call({ ...pods, verb: 'create', body: { metadata: { name }, spec } });
    call({ ...pods, verb: 'create', name: 'a', subresource: 'binding', body: binding('a', 'n1') });
    call({ ...pods, verb: 'create', name: 'b', subresource: 'binding', body: binding('b', 'n2') });
    expect(seen).toEqual(['ADDED a']);
  });

  test('an update from an old version is refused, one without a version goes through', () => {
    const { call, refusal } = setUp();
    const maps = { ...pods, resource: 'configmaps' };
    call({ ...maps, verb: 'create', body: { metadata: { name: 'm' } } });
    const stale = { metadata: { name: 'm', resourceVersion: '1' }, data: { a: 'b' } };
    expect(refusal({ ...maps, verb: 'update', name: 'm', body: stale })).toBe(
      '409 Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(
      call({ ...maps, verb: 'update', name: 'm', body: { metadata: { name: 'm' }, data: { a: 'b' } } }),
    ).toMatchObject({
      data: { a: 'b' },
    });
  });

  test('services get addresses of the range and node ports of theirs', () => {
    const { call } = setUp();
    const body = { metadata: { name: 'web' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } };
    expect(call({ ...pods, verb: 'create', resource: 'services', body })).toMatchObject({
      spec: { clusterIP: expect.stringMatching(/^10\./), ports: [{ nodePort: expect.any(Number) }] },
    });
  });
});
