// The protection controller of VolumeAttributesClasses: one that volumes or claims name is not deleted.
import {
  persistentVolumeClaims,
  persistentVolumes,
  volumeAttributesClasses,
} from '../../../api/generated/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, VolumeAttributesClass } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';

const finalizer = 'kubernetes.io/vac-protection';

export const attributesClassProtectionController = defineController({
  name: 'volumeattributesclass-protection-controller',
  setup,
});

function setup({ informers, queue, client }: ControllerContext): Controller {
  const classes = informers.informer(volumeAttributesClasses);
  const claims = informers.informer(persistentVolumeClaims);
  const volumes = informers.informer(persistentVolumes);
  claims.addIndex('attributes classes', classesOfClaim);
  volumes.addIndex('attributes classes', classesOfVolume);
  const enqueue = (one: VolumeAttributesClass): void => {
    if (isBeingDeleted(one) === isHeld(one)) queue.add(keyOf(one));
  };
  const enqueueAll = (names: readonly string[]): void => {
    for (const name of names) queue.add(name);
  };
  classes.on({ added: enqueue, updated: enqueue });
  claims.on({
    updated: (_, old) => enqueueAll(classesOfClaim(old)),
    deleted: (claim) => enqueueAll(classesOfClaim(claim)),
  });
  volumes.on({
    updated: (_, old) => enqueueAll(classesOfVolume(old)),
    deleted: (volume) => enqueueAll(classesOfVolume(volume)),
  });

  const isUsed = (name: string): boolean => {
    for (const { lister } of [claims, volumes]) for (const _ of lister.by('attributes classes', name)) return true;
    return false;
  };

  function* reconcile(name: string): Work<void> {
    const one = classes.lister.get(name);
    if (!one) return;
    const deleting = isBeingDeleted(one);
    if (deleting !== isHeld(one) || (deleting && isUsed(name))) return;
    const others = (one.metadata?.finalizers ?? []).filter((each) => each !== finalizer);
    const finalizers = deleting ? others : [...others, finalizer];
    try {
      yield* client.update(volumeAttributesClasses, { ...one, metadata: { ...one.metadata, finalizers } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function isHeld({ metadata }: VolumeAttributesClass): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}

function classesOfClaim({ spec, status }: PersistentVolumeClaim): readonly string[] {
  const { currentVolumeAttributesClassName: current, modifyVolumeStatus: change } = status ?? {};
  const names = [spec?.volumeAttributesClassName, current, change?.targetVolumeAttributesClassName];
  const given = names.flatMap((name) => name || []);
  return given.length > 0 ? [...new Set(given)] : none;
}

function classesOfVolume({ spec }: PersistentVolume): readonly string[] {
  return spec?.volumeAttributesClassName ? [spec.volumeAttributesClassName] : none;
}

const none: readonly string[] = [];
