// PersistentVolumes.
import type { PersistentVolume } from '../api/generated/types.ts';
import { accessModesText } from './access-modes.ts';
import { ageColumn, nameColumn, textColumn, wide } from './columns.ts';
import { defineKind } from './kind.ts';
import { termWarnings } from './node-label-warnings.ts';
import { assign, change, fill, fillZero } from './share.ts';
import { validateVolume, validateVolumeUpdate } from './validation/claims.ts';
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
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  warnings,
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

const oldAnnotations = {
  'volume.beta.kubernetes.io/storage-class': 'deprecated since v1.8; use "storageClassName" attribute instead',
  'volume.beta.kubernetes.io/mount-options': 'deprecated since v1.31; use "mountOptions" attribute instead',
};

/** Volume types that are gone, in upstream's order. */
const oldSources = [
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

function warnings({ metadata, spec = {} }: PersistentVolume): readonly string[] {
  const annotations = metadata?.annotations ?? {};
  const recycle =
    'The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
  return [
    ...Object.entries(oldAnnotations).flatMap(([key, why]) =>
      Object.hasOwn(annotations, key) ? [`metadata.annotations[${key}]: ${why}`] : [],
    ),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle' ? [`spec.persistentVolumeReclaimPolicy: ${recycle}`] : []),
    ...(spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      termWarnings(term, { field: `spec.nodeAffinity.required.nodeSelectorTerms[${i}]` }),
    ),
    ...oldSources.flatMap(([name, why]) =>
      spec[name] ? [`spec.${name === 'storageos' ? 'storageOS' : name}: ${why}`] : [],
    ),
  ];
}
