// Which volume suits a claim: class, size, access modes, volume mode, labels.
import type { PersistentVolume, PersistentVolumeClaim } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { selectorOf } from '../../../api/selectors.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

export function classOf(object: PersistentVolume | PersistentVolumeClaim): string {
  return object.metadata?.annotations?.[classAnnotation] ?? object.spec?.storageClassName ?? '';
}

export function refersTo(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const reference = volume.spec?.claimRef;
  if (reference?.name !== claim.metadata?.name || reference?.namespace !== claim.metadata?.namespace) return false;
  return !reference?.uid || reference.uid === claim.metadata?.uid;
}

/** Why the volume does not suit, in upstream's words; undefined when it does. */
export function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (isBeingDeleted(volume)) return `the volume is marked for deletion "${volume.metadata?.name}"`;
  if (capacityOf(volume) < requestOf(claim)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if ((volume.spec?.volumeAttributesClassName ?? '') !== (claim.spec?.volumeAttributesClassName ?? ''))
    return 'volumeAttributesClassName does not match';
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  const modes = volume.spec?.accessModes ?? [];
  if (!(claim.spec?.accessModes ?? []).every((mode) => modes.includes(mode))) return 'incompatible accessMode';
  return undefined;
}

/** The volume reserved for the claim, or the smallest free one that suits. */
export function bestMatch(
  volumes: Iterable<PersistentVolume>,
  claim: PersistentVolumeClaim,
  delayed: boolean,
): PersistentVolume | undefined {
  const selector = claim.spec?.selector ? selectorOf(claim.spec.selector) : undefined;
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    if (volume.spec?.claimRef) {
      if (refersTo(volume, claim) && mismatch(volume, claim) === undefined) return volume;
      continue;
    }
    // Until a pod is scheduled only the scheduler may choose.
    if (delayed || volume.status?.phase !== 'Available' || mismatch(volume, claim) !== undefined) continue;
    if (selector && !selector.matches(volume.metadata?.labels)) continue;
    if (!best || capacityOf(volume) < capacityOf(best)) best = volume;
  }
  return best;
}

export function capacityOf(volume: PersistentVolume): number {
  return bytes(volume.spec?.capacity?.storage);
}

function requestOf(claim: PersistentVolumeClaim): number {
  return bytes(claim.spec?.resources?.requests?.storage);
}

function bytes(text: string | undefined): number {
  return text === undefined ? 0 : parseQuantity(text).value();
}

function modeOf(object: PersistentVolume | PersistentVolumeClaim): string {
  return object.spec?.volumeMode ?? 'Filesystem';
}
