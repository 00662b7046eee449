// PersistentVolumes.
import type { PersistentVolume } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';
import { assign, change, fill, fillZero } from './share.ts';

export const persistentVolume = defineKind<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  returnsDeleted: true,
  defaults: (volume) =>
    change(volume, 'spec', (spec) =>
      change(
        fill(fillZero(spec, { persistentVolumeReclaimPolicy: 'Retain' }), { volumeMode: 'Filesystem' }),
        'hostPath',
        (path) => fill(path, { type: '' }),
      ),
    ),
  prepareForCreate: (volume) => ({ ...volume, status: { phase: 'Pending' } }),
  prepareForUpdate: (volume, old) => assign(volume, { status: old.status }),
});
