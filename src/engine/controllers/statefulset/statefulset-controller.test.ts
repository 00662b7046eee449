import { describe, expect, test } from 'vitest';
import { persistentVolumeClaims, pods, statefulSets } from '../../../api/generated/resources.ts';
import { type ControllerCluster, controllerCluster } from '../../testing/controller-cluster.ts';
import { garbageCollector } from '../garbage-collector/garbage-collector.ts';
import { statefulSetController } from './statefulset-controller.ts';

const set = (extra = ''): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: 'db:1'}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
  ${extra}
`;

function start(yaml: string): ControllerCluster {
  const cluster = controllerCluster([statefulSetController, garbageCollector]);
  cluster.apply(yaml);
  return cluster;
}

const images = (cluster: ControllerCluster): string =>
  cluster
    .list(pods, 'default')
    .map(({ metadata, spec }) => `${metadata?.name} ${spec?.containers[0]?.image}`)
    .join(', ');

const newImage = { spec: { template: { spec: { containers: [{ name: 'c', image: 'db:2' }] } } } };

describe('the stateful set controller', () => {
  test('creates pods in order, each with a claim of its own', () => {
    const cluster = start(set());
    cluster.run(900);
    expect(cluster.list(pods, 'default').length).toBeLessThan(3);
    cluster.run(6000);
    expect(images(cluster)).toBe('db-0 db:1, db-1 db:1, db-2 db:1');
    expect(cluster.events('StatefulSet')).toMatchInlineSnapshot(`
      "Normal SuccessfulCreate StatefulSet/db: Create Claim data-db-0 Pod db-0 in StatefulSet db success
      Normal SuccessfulCreate StatefulSet/db: Create Pod db-0 in StatefulSet db successful
      Normal SuccessfulCreate StatefulSet/db: Create Claim data-db-1 Pod db-1 in StatefulSet db success
      Normal SuccessfulCreate StatefulSet/db: Create Pod db-1 in StatefulSet db successful
      Normal SuccessfulCreate StatefulSet/db: Create Claim data-db-2 Pod db-2 in StatefulSet db success
      Normal SuccessfulCreate StatefulSet/db: Create Pod db-2 in StatefulSet db successful"
    `);
    expect(cluster.get(statefulSets, 'db', 'default').status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      collisionCount: 0,
    });
  });

  test('updates from the highest ordinal down to the partition', () => {
    const cluster = start(set('updateStrategy: {rollingUpdate: {partition: 1}}'));
    cluster.run(6000);
    cluster.patch(statefulSets, 'db', newImage);
    cluster.run(10_000);
    expect(images(cluster)).toBe('db-0 db:1, db-1 db:2, db-2 db:2');
  });

  test('scales down from the top and keeps the claims', () => {
    const cluster = start(set());
    cluster.run(6000);
    cluster.patch(statefulSets, 'db', { spec: { replicas: 1 } });
    cluster.run(6000);
    expect(images(cluster)).toBe('db-0 db:1');
    expect(cluster.list(persistentVolumeClaims, 'default')).toHaveLength(3);
  });

  test('deletes the claims of pods that were scaled away when the retention policy says so', () => {
    const cluster = start(set('persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}'));
    cluster.run(6000);
    cluster.patch(statefulSets, 'db', { spec: { replicas: 1 } });
    cluster.run(10_000);
    const left = cluster.list(persistentVolumeClaims, 'default').filter(({ metadata }) => !metadata?.deletionTimestamp);
    expect(left.map(({ metadata }) => metadata?.name)).toEqual(['data-db-0']);
  });

  test('with Parallel all pods come at once', () => {
    const cluster = start(set('podManagementPolicy: Parallel'));
    cluster.run(200);
    expect(cluster.list(pods, 'default')).toHaveLength(3);
  });
});
