// The protection controllers: a claim that pods use, or a volume that is bound, is not deleted until it is free.
import { persistentVolumeClaims, persistentVolumes, pods } from '../../../api/generated/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { isPodFinished } from '../shared/pod-state.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

export const claimProtectionController = defineController({ name: 'pvc-protection-controller', setup: setupClaims });
export const volumeProtectionController = defineController({ name: 'pv-protection-controller', setup: setupVolumes });

function setupClaims({ informers, queue, client }: ControllerContext): Controller {
  const claims = informers.informer(persistentVolumeClaims);
  const podInformer = informers.informer(pods);
  podInformer.addIndex('claims used', claimKeys);
  const enqueue = (claim: PersistentVolumeClaim): void => {
    if (isBeingDeleted(claim) !== hasFinalizer(claim, claimFinalizer)) return;
    queue.add(keyOf(claim));
  };
  const freed = (pod: Pod): void => {
    for (const key of claimKeys(pod)) queue.add(key);
  };
  claims.on({ added: enqueue, updated: enqueue });
  podInformer.on({
    updated: (pod) => {
      if (isPodFinished(pod)) freed(pod);
    },
    deleted: freed,
  });

  function* reconcile(key: string): Work<void> {
    const claim = claims.lister.get(key);
    if (!claim) return;
    const held = hasFinalizer(claim, claimFinalizer);
    const finalizers = claim.metadata?.finalizers ?? [];
    if (!isBeingDeleted(claim)) {
      if (!held) yield* write(claim, [...finalizers, claimFinalizer]);
      return;
    }
    if (!held) return;
    for (const pod of podInformer.lister.by('claims used', key)) if (pod.spec?.nodeName && !isPodFinished(pod)) return;
    yield* write(
      claim,
      finalizers.filter((each) => each !== claimFinalizer),
    );
  }

  function* write(claim: PersistentVolumeClaim, finalizers: readonly string[]): Work<void> {
    try {
      yield* client.update(persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, finalizers } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function setupVolumes({ informers, queue, client }: ControllerContext): Controller {
  const volumes = informers.informer(persistentVolumes);
  const enqueue = (volume: PersistentVolume): void => {
    if (isBeingDeleted(volume) === hasFinalizer(volume, volumeFinalizer)) queue.add(keyOf(volume));
  };
  volumes.on({ added: enqueue, updated: enqueue });

  function* reconcile(key: string): Work<void> {
    const volume = volumes.lister.get(key);
    if (!volume) return;
    const held = hasFinalizer(volume, volumeFinalizer);
    const deleting = isBeingDeleted(volume);
    if (deleting !== held || (deleting && volume.status?.phase === 'Bound')) return;
    const others = (volume.metadata?.finalizers ?? []).filter((each) => each !== volumeFinalizer);
    const finalizers = deleting ? others : [...others, volumeFinalizer];
    try {
      yield* client.update(persistentVolumes, { ...volume, metadata: { ...volume.metadata, finalizers } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function hasFinalizer({ metadata }: PersistentVolume | PersistentVolumeClaim, finalizer: string): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}

function claimKeys({ metadata, spec }: Pod): readonly string[] {
  let keys = none;
  for (const { name, persistentVolumeClaim, ephemeral } of spec?.volumes ?? []) {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${metadata?.name}-${name}`);
    if (claim !== undefined) keys = [...keys, `${metadata?.namespace}/${claim}`];
  }
  return keys;
}

const none: readonly string[] = [];
