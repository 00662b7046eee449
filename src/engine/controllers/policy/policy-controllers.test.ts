import { expect, test } from 'vitest';
import { podDisruptionBudgets, resourceQuotas } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { replicaSetController } from '../replicaset/replicaset-controller.ts';
import { disruptionController } from './disruption-controller.ts';
import { resourceQuotaController } from './resource-quota-controller.ts';

const web = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx, resources: {requests: {cpu: 250m, memory: 64Mi}}}]}
`;

test.each([
  ['minAvailable: 3', { desiredHealthy: 3, disruptionsAllowed: 1 }],
  ['minAvailable: 60%', { desiredHealthy: 3, disruptionsAllowed: 1 }],
  ['maxUnavailable: 2', { desiredHealthy: 2, disruptionsAllowed: 2 }],
  ['minAvailable: 5', { desiredHealthy: 5, disruptionsAllowed: 0 }],
])('a budget with %s', (rule, expected) => {
  const cluster = controllerCluster([replicaSetController, disruptionController]);
  cluster.apply(`${web}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  ${rule}
  selector: {matchLabels: {app: web}}
`);
  cluster.run(3000);
  const { status } = cluster.get(podDisruptionBudgets, 'web', 'default');
  expect(status).toMatchObject({ ...expected, currentHealthy: 4, expectedPods: 4 });
  expect(status?.conditions?.[0]?.reason).toBe(expected.disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods');
});

test('a quota counts what the namespace uses', () => {
  const cluster = controllerCluster([replicaSetController, resourceQuotaController]);
  cluster.apply(web);
  cluster.run(2000);
  cluster.apply(`
apiVersion: v1
kind: ResourceQuota
metadata: {name: all}
spec: {hard: {pods: '10', requests.cpu: '4', requests.memory: 1Gi, count/replicasets.apps: '5'}}
`);
  cluster.run(2000);
  expect(cluster.get(resourceQuotas, 'all', 'default').status?.used).toEqual({
    pods: '4',
    'requests.cpu': '1',
    'requests.memory': '256Mi',
    'count/replicasets.apps': '1',
  });
});
