// Volumes that nobody made by hand: of claims with a class, and of pods' ephemeral volumes.
import { expect, test } from 'vitest';
import { coreEvents, persistentVolumeClaims, persistentVolumes, pods } from '../../../api/generated/resources.ts';
import { controllerCluster } from '../../testing/controller-cluster.ts';
import { ephemeralVolumeController } from './ephemeral-volume-controller.ts';
import { hostPathProvisioner } from './host-path-provisioner.ts';
import { persistentVolumeBinder } from './persistent-volume-binder.ts';
import { claimProtectionController, volumeProtectionController } from './volume-protection.ts';

const storageClass = `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}
provisioner: k8s.io/minikube-hostpath
`;
const claimSpec = '{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}';
const all = [
  persistentVolumeBinder,
  claimProtectionController,
  volumeProtectionController,
  hostPathProvisioner,
  ephemeralVolumeController,
];

function started() {
  const cluster = controllerCluster(all);
  cluster.apply(storageClass);
  cluster.run(100);
  return cluster;
}

test('a claim of the class gets a volume, which goes with it', () => {
  const cluster = started();
  cluster.apply(`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: ${claimSpec}}`);
  cluster.run(5000);
  expect(cluster.get(persistentVolumeClaims, 'data', 'default').status?.phase).toBe('Bound');
  const [volume] = cluster.list(persistentVolumes);
  expect(volume?.spec?.hostPath?.path).toBe('/tmp/hostpath-provisioner/default/data');
  expect(cluster.list(coreEvents, 'default').map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(['ExternalProvisioning', 'Provisioning', 'ProvisioningSucceeded']),
  );
  cluster.remove(persistentVolumeClaims, 'data');
  cluster.run(5000);
  expect(cluster.list(persistentVolumes)).toEqual([]);
});

test('an ephemeral volume has a claim that the pod owns; one that is somebody else’s is left alone', () => {
  const cluster = started();
  const pod = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  containers: [{name: c, image: nginx}]
  volumes: [{name: scratch, ephemeral: {volumeClaimTemplate: {metadata: {labels: {kind: scratch}}, spec: ${claimSpec}}}}]
`;
  cluster.apply(`{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: b-scratch}, spec: ${claimSpec}}`);
  cluster.apply([pod('a'), pod('b')].join('---'));
  cluster.run(5000);
  const made = cluster.get(persistentVolumeClaims, 'a-scratch', 'default');
  expect(made.metadata?.labels).toEqual({ kind: 'scratch' });
  expect(made.metadata?.ownerReferences?.[0]?.uid).toBe(cluster.get(pods, 'a', 'default').metadata?.uid);
  expect(cluster.list(coreEvents, 'default').find(({ reason }) => reason === 'FailedBinding')?.message).toBe(
    'ephemeral volume scratch: PVC default/b-scratch was not created for pod default/b (pod is not owner)',
  );
});
