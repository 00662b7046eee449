// Who manages which fields, as clients see it: through writes of all kinds.
import { describe, expect, test } from 'vitest';
import type { KubeBody } from '../../../api/ports.ts';
import type { ApiRequest } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import { isObject, type JsonObject } from '../../../base/json.ts';
import { EtcdStore } from '../../etcd/store.ts';
import { Simulation } from '../../sim/simulation.ts';
import { createApiServer } from '../api-server.ts';
import { asJson } from '../json-edge.ts';
import { withManagedFields } from './show.ts';

const admin = { name: 'admin', groups: ['system:masters'] };

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const call = (request: Partial<ApiRequest>): JsonObject => {
    const whole = { verb: 'get', group: 'apps', version: 'v1', resource: 'deployments', namespace: 'default' } as const;
    return asJson(
      api.perform({ ...whole, name: 'web', user: admin, userAgent: 'test/1', ...request }, () => {}).object,
    );
  };
  const apply = (manager: string, body: JsonObject, force = false): JsonObject =>
    call({
      verb: 'patch',
      patchType: 'application/apply-patch+yaml',
      options: { fieldManager: manager, force },
      body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, ...body },
    });
  return { api, call, apply };
}

function managers(object: JsonObject): string {
  const { metadata } = withManagedFields(object);
  const list = isObject(metadata) && Array.isArray(metadata.managedFields) ? metadata.managedFields : [];
  return list
    .filter(isObject)
    .map(({ manager, operation, fieldsV1 }) => `${manager} ${operation} ${JSON.stringify(fieldsV1)}`)
    .join('\n')
    .replaceAll('"', "'");
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
  return 'allowed';
}

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } };
const spec = { replicas: 2, selector: { matchLabels: { app: 'web' } }, template };

describe('managed fields', () => {
  test('an applied configuration owns what it names, no more', () => {
    const { apply } = setUp();
    expect(managers(apply('one', { spec }))).toMatchInlineSnapshot(
      `"one Apply {'f:spec':{'f:replicas':{},'f:selector':{},'f:template':{'f:metadata':{'f:labels':{'f:app':{}}},'f:spec':{'f:containers':{'k:{\\'name\\':\\'main\\'}':{'.':{},'f:image':{},'f:name':{}}}}}}}"`,
    );
  });

  test('another manager cannot take a field without force', () => {
    const { apply } = setUp();
    apply('one', { spec });
    const wanted = { spec: { replicas: 3 } };
    expect(refusal(() => apply('two', wanted))).toMatchInlineSnapshot(
      `"Apply failed with 1 conflict: conflict with "one": .spec.replicas"`,
    );
    const forced = managers(apply('two', wanted, true));
    expect(forced).toContain("two Apply {'f:spec':{'f:replicas':{}}}");
    expect(forced.match(/f:replicas/g)).toHaveLength(1);
  });

  test('a value that all agree on has several owners, and goes with the last of them', () => {
    const { apply } = setUp();
    apply('one', { spec, metadata: { name: 'web', labels: { a: '1', b: '2' } } });
    apply('two', { metadata: { name: 'web', labels: { a: '1' } } });
    const first = apply('one', { spec });
    expect(isObject(first.metadata) && first.metadata.labels).toEqual({ a: '1' });
    const second = apply('two', { metadata: { name: 'web' } });
    expect(isObject(second.metadata) && second.metadata.labels).toBeUndefined();
  });

  test('an update owns what it changed', () => {
    const { call, apply } = setUp();
    apply('one', { spec });
    const body = { spec: { replicas: 5 } };
    const patched = call({ verb: 'patch', patchType: 'application/merge-patch+json', body, userAgent: 'kubectl/v1' });
    expect(managers(patched)).toContain("kubectl Update {'f:spec':{'f:replicas':{}}}");
    expect(refusal(() => apply('one', { spec }))).toMatchInlineSnapshot(
      `"Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas"`,
    );
  });

  test('a watch tells of a write with who manages what from then on', () => {
    const { api, call } = setUp();
    const told: string[] = [];
    const path = '/apis/apps/v1/namespaces/default/deployments?watch=1';
    const body = (piece: KubeBody): void => {
      const event = piece.kind === 'json' && isObject(piece.value) ? piece.value : {};
      told.push(`${event.type} ${isObject(event.object) && managers(event.object)}`);
    };
    api.http({ method: 'GET', path }, { head() {}, body, end() {} });
    call({ verb: 'create', name: undefined, body: { metadata: { name: 'web' }, spec: { ...spec, paused: true } } });
    const patch = { spec: { replicas: 5 } };
    call({ verb: 'patch', patchType: 'application/merge-patch+json', body: patch, userAgent: 'kubectl/v1' });
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("ADDED test Update {'f:spec':{'f:paused':{},'f:progressDeadlineSeconds'");
    expect(told[1]).toContain("kubectl Update {'f:spec':{'f:replicas':{}}}");
  });

  test('applying the same again writes nothing', () => {
    const { apply } = setUp();
    const version = ({ metadata }: JsonObject) => isObject(metadata) && metadata.resourceVersion;
    expect(version(apply('one', { spec }))).toBe(version(apply('one', { spec })));
  });

  test('items of one key belong to whoever wrote them as one', () => {
    const { call, apply } = setUp();
    const withPorts = (ports: readonly JsonObject[]) => {
      const containers = [{ name: 'main', image: 'nginx', ports: [...ports] }];
      return { spec: { ...spec, template: { ...template, spec: { containers } } } };
    };
    const portsOf = (object: JsonObject) => /'f:ports':(\{.*?\}\})\}/.exec(managers(object))?.[1];
    apply('one', withPorts([{ containerPort: 80, name: 'a' }]));
    const patch = (ports: readonly JsonObject[]): JsonObject =>
      call({ verb: 'patch', patchType: 'application/merge-patch+json', body: withPorts(ports), userAgent: 'two/1' });
    const twice = patch([
      { containerPort: 80, name: 'a' },
      { containerPort: 80, name: 'b' },
    ]);
    expect(portsOf(twice)).toMatchInlineSnapshot(`"{'k:{\\'containerPort\\':80,\\'protocol\\':\\'TCP\\'}':{}}"`);
    expect(portsOf(patch([{ containerPort: 80, name: 'b' }]))).toMatchInlineSnapshot(
      `"{'k:{\\'containerPort\\':80,\\'protocol\\':\\'TCP\\'}':{'.':{},'f:containerPort':{},'f:name':{},'f:protocol':{}}"`,
    );
  });

  test('an item goes with the manager that had it, even where others had a field of it', () => {
    const { call, apply } = setUp();
    const withContainers = (...names: readonly string[]) => {
      const containers = names.map((name) => ({ name, image: 'nginx' }));
      return { spec: { ...spec, template: { ...template, spec: { containers } } } };
    };
    apply('one', withContainers('main', 'extra'));
    const body = { spec: { template: { spec: { containers: [{ name: 'extra', image: 'httpd' }] } } } };
    call({ verb: 'patch', patchType: 'application/strategic-merge-patch+json', body });
    expect(JSON.stringify(apply('one', withContainers('main')).spec)).not.toContain('extra');
  });

  test('a write that changes nothing but what is dropped again is noted all the same', () => {
    const { call } = setUp();
    const node = { group: '', version: 'v1', resource: 'nodes', namespace: undefined, name: 'n' } as const;
    call({ ...node, verb: 'create', body: { metadata: { name: 'n', labels: { a: 'b' } } } });
    const body = { spec: { configSource: { configMap: { name: 'a', namespace: 'b', kubeletConfigKey: 'k' } } } };
    const patched = call({ ...node, verb: 'patch', patchType: 'application/merge-patch+json', body });
    expect(JSON.stringify(patched.spec)).not.toContain('configSource');
    expect(managers(patched)).toContain('f:configSource');
  });
});
