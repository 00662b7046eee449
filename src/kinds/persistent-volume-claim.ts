// PersistentVolumeClaims.
import type { PersistentVolumeClaim } from '../api/generated/types.ts';
import { accessModesText } from './access-modes.ts';
import { claimSpecWarnings } from './claim-warnings.ts';
import { ageColumn, nameColumn, textColumn, wide } from './columns.ts';
import { withDataSources } from './data-sources.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill, fillZero } from './share.ts';
import { validateClaimStatus } from './validation/claim-status.ts';
import { validateClaim, validateClaimUpdate } from './validation/claims.ts';

const oldClass = 'volume.beta.kubernetes.io/storage-class';

/** What the server knows about PersistentVolumeClaims. */
export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  returnsDeleted: true,
  defaults: claimDefaults,
  prepareForCreate: (claim) => ({ ...withSources(claim), status: { phase: 'Pending' } }),
  prepareForUpdate: (claim, old) => assign(withSources(claim, old), { status: old.status }),
  prepareForStatusUpdate: (claim) => change(claim, 'status', (status) => fillZero(status, { phase: 'Pending' })),
  validateStatusUpdate: validateClaimStatus,
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  warnings: ({ metadata, spec = {} }) => [
    ...(metadata?.annotations && Object.hasOwn(metadata.annotations, oldClass)
      ? [`metadata.annotations[${oldClass}]: deprecated since v1.8; use "storageClassName" attribute instead`]
      : []),
    ...claimSpecWarnings(spec, 'spec'),
  ],
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
