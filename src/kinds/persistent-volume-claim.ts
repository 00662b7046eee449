// PersistentVolumeClaims.
import type { PersistentVolumeClaim } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill } from './share.ts';

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  returnsDeleted: true,
  defaults: claimDefaults,
  prepareForCreate: (claim) => ({ ...claim, status: { phase: 'Pending' } }),
  prepareForUpdate: (claim, old) => assign(claim, { status: old.status }),
});

export function claimDefaults(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return change(claim, 'spec', (spec) => fill(spec, { resources: {}, volumeMode: 'Filesystem' }));
}
