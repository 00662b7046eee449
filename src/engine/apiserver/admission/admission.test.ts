// Admission as clients meet it: what a namespace's limits, quotas and labels do to pods.
import { describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import type { JsonObject } from '../../../base/json.ts';
import { EtcdStore } from '../../etcd/store.ts';
import { Simulation } from '../../sim/simulation.ts';
import { createApiServer } from '../api-server.ts';
import { asJson, asStored } from '../json-edge.ts';

const admin = { name: 'admin', groups: ['system:masters'] };

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const warnings: string[] = [];
  const call = (request: Partial<ApiRequest>) => {
    const whole = { verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
    const full: ApiRequest = { ...whole, user: admin, userAgent: 'test', ...request };
    return asStored(asJson(api.perform(full, (text) => warnings.push(text)).object));
  };
  const refusal = (request: Partial<ApiRequest>): string => {
    try {
      call(request);
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
    return 'allowed';
  };
  call({ resource: 'serviceaccounts', body: { metadata: { name: 'default' } } });
  return { call, refusal, warnings };
}

function pod(resources: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return { metadata: { name: 'a' }, spec: { containers: [{ name: 'main', image: 'nginx', resources, ...more }] } };
}

describe('LimitRanger', () => {
  const limits = { type: 'Container', max: { cpu: '1' }, min: { cpu: '100m' } };

  test('gives defaults and says so', () => {
    const { call } = setUp();
    call({ resource: 'limitranges', body: { metadata: { name: 'l' }, spec: { limits: [limits] } } });
    const made = call({ body: pod() });
    expect(made.metadata?.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu request for container main; cpu limit for container main',
    });
  });

  test('refuses what is out of bounds', () => {
    const { call, refusal } = setUp();
    call({ resource: 'limitranges', body: { metadata: { name: 'l' }, spec: { limits: [limits] } } });
    expect(refusal({ body: pod({ requests: { cpu: '10m' }, limits: { cpu: '2' } }) })).toMatchInlineSnapshot(
      `"pods "a" is forbidden: [minimum cpu usage per Container is 100m, but request is 10m, maximum cpu usage per Container is 1, but limit is 2]"`,
    );
  });
});

describe('ResourceQuota', () => {
  test('refuses what exceeds it and counts what does not', () => {
    const { call, refusal } = setUp();
    const hard = { pods: '1', 'requests.cpu': '1' };
    const status = { hard, used: { pods: '0', 'requests.cpu': '0' } };
    call({ resource: 'resourcequotas', body: { metadata: { name: 'q' }, spec: { hard } } });
    const change = { verb: 'update', resource: 'resourcequotas', name: 'q' } as const;
    call({ ...change, subresource: 'status', body: { metadata: { name: 'q' }, status } });
    expect(refusal({ body: pod() })).toMatchInlineSnapshot(
      `"pods "a" is forbidden: failed quota: q: must specify requests.cpu for: main"`,
    );
    expect(refusal({ body: pod({ requests: { cpu: '2' } }) })).toMatchInlineSnapshot(
      `"pods "a" is forbidden: exceeded quota: q, requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1"`,
    );
    call({ body: pod({ requests: { cpu: '500m' } }) });
    const quota = call({ verb: 'get', resource: 'resourcequotas', name: 'q' });
    expect(quota.status).toEqual({ hard, used: { pods: '1', 'requests.cpu': '500m' } });
  });
});

describe('PodSecurity', () => {
  test('refuses and warns as the namespace says', () => {
    const { call, refusal, warnings } = setUp();
    const labels = {
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'restricted',
    };
    const body = { metadata: { name: 'strict', labels } };
    call({ resource: 'namespaces', namespace: undefined, body });
    call({ resource: 'serviceaccounts', namespace: 'strict', body: { metadata: { name: 'default' } } });
    const wild = pod({}, { securityContext: { privileged: true } });
    expect(refusal({ namespace: 'strict', body: wild })).toMatchInlineSnapshot(
      `"pods "a" is forbidden: violates PodSecurity "baseline:latest": privileged (container "main" must not set securityContext.privileged=true)"`,
    );
    call({ namespace: 'strict', body: pod() });
    expect(warnings.join()).toMatchInlineSnapshot(
      `"would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")"`,
    );
  });
});

describe('storage', () => {
  test('a claim gets the default class and is protected', () => {
    const { call } = setUp();
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const storageClass = { metadata: { name: 'standard', annotations }, provisioner: 'example.com/disk' };
    call({ group: 'storage.k8s.io', resource: 'storageclasses', namespace: undefined, body: storageClass });
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const claim = call({ resource: 'persistentvolumeclaims', body: { metadata: { name: 'c' }, spec } });
    expect(claim.spec).toMatchObject({ storageClassName: 'standard' });
    expect(claim.metadata?.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  });
});
