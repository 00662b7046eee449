// What the server makes of objects of the smaller groups: what it drops, fills in, refuses and warns of.
import { describe, expect, test } from 'vitest';
import { loadLateCode } from '../base/late.ts';
import { refusalOf, storedObject, warningsOf } from './testing/refusal.ts';

await loadLateCode();

function manifest(apiVersion: string, kind: string, body: string, name = 'x'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\n${body}`;
}

describe('stored objects', () => {
  const toleration = '{key: k, effect: NoExecute}';
  const request = `{name: r, exactly: {deviceClassName: c, tolerations: [${toleration}]}}`;

  test.each([
    // Electing by a strategy is off.
    [
      manifest('coordination.k8s.io/v1', 'Lease', 'spec: {strategy: Oldest, preferredHolder: p, leaseTransitions: 1}'),
      { leaseTransitions: 1 },
    ],
    [
      manifest('resource.k8s.io/v1', 'ResourceClaim', `spec: {devices: {requests: [${request}]}}`),
      {
        devices: {
          requests: [
            {
              name: 'r',
              exactly: {
                deviceClassName: 'c',
                allocationMode: 'ExactCount',
                count: 1,
                tolerations: [{ key: 'k', operator: 'Equal', effect: 'NoExecute' }],
              },
            },
          ],
        },
      },
    ],
  ])('%s', (yaml, spec) => {
    expect(storedObject(yaml).spec).toEqual(spec);
  });
});

test.each([
  [
    manifest('storage.k8s.io/v1', 'StorageClass', 'provisioner: p\nvolumeBindingMode: ""'),
    'volumeBindingMode: Unsupported value: "": supported values: "Immediate", "WaitForFirstConsumer"',
  ],
  [
    manifest('scheduling.k8s.io/v1', 'PriorityClass', 'value: 1\npreemptionPolicy: ""'),
    'preemptionPolicy: Required value',
  ],
  [
    manifest(
      'rbac.authorization.k8s.io/v1',
      'ClusterRole',
      'aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: k, operator: In}]}]}',
    ),
    "aggregationRule.clusterRoleSelectors[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'\naggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.",
  ],
])('%s is refused', (yaml, refusal) => {
  expect(refusalOf(yaml)).toBe(refusal);
});

test.each(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'])('%s with a reserved name', (kind) => {
  expect(warningsOf(manifest('admissionregistration.k8s.io/v1', kind, '', 'a.static.k8s.io'))).toEqual([
    'metadata.name: names ending with ".static.k8s.io" are reserved for static manifest-based configurations and cannot be managed via the API',
  ]);
});
