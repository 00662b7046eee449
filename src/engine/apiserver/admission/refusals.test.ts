// What the admission plugins of every cluster refuse, and in which words.
import { describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import type { JsonObject } from '../../../base/json.ts';
import { EtcdStore } from '../../etcd/store.ts';
import { Simulation } from '../../sim/simulation.ts';
import { createApiServer } from '../api-server.ts';
import { asJson, asStored } from '../json-edge.ts';

const admin = { name: 'admin', groups: ['system:masters'] };
const kubelet = { name: 'system:node:a', groups: ['system:nodes', 'system:masters'] };
const clusterWide = { namespace: undefined };

function setUp() {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const call = (request: Partial<ApiRequest>) => {
    const whole = { verb: 'create', group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
    const full: ApiRequest = { ...whole, user: admin, userAgent: 'test', ...request };
    return asStored(asJson(api.perform(full, () => {}).object));
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
  return { call, refusal };
}

function pod(spec: JsonObject = {}, metadata: JsonObject = {}): Partial<ApiRequest> {
  const containers = [{ name: 'main', image: 'nginx' }];
  return { body: { metadata: { name: 'p', ...metadata }, spec: { containers, ...spec } } };
}

test('Priority refuses what contradicts a class, and a second default', () => {
  const { call, refusal } = setUp();
  const classes = { group: 'scheduling.k8s.io', resource: 'priorityclasses', ...clusterWide };
  const high = { metadata: { name: 'high' }, value: 9, globalDefault: true, preemptionPolicy: 'Never' };
  call({ ...classes, body: high });
  const said = [
    refusal({ ...classes, body: { ...high, metadata: { name: 'low' } } }),
    refusal(pod({ priority: 8 })),
    refusal(pod({ preemptionPolicy: 'PreemptLowerPriority' })),
    refusal(pod({ priorityClassName: 'none' })),
  ];
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "priorityclasses.scheduling.k8s.io "low" is forbidden: PriorityClass high is already marked as default. Only one default can exist
    pods "p" is forbidden: the integer value of priority (8) must not be provided in pod spec; priority admission controller computed 9 from the given PriorityClass name
    pods "p" is forbidden: the string value of PreemptionPolicy (PreemptLowerPriority) must not be provided in pod spec; priority admission controller computed Never from the given PriorityClass name
    pods "p" is forbidden: no PriorityClass with name none was found"
  `);
});

test('RuntimeClass refuses overheads and nodes that contradict a class', () => {
  const { call, refusal } = setUp();
  const body = {
    metadata: { name: 'vm' },
    handler: 'vm',
    overhead: { podFixed: { cpu: '100m' } },
    scheduling: { nodeSelector: { vm: 'yes' } },
  };
  call({ group: 'node.k8s.io', resource: 'runtimeclasses', ...clusterWide, body });
  const said = [
    refusal(pod({ runtimeClassName: 'vm', overhead: { cpu: '1' } })),
    refusal(pod({ runtimeClassName: 'vm', nodeSelector: { vm: 'no' } })),
    refusal(pod({ overhead: { cpu: '1' } })),
    refusal(pod({ runtimeClassName: 'none' })),
  ];
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "pods "p" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead
    pods "p" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no
    pods "p" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead
    pods "p" is forbidden: pod rejected: RuntimeClass "none" not found"
  `);
});

test('ServiceAccount lets accounts limit the secrets of their pods', () => {
  const { call, refusal } = setUp();
  const annotations = { 'kubernetes.io/enforce-mountable-secrets': 'true' };
  call({ resource: 'serviceaccounts', body: { metadata: { name: 's', annotations }, secrets: [{ name: 'mine' }] } });
  const secretKeyRef = { name: 'other', key: 'k' };
  const container = { name: 'main', image: 'nginx', env: [{ name: 'E', valueFrom: { secretKeyRef } }] };
  const volumes = ['mine', 'other'].map((secretName) => ({ name: secretName, secret: { secretName } }));
  const said = [
    refusal(pod({ serviceAccountName: 's', volumes })),
    refusal(pod({ serviceAccountName: 's', containers: [container] })),
    refusal(pod({ serviceAccountName: 's', imagePullSecrets: [{ name: 'r' }] })),
    refusal(pod({ serviceAccountName: 'none' })),
    refusal(pod({ serviceAccountName: 's' }, { annotations: { 'kubernetes.io/config.mirror': 'x' } })),
  ];
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "pods "p" is forbidden: volume with secret.secretName="other" is not allowed because service account s does not reference that secret
    pods "p" is forbidden: container main with envVar E referencing secret.secretName="other" is not allowed because service account s does not reference that secret
    pods "p" is forbidden: imagePullSecrets[0].name="r" is not allowed because service account s does not reference that imagePullSecret
    pods "p" is forbidden: error looking up service account default/none: serviceaccount "none" not found
    pods "p" is forbidden: a mirror pod may not reference service accounts"
  `);
});

describe('NodeRestriction', () => {
  test('a kubelet changes what is its own', () => {
    const { call, refusal } = setUp();
    for (const name of ['a', 'b']) call({ resource: 'nodes', ...clusterWide, body: { metadata: { name } } });
    call(pod({ nodeName: 'b' }));
    const patch = (name: string, body: JsonObject) =>
      refusal({
        verb: 'patch',
        patchType: 'application/merge-patch+json',
        resource: 'nodes',
        ...clusterWide,
        user: kubelet,
        name,
        body,
      });
    const said = [
      patch('b', { metadata: { labels: { x: 'y' } } }),
      patch('a', { metadata: { labels: { 'node-restriction.kubernetes.io/x': 'y', 'kubernetes.io/x': 'y' } } }),
      patch('a', { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }),
      patch('a', { metadata: { labels: { 'node.kubernetes.io/x': 'y', x: 'y' } } }),
      refusal({ verb: 'delete', name: 'p', user: kubelet }),
      refusal({ ...pod({ nodeName: 'a' }), user: kubelet }),
      refusal({ ...pod({}, { name: 'q', annotations: { 'kubernetes.io/config.mirror': 'x' } }), user: kubelet }),
      refusal({
        group: 'coordination.k8s.io',
        resource: 'leases',
        user: kubelet,
        body: { metadata: { name: 'a' }, spec: {} },
      }),
    ];
    expect(said.join('\n')).toMatchInlineSnapshot(`
      "nodes "b" is forbidden: node "a" is not allowed to modify node "b"
      nodes "a" is forbidden: is not allowed to modify labels: kubernetes.io/x, node-restriction.kubernetes.io/x
      nodes "a" is forbidden: node "a" is not allowed to modify taints
      allowed
      pods "p" is forbidden: node "a" can only delete pods with spec.nodeName set to itself
      pods "p" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "a" can only create mirror pods
      pods "q" is forbidden: node "a" can only create pods with spec.nodeName set to itself
      leases.coordination.k8s.io "a" is forbidden: can only access leases in the "kube-node-lease" system namespace"
    `);
  });
});

test('an ingress gets the newest default class', () => {
  const { call } = setUp();
  const annotations = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
  const group = 'networking.k8s.io';
  for (const name of ['b', 'a'])
    call({
      group,
      resource: 'ingressclasses',
      ...clusterWide,
      body: { metadata: { name, annotations }, spec: { controller: 'x/y' } },
    });
  const spec = { defaultBackend: { service: { name: 's', port: { number: 80 } } } };
  const made = call({ group, resource: 'ingresses', body: { metadata: { name: 'i' }, spec } });
  expect(made.spec).toMatchObject({ ingressClassName: 'a' });
});

test('NodeDeclaredFeatureValidator refuses changes that the node does not declare to understand', () => {
  const { call, refusal } = setUp();
  const initial = (cpu: string) => [{ name: 'first', image: 'nginx', resources: { requests: { cpu } } }];
  const spec = { initContainers: initial('1') };
  call({ resource: 'nodes', ...clusterWide, body: { metadata: { name: 'old' }, status: { capacity: { cpu: '9' } } } });
  for (const [name, nodeName] of Object.entries({ waiting: undefined, here: 'old', lost: 'gone' }))
    call(pod({ ...spec, ...(nodeName && { nodeName }) }, { name }));
  const resized = (name: string, change: JsonObject) =>
    refusal({
      verb: 'patch',
      name,
      subresource: 'resize',
      patchType: 'application/strategic-merge-patch+json',
      body: { spec: change },
    });
  const said = [
    resized('waiting', { initContainers: initial('2') }),
    resized('here', { initContainers: initial('2') }),
    resized('here', { containers: [{ name: 'main', resources: { limits: { memory: '1Gi' } } }] }),
    resized('lost', { initContainers: initial('2') }),
  ];
  call({
    verb: 'update',
    resource: 'nodes',
    ...clusterWide,
    name: 'old',
    subresource: 'status',
    body: {
      metadata: { name: 'old' },
      status: { allocatable: { cpu: '9' }, declaredFeatures: ['InPlacePodVerticalScalingInitContainers'] },
    },
  });
  said.push(resized('here', { initContainers: initial('2') }));
  expect(said.join('\n')).toMatchInlineSnapshot(`
    "allowed
    pods "here" is forbidden: pod update requires features InPlacePodVerticalScalingInitContainers which are not available on node "old"
    pods "here" is forbidden: node didn't have enough allocatable resources: memory, requested: 1073741824, allocatable: 0
    pods "lost" is forbidden: node "gone" not found
    allowed"
  `);
});

test('an update is told twice what is wrong with its metadata, and owners are told once', () => {
  const { call } = setUp();
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'o', uid: 'u' };
  const causes = (resource: string, body: JsonObject, ...path: readonly string[]): string => {
    const [group = '', kind = ''] = path;
    try {
      call({ verb: 'update', group, resource, ...(kind && clusterWide), name: 'x', body });
    } catch (error) {
      if (error instanceof ApiError)
        return (error.status.details?.causes ?? []).map(({ field, reason }) => `${field} ${reason}`).join('\n');
      throw error;
    }
    return 'allowed';
  };
  const metadata = { name: 'x', labels: { '-': '' }, finalizers: ['a'], deletionGracePeriodSeconds: 3 };
  const storageclass = { metadata: { name: 'x' }, provisioner: 'p' };
  call({ resource: 'configmaps', body: { metadata: { name: 'x', ownerReferences: [owner, owner] } } });
  call({ group: 'storage.k8s.io', resource: 'storageclasses', ...clusterWide, body: storageclass });
  expect(call({ verb: 'get', resource: 'configmaps', name: 'x' }).metadata?.ownerReferences).toEqual([owner]);
  expect(causes('configmaps', { metadata })).toMatchInlineSnapshot(`
    "metadata.labels FieldValueInvalid
    metadata.deletionGracePeriodSeconds FieldValueInvalid
    metadata.labels FieldValueInvalid
    metadata.deletionGracePeriodSeconds FieldValueInvalid
    metadata.labels FieldValueInvalid
    metadata.finalizers[0] FieldValueInvalid
    metadata.labels FieldValueInvalid
    metadata.finalizers[0] FieldValueInvalid"
  `);
  const changed = { ...storageclass, metadata };
  expect(causes('storageclasses', changed, 'storage.k8s.io', 'cluster')).toMatchInlineSnapshot(`
    "metadata.labels FieldValueInvalid
    metadata.deletionGracePeriodSeconds FieldValueInvalid
    metadata.labels FieldValueInvalid
    metadata.labels FieldValueInvalid
    metadata.finalizers[0] FieldValueInvalid
    metadata.deletionGracePeriodSeconds FieldValueInvalid
    metadata.labels FieldValueInvalid
    metadata.finalizers[0] FieldValueInvalid"
  `);
});
