// What objects use of quotas, and which objects a quota's scopes take in.
import { expect, test } from 'vitest';
import { inScopes, usageOf, usedBy } from './quota-usage.ts';

const pods = { group: '', resource: 'pods' };
const claims = { group: '', resource: 'persistentvolumeclaims' };

test('a claim for devices uses them by class', () => {
  const requests = [
    { name: 'a', exactly: { deviceClassName: 'gpu', count: 2 } },
    {
      name: 'b',
      firstAvailable: [
        { name: 'x', deviceClassName: 'gpu' },
        { name: 'y', deviceClassName: 'tpu', count: 3 },
      ],
    },
    { name: 'c', exactly: { deviceClassName: 'all', allocationMode: 'All' } },
  ];
  const claim = { spec: { devices: { requests } } };
  expect(usageOf({ group: 'resource.k8s.io', resource: 'resourceclaims' }, claim)).toEqual({
    'count/resourceclaims.resource.k8s.io': '1',
    'gpu.deviceclass.resource.k8s.io/devices': '3',
    'tpu.deviceclass.resource.k8s.io/devices': '3',
    'all.deviceclass.resource.k8s.io/devices': '32',
  });
});

test.each<[string, string | undefined]>([
  ['pods', 'pods'],
  ['requests.cpu', 'pods'],
  ['limits.memory', 'pods'],
  ['hugepages-2Mi', 'pods'],
  ['requests.example.com/gpu', 'pods'],
  ['requests.storage', 'persistentvolumeclaims'],
  ['fast.storageclass.storage.k8s.io/requests.storage', 'persistentvolumeclaims'],
  ['services.nodeports', 'services'],
  ['secrets', 'secrets'],
  ['count/deployments.apps', 'deployments.apps'],
  ['gpu.deviceclass.resource.k8s.io/devices', 'resourceclaims.resource.k8s.io'],
  ['nonsense', undefined],
])('%s is used by %s', (name, expected) => {
  const { group, resource } = usedBy(name) ?? { group: '', resource: undefined };
  expect(group ? `${resource}.${group}` : resource).toBe(expected);
});

test.each<[string, object, boolean]>([
  ['Terminating', { activeDeadlineSeconds: 1 }, true],
  ['NotTerminating', { activeDeadlineSeconds: 1 }, false],
  ['BestEffort', { containers: [{ name: 'a' }] }, true],
  ['BestEffort', { containers: [{ name: 'a', resources: { requests: { cpu: '1' } } }] }, false],
  ['PriorityClass', { priorityClassName: 'high' }, true],
  ['PriorityClass', {}, false],
  ['CrossNamespacePodAffinity', {}, false],
  [
    'CrossNamespacePodAffinity',
    {
      affinity: {
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'x', namespaceSelector: {} }] },
      },
    },
    true,
  ],
])('the scope %s of a pod with %j: %s', (scope, spec, expected) => {
  expect(inScopes({ spec: { scopes: [scope] } }, pods, { spec })).toBe(expected);
});

test('scopes are for pods, and one is for claims', () => {
  const classes = { scopeName: 'VolumeAttributesClass', operator: 'In', values: ['gold'] };
  const quota = { spec: { scopeSelector: { matchExpressions: [classes] } } };
  expect(inScopes(quota, claims, { spec: { volumeAttributesClassName: 'gold' } })).toBe(true);
  expect(inScopes(quota, claims, { spec: {}, status: { currentVolumeAttributesClassName: 'silver' } })).toBe(false);
  expect(inScopes({ spec: { scopes: ['BestEffort'] } }, { group: '', resource: 'secrets' }, {})).toBe(false);
});
