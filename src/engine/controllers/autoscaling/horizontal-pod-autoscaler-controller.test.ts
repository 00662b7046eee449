// Tests of autoscaling in a cluster that measures nothing.
import { expect, test } from 'vitest';
import { deployments, horizontalPodAutoscalers } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { horizontalPodAutoscalerController } from './horizontal-pod-autoscaler-controller.ts';

test('a target is kept within its bounds, and metrics that nobody serves are told of', () => {
  const cluster = controllerCluster([horizontalPodAutoscalerController]);
  const labels = { app: 'web' };
  const metadata = { name: 'web', namespace: 'default' };
  cluster.create(deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  });
  cluster.create(horizontalPodAutoscalers, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      minReplicas: 2,
      maxReplicas: 4,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    },
  });
  cluster.run(16_000);
  expect(cluster.get(deployments, 'web', 'default').spec?.replicas).toBe(2);
  cluster.run(16_000);
  const { status } = cluster.get(horizontalPodAutoscalers, 'web', 'default');
  expect(status?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
    'AbleToScale=True SucceededGetScale',
    'ScalingActive=False FailedGetResourceMetric',
  ]);
});
