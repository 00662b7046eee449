// Which APIServices there are, and what they say of themselves.
import { expect, test } from 'vitest';
import { apiServices, customResourceDefinitions } from '../../api/generated/resources.ts';
import type { APIService } from '../../api/generated/types.ts';
import { type TestCluster, testCluster } from '../testing/cluster.ts';

function shown(cluster: TestCluster): readonly string[] {
  return cluster.list(apiServices).map(({ metadata, status }: APIService) => {
    const [condition] = status?.conditions ?? [];
    return `${metadata?.name} ${condition?.status} (${condition?.reason})`;
  });
}

test('a fresh cluster has one for every group that it serves', () => {
  const all = shown(testCluster());
  expect(all).toHaveLength(21);
  expect(all).toContain('v1. True (Local)');
  expect(all).toContain('v2.autoscaling True (Local)');
});

test('those of custom resources come and go with their definitions', () => {
  const cluster = testCluster();
  const schema = { openAPIV3Schema: { type: 'object' } };
  cluster.create(customResourceDefinitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'crontabs.stable.example.com' },
    spec: {
      group: 'stable.example.com',
      scope: 'Namespaced',
      names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  cluster.run(1000);
  expect(shown(cluster)).toContain('v1.stable.example.com True (Local)');
  cluster.perform(cluster.client().delete(customResourceDefinitions, { name: 'crontabs.stable.example.com' }));
  cluster.run(10_000);
  expect(shown(cluster)).toHaveLength(21);
});

test('one whose service is not there says so', () => {
  const cluster = testCluster();
  cluster.create(apiServices, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { name: 'metrics-server', namespace: 'kube-system' },
    },
  });
  cluster.run(1000);
  expect(shown(cluster)).toContain('v1beta1.metrics.k8s.io False (ServiceNotFound)');
});
