// PersistentVolumes.
import type { PersistentVolume } from '../api/generated/types.ts';
import { accessModesText } from './access-modes.ts';
import { ageColumn, nameColumn, textColumn, wide } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill, fillZero } from './share.ts';
import { sourceDefaults } from './volume-source-defaults.ts';

/** What the server knows about PersistentVolumes. */
export const persistentVolume = defineKind<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  returnsDeleted: true,
  defaults: (volume) =>
    change(volume, 'spec', (spec) =>
      sourceDefaults(fill(fillZero(spec, { persistentVolumeReclaimPolicy: 'Retain' }), { volumeMode: 'Filesystem' })),
    ),
  prepareForCreate: (volume, now) => ({ ...volume, status: { phase: 'Pending', lastPhaseTransitionTime: now() } }),
  prepareForStatusUpdate: withTransitionTime,
  prepareForUpdate: (volume, old) => assign(volume, { status: old.status }),
  columns: [
    nameColumn,
    textColumn('Capacity', 'Size of the volume.', ({ spec }) => spec?.capacity?.storage ?? '0'),
    textColumn('Access Modes', 'How the volume may be mounted.', ({ spec }) => accessModesText(spec?.accessModes)),
    textColumn('Reclaim Policy', 'What happens to the volume once it is released.', ({ spec }) => {
      return spec?.persistentVolumeReclaimPolicy ?? '';
    }),
    textColumn('Status', 'Whether the volume is bound.', ({ metadata, status }) => {
      return metadata?.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating';
    }),
    textColumn('Claim', 'Namespace and name of the claim.', ({ spec }) => {
      return spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '';
    }),
    textColumn('StorageClass', 'Class of the volume.', ({ metadata, spec }) => {
      return metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
    }),
    textColumn('VolumeAttributesClass', 'Class of its changeable attributes.', ({ spec }) => {
      return spec?.volumeAttributesClassName ?? '<unset>';
    }),
    textColumn('Reason', 'Why the volume is in its state.', ({ status }) => status?.reason ?? ''),
    ageColumn,
    wide(textColumn('VolumeMode', 'File system or block device.', ({ spec }) => spec?.volumeMode ?? '<unset>')),
  ],
});

/** When the phase changed, unless the writer knows. */
function withTransitionTime(
  given: PersistentVolume,
  { status: old }: PersistentVolume,
  now: () => string,
): PersistentVolume {
  return change(given, 'status', (changed) => {
    const status = fillZero(changed, { phase: 'Pending' });
    const { lastPhaseTransitionTime: time } = status;
    const before = old?.lastPhaseTransitionTime;
    if (status.phase === old?.phase) return assign(status, { lastPhaseTransitionTime: time ?? before });
    return time === undefined || time === before ? { ...status, lastPhaseTransitionTime: now() } : status;
  });
}
