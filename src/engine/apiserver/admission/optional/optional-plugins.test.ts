// What the admission plugins do that run only where a flag names them.
import { describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../../../api/request.ts';
import { ApiError } from '../../../../api/status.ts';
import type { JsonObject } from '../../../../base/json.ts';
import { loadLateCode } from '../../../../base/late.ts';
import { EtcdStore } from '../../../etcd/store.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { createApiServer } from '../../api-server.ts';
import { asJson, asStored } from '../../json-edge.ts';

const admin = { name: 'admin', groups: ['system:masters'] };
const user = { name: 'jane', groups: ['system:authenticated'] };

await loadLateCode();

/** A server with one more plugin; says what requests are answered with. */
function setUp(plugin: string) {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const call = (request: Partial<ApiRequest>) => {
    const whole = { verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
    const full: ApiRequest = { ...whole, user: admin, userAgent: 'test', ...request };
    return asStored(asJson(api.perform(full, () => {}).object));
  };
  call({ resource: 'serviceaccounts', body: { metadata: { name: 'default' } } });
  const enable = () => api.configure({ plugins: { enabled: [plugin], disabled: [] } });
  const refusal = (request: Partial<ApiRequest>): string => {
    try {
      call(request);
    } catch (error) {
      if (error instanceof ApiError) return `${error.code} ${error.message}`;
      throw error;
    }
    return 'allowed';
  };
  return { call, enable, refusal };
}

function pod(spec: JsonObject = {}): JsonObject {
  return { metadata: { name: 'a' }, spec: { containers: [{ name: 'main', image: 'nginx:1' }], ...spec } };
}

function annotate({ call }: ReturnType<typeof setUp>, annotations: JsonObject): void {
  call({
    verb: 'patch',
    resource: 'namespaces',
    namespace: undefined,
    name: 'default',
    ...merge({ metadata: { annotations } }),
  });
}

function merge(body: JsonObject): Partial<ApiRequest> {
  return { body, patchType: 'application/merge-patch+json' };
}

describe('pods', () => {
  test('AlwaysPullImages pulls always', () => {
    const server = setUp('AlwaysPullImages');
    server.enable();
    const made = server.call({ body: pod() });
    expect(made.spec).toMatchObject({ containers: [{ imagePullPolicy: 'Always' }] });
  });

  test('LimitPodHardAntiAffinityTopology keeps others off nodes alone', () => {
    const server = setUp('LimitPodHardAntiAffinityTopology');
    server.enable();
    const term = { topologyKey: 'topology.kubernetes.io/zone', labelSelector: {} };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
    expect(server.refusal({ body: pod({ affinity }) })).toMatchInlineSnapshot(
      `"403 pods "a" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey topology.kubernetes.io/zone but only key kubernetes.io/hostname is allowed"`,
    );
  });

  test('ExtendedResourceToleration tolerates the taint of a device', () => {
    const server = setUp('ExtendedResourceToleration');
    server.enable();
    const resources = { limits: { 'example.com/gpu': '1' }, requests: { 'example.com/gpu': '1' } };
    const made = server.call({ body: pod({ containers: [{ name: 'main', image: 'nginx', resources }] }) });
    expect(made.spec).toMatchObject({
      tolerations: expect.arrayContaining([{ key: 'example.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]),
    });
  });

  test('PodNodeSelector adds what the namespace says and refuses what contradicts it', () => {
    const server = setUp('PodNodeSelector');
    annotate(server, { 'scheduler.alpha.kubernetes.io/node-selector': 'env=dev,disk=ssd' });
    server.enable();
    expect(server.refusal({ body: pod({ nodeSelector: { env: 'prod' } }) })).toMatchInlineSnapshot(
      `"403 pods "a" is forbidden: pod node label selector conflicts with its namespace node label selector"`,
    );
    const made = server.call({ body: pod({ nodeSelector: { a: 'b' } }) });
    expect(made.spec).toMatchObject({ nodeSelector: { a: 'b', disk: 'ssd', env: 'dev' } });
  });

  test('PodTolerationRestriction adds defaults and refuses what is not allowed', () => {
    const server = setUp('PodTolerationRestriction');
    const toleration = { key: 'dedicated', operator: 'Equal', value: 'web', effect: 'NoSchedule' };
    annotate(server, {
      'scheduler.alpha.kubernetes.io/defaultTolerations': JSON.stringify([toleration]),
      'scheduler.alpha.kubernetes.io/tolerationsWhitelist': JSON.stringify([
        toleration,
        { operator: 'Exists', effect: 'NoExecute' },
      ]),
    });
    server.enable();
    expect(server.call({ body: pod() }).spec).toMatchObject({ tolerations: expect.arrayContaining([toleration]) });
    const other = {
      metadata: { name: 'b' },
      spec: { ...(asJson(pod()).spec as JsonObject), tolerations: [{ operator: 'Exists' }] },
    };
    expect(server.refusal({ body: other })).toMatchInlineSnapshot(
      `"500 pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist"`,
    );
  });
});

describe('other objects', () => {
  test('DenyServiceExternalIPs refuses addresses that are new', () => {
    const server = setUp('DenyServiceExternalIPs');
    server.enable();
    const body = { metadata: { name: 's' }, spec: { ports: [{ port: 80 }], externalIPs: ['192.0.2.1'] } };
    expect(server.refusal({ resource: 'services', body })).toMatchInlineSnapshot(
      `"403 services "s" is forbidden: Use of external IPs is denied by admission control"`,
    );
  });

  test('NamespaceAutoProvision makes namespaces', () => {
    const server = setUp('NamespaceAutoProvision');
    server.enable();
    server.call({ resource: 'configmaps', namespace: 'new', body: { metadata: { name: 'c' } } });
    expect(server.call({ verb: 'get', resource: 'namespaces', namespace: undefined, name: 'new' }).metadata?.name).toBe(
      'new',
    );
  });

  test('AlwaysDeny refuses everything', () => {
    const server = setUp('AlwaysDeny');
    server.enable();
    expect(server.refusal({ resource: 'configmaps', body: { metadata: { name: 'c' } } })).toMatchInlineSnapshot(
      `"403 configmaps "c" is forbidden: admission control is denying all modifications"`,
    );
    expect(server.refusal({ verb: 'delete', resource: 'serviceaccounts', name: 'default' })).toMatchInlineSnapshot(
      `"403 serviceaccounts "default" is forbidden: admission control is denying all modifications"`,
    );
  });

  test('OwnerReferencesPermissionEnforcement asks what the user may do to the owner', () => {
    const server = setUp('OwnerReferencesPermissionEnforcement');
    const rules = [{ verbs: ['create'], apiGroups: [''], resources: ['configmaps'] }];
    const role = { group: 'rbac.authorization.k8s.io', namespace: 'default' };
    server.call({ ...role, resource: 'roles', body: { metadata: { name: 'r' }, rules } });
    const subjects = [{ kind: 'User', name: 'jane', apiGroup: 'rbac.authorization.k8s.io' }];
    const roleRef = { kind: 'Role', name: 'r', apiGroup: 'rbac.authorization.k8s.io' };
    server.call({ ...role, resource: 'rolebindings', body: { metadata: { name: 'r' }, subjects, roleRef } });
    server.enable();
    const owner = { apiVersion: 'v1', kind: 'Secret', name: 'o', uid: '1', blockOwnerDeletion: true };
    const make = (ownerReferences: readonly JsonObject[]) =>
      server.refusal({ resource: 'configmaps', user, body: { metadata: { name: 'c', ownerReferences } } });
    expect(make([owner])).toMatchInlineSnapshot(
      `"403 configmaps "c" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: , <nil>"`,
    );
    expect(make([{ ...owner, kind: 'Thing' }])).toMatchInlineSnapshot(
      `"403 configmaps "c" is forbidden: cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion v1 Kind Thing: no matches for kind "Thing" in version "v1""`,
    );
    expect(make([{ ...owner, blockOwnerDeletion: false }])).toBe('allowed');
  });
});
