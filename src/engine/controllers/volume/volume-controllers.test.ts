import { describe, expect, test } from 'vitest';
import {
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  volumeAttributesClasses,
} from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { attributesClassProtectionController } from './attributes-class-protection.ts';
import { persistentVolumeBinder } from './persistent-volume-binder.ts';
import { claimProtectionController, volumeProtectionController } from './volume-protection.ts';

const volume = (name: string, size: string): string => `
apiVersion: v1
kind: PersistentVolume
metadata: {name: ${name}}
spec:
  capacity: {storage: ${size}}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  hostPath: {path: /mnt/${name}}
`;
const claim = (extra = "storageClassName: ''"): string => `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
  ${extra}
`;
const all = [persistentVolumeBinder, claimProtectionController, volumeProtectionController];

test('a class of attributes that a claim names is kept until the claim is gone', () => {
  const cluster = controllerCluster([attributesClassProtectionController]);
  const kind = 'apiVersion: storage.k8s.io/v1\nkind: VolumeAttributesClass';
  const known = (): readonly string[] => cluster.list(volumeAttributesClasses).map((one) => one.metadata?.name ?? '');
  cluster.apply(`${kind}\nmetadata: {name: gold}\ndriverName: d\nparameters: {a: b}`);
  cluster.apply(claim('volumeAttributesClassName: gold'));
  cluster.run(1000);
  expect(cluster.list(volumeAttributesClasses)[0]?.metadata?.finalizers).toEqual(['kubernetes.io/vac-protection']);
  cluster.remove(volumeAttributesClasses, 'gold');
  cluster.run(1000);
  expect(known()).toEqual(['gold']);
  cluster.remove(persistentVolumeClaims, 'data');
  cluster.patch(persistentVolumeClaims, 'data', { metadata: { finalizers: [] } });
  cluster.run(1000);
  expect(known()).toEqual([]);
});

describe('the volume controllers', () => {
  test('bind a claim to the smallest volume that suits, and release it when the claim goes', () => {
    const cluster = controllerCluster(all);
    cluster.apply([volume('tiny', '100Mi'), volume('big', '5Gi'), volume('fit', '2Gi')].join('---'));
    cluster.run(1000);
    cluster.apply(claim());
    cluster.run(2000);
    const bound = cluster.get(persistentVolumeClaims, 'data', 'default');
    expect([bound.spec?.volumeName, bound.status?.phase, bound.status?.capacity?.storage]).toEqual([
      'fit',
      'Bound',
      '2Gi',
    ]);
    const phases = (): string =>
      cluster
        .list(persistentVolumes)
        .map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`)
        .join(', ');
    expect(phases()).toBe('big Available, fit Bound, tiny Available');
    cluster.remove(persistentVolumeClaims, 'data');
    cluster.run(2000);
    expect(phases()).toBe('big Available, fit Released, tiny Available');
  });

  // what the claim says, and what it is told
  test.each([
    [
      "storageClassName: ''",
      'Normal FailedBinding PersistentVolumeClaim/data: no persistent volumes available for this claim and no storage class is set',
    ],
    [
      'storageClassName: nope',
      'Warning ProvisioningFailed PersistentVolumeClaim/data: storageclass.storage.k8s.io "nope" not found',
    ],
    [
      '{storageClassName: later}',
      'Normal WaitForFirstConsumer PersistentVolumeClaim/data: waiting for first consumer to be created before binding',
    ],
    [
      'storageClassName: csi',
      "Normal ExternalProvisioning PersistentVolumeClaim/data: Waiting for a volume to be created either by the external provisioner 'csi.example.com'",
    ],
  ])('a claim with %s waits', (extra, event) => {
    const cluster = controllerCluster(all);
    cluster.apply(`
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: later}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: csi}
provisioner: csi.example.com
`);
    cluster.apply(claim(extra.replace(/[{}]/g, '')));
    cluster.run(2000);
    expect(cluster.events('PersistentVolumeClaim')).toContain(event);
    expect(cluster.get(persistentVolumeClaims, 'data', 'default').status?.phase).toBe('Pending');
  });

  test('a claim that a pod uses is not deleted before the pod', () => {
    const cluster = controllerCluster(all);
    cluster.apply(`${volume('fit', '2Gi')}---${claim()}`);
    cluster.apply(`
apiVersion: v1
kind: Pod
metadata: {name: user}
spec:
  containers: [{name: c, image: nginx}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
`);
    cluster.run(2000);
    cluster.remove(persistentVolumeClaims, 'data');
    cluster.run(2000);
    expect(cluster.list(persistentVolumeClaims, 'default')).toHaveLength(1);
    cluster.remove(pods, 'user');
    cluster.run(3000);
    expect(cluster.list(persistentVolumeClaims, 'default')).toHaveLength(0);
  });
});
