import { describe, expect, test } from 'vitest';
import { pods, replicaSets, replicationControllers } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { replicaSetController } from './replicaset-controller.ts';
import { replicationControllerController } from './replicationcontroller-controller.ts';

const set = (replicas: number): string => `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: rs}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: rs}}
  template:
    metadata: {labels: {app: rs}}
    spec: {containers: [{name: c, image: nginx}]}
`;

describe('the replica set controller', () => {
  test('creates the pods and tells about them in status and events', () => {
    const cluster = controllerCluster([replicaSetController]);
    cluster.apply(set(2));
    cluster.run(2000);
    expect(cluster.get(replicaSets, 'rs', 'default').status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    expect(cluster.events('ReplicaSet').replace(/rs-\w+/g, 'rs-X')).toMatchInlineSnapshot(`
      "Normal SuccessfulCreate ReplicaSet/rs: Created pod: rs-X
      Normal SuccessfulCreate ReplicaSet/rs: Created pod: rs-X"
    `);
  });

  test('lets go of a pod whose labels change, and replaces it', () => {
    const cluster = controllerCluster([replicaSetController]);
    cluster.apply(set(2));
    cluster.run(2000);
    const [pod] = cluster.list(pods, 'default');
    cluster.patch(pods, pod?.metadata?.name ?? '', { metadata: { labels: { app: 'orphan' } } });
    cluster.run(2000);
    expect(cluster.list(pods, 'default')).toHaveLength(3);
    expect(cluster.get(pods, pod?.metadata?.name ?? '', 'default').metadata?.ownerReferences ?? []).toEqual([]);
    // Back again: three pods are one too many.
    cluster.patch(pods, pod?.metadata?.name ?? '', { metadata: { labels: { app: 'rs' } } });
    cluster.run(2000);
    expect(cluster.list(pods, 'default')).toHaveLength(2);
  });

  test('scales down the pods that cost least first', () => {
    const cluster = controllerCluster([replicaSetController]);
    cluster.apply(set(3));
    cluster.run(2000);
    const [, cheap] = cluster.list(pods, 'default');
    const annotations = { 'controller.kubernetes.io/pod-deletion-cost': '-5' };
    cluster.patch(pods, cheap?.metadata?.name ?? '', { metadata: { annotations } });
    cluster.run(500);
    cluster.patch(replicaSets, 'rs', { spec: { replicas: 2 } });
    cluster.run(2000);
    const names = cluster.list(pods, 'default').map(({ metadata }) => metadata?.name);
    expect(names).toHaveLength(2);
    expect(names).not.toContain(cheap?.metadata?.name);
  });

  test('a replication controller does the same', () => {
    const cluster = controllerCluster([replicationControllerController]);
    cluster.apply(`
apiVersion: v1
kind: ReplicationController
metadata: {name: rc}
spec:
  replicas: 2
  selector: {app: rc}
  template:
    metadata: {labels: {app: rc}}
    spec: {containers: [{name: c, image: nginx}]}
`);
    cluster.run(2000);
    expect(cluster.get(replicationControllers, 'rc', 'default').status).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      observedGeneration: 1,
    });
  });

  test('a refusal shows as ReplicaFailure', () => {
    const cluster = controllerCluster([replicaSetController]);
    cluster.apply(set(2).replace('spec: {containers', 'spec: {serviceAccountName: nobody, containers'));
    cluster.run(2000);
    const { status } = cluster.get(replicaSets, 'rs', 'default');
    expect(status?.conditions?.[0]).toMatchObject({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' });
    expect(cluster.events('ReplicaSet')).toContain('Warning FailedCreate ReplicaSet/rs: Error creating: pods "rs-');
  });
});
