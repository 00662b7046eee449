// minikube's storage provisioner: makes a directory of the machine into a volume for every claim of its class, and
// removes the volume when the claim has gone.
import { persistentVolumeClaims, persistentVolumes, storageClasses } from '../../../api/generated/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { isAlreadyExists, isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';

const provisioner = 'k8s.io/minikube-hostpath';
const provisionerAnnotation = 'volume.kubernetes.io/storage-provisioner';
const provisionedBy = 'pv.kubernetes.io/provisioned-by';
const root = '/tmp/hostpath-provisioner';

export const hostPathProvisioner = defineController({
  name: 'storage-provisioner',
  eventSource: `${provisioner}_minikube`,
  setup,
});

function setup({ informers, queue, client, events }: ControllerContext): Controller {
  const claims = informers.informer(persistentVolumeClaims);
  const volumes = informers.informer(persistentVolumes);
  const classes = informers.informer(storageClasses).lister;
  const noticeClaim = (claim: PersistentVolumeClaim): void => {
    if (claim.metadata?.annotations?.[provisionerAnnotation] === provisioner) queue.add(keyOf(claim));
  };
  const noticeVolume = (volume: PersistentVolume): void => {
    if (isOurs(volume) && volume.status?.phase === 'Released') queue.add(keyOf(volume));
  };
  claims.on({ added: noticeClaim, updated: noticeClaim });
  volumes.on({ added: noticeVolume, updated: noticeVolume });

  function* reconcile(key: string): Work<void> {
    if (key.includes('/')) yield* provision(claims.lister.get(key));
    else yield* reclaim(volumes.lister.get(key));
  }

  function* provision(claim: PersistentVolumeClaim | undefined): Work<void> {
    if (!claim || claim.spec?.volumeName || isBeingDeleted(claim)) return;
    const storageClass = classes.get(claim.spec?.storageClassName ?? '');
    if (!storageClass) return;
    const { namespace, name } = claim.metadata ?? {};
    const tell = (reason: string, message: string): void =>
      events.record(claim, { type: 'Normal', reason, message }, kindName(persistentVolumeClaims));
    tell('Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`);
    const volume = volumeFor(claim, storageClass);
    try {
      yield* client.create(persistentVolumes, volume);
      tell('ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata?.name}`);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }

  function* reclaim(volume: PersistentVolume | undefined): Work<void> {
    if (!volume || isBeingDeleted(volume) || volume.status?.phase !== 'Released') return;
    if (volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') return;
    try {
      yield* client.delete(persistentVolumes, { name: volume.metadata?.name ?? '' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function isOurs({ metadata }: PersistentVolume): boolean {
  return metadata?.annotations?.[provisionedBy] === provisioner;
}

function volumeFor(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume {
  const { namespace, name, uid, resourceVersion } = claim.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}`, annotations: { [provisionedBy]: provisioner } },
    spec: {
      accessModes: claim.spec?.accessModes,
      capacity: { storage: claim.spec?.resources?.requests?.storage ?? '0' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion },
      hostPath: { path: `${root}/${namespace}/${name}`, type: 'DirectoryOrCreate' },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata?.name,
      volumeMode: 'Filesystem',
    },
  };
}
