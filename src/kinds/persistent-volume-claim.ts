// PersistentVolumeClaims.
import type { PersistentVolumeClaim } from '../api/generated/types.ts';
import { accessModesText } from './access-modes.ts';
import { ageColumn, nameColumn, textColumn, wide } from './columns.ts';
import { withDataSources } from './data-sources.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill, fillZero } from './share.ts';

/** What the server knows about PersistentVolumeClaims. */
export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  returnsDeleted: true,
  defaults: claimDefaults,
  prepareForCreate: (claim) => ({ ...withSources(claim), status: { phase: 'Pending' } }),
  prepareForUpdate: (claim, old) => assign(withSources(claim, old), { status: old.status }),
  prepareForStatusUpdate: (claim) => change(claim, 'status', (status) => fillZero(status, { phase: 'Pending' })),
  columns: [
    nameColumn,
    textColumn('Status', 'Whether the claim is bound.', ({ metadata, status }) => {
      return metadata?.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating';
    }),
    textColumn('Volume', 'Name of the volume.', ({ spec }) => spec?.volumeName ?? ''),
    textColumn('Capacity', 'Size of the volume.', ({ spec, status }) => {
      return spec?.volumeName ? (status?.capacity?.storage ?? '0') : '';
    }),
    textColumn('Access Modes', 'How the volume may be mounted.', ({ spec, status }) => {
      return spec?.volumeName ? accessModesText(status?.accessModes) : '';
    }),
    textColumn('StorageClass', 'Class of the claim.', ({ metadata, spec }) => {
      return metadata?.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec?.storageClassName ?? '';
    }),
    textColumn('VolumeAttributesClass', 'Class of its changeable attributes.', ({ spec }) => {
      return spec?.volumeAttributesClassName ?? '<unset>';
    }),
    ageColumn,
    wide(textColumn('VolumeMode', 'File system or block device.', ({ spec }) => spec?.volumeMode ?? '<unset>')),
  ],
});

function withSources(claim: PersistentVolumeClaim, old?: PersistentVolumeClaim): PersistentVolumeClaim {
  return change(claim, 'spec', (spec) => withDataSources(spec, old?.spec));
}

/** A claim with its defaults, by itself or in a StatefulSet. */
export function claimDefaults(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return change(claim, 'spec', (spec) => fill(spec, { resources: {}, volumeMode: 'Filesystem' }));
}
