// What is wrong with PersistentVolumeClaims.
import type { PersistentVolumeClaim } from '../../api/generated/types.ts';
import { claimSpecWarnings } from '../claim-warnings.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateClaimStatus } from '../validation/claim-status.ts';
import { validateClaim, validateClaimUpdate } from '../validation/claims.ts';

export const persistentVolumeClaimChecks = defineChecks<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  validateStatusUpdate: validateClaimStatus,
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  warnings: ({ metadata, spec = {} }) => [
    ...(metadata?.annotations && Object.hasOwn(metadata.annotations, oldClass)
      ? [`metadata.annotations[${oldClass}]: deprecated since v1.8; use "storageClassName" attribute instead`]
      : []),
    ...claimSpecWarnings(spec, 'spec'),
  ],
});

const oldClass = 'volume.beta.kubernetes.io/storage-class';
