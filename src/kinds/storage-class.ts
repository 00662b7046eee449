// StorageClasses.
import type { StorageClass } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';
import { fill } from './share.ts';

export const storageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  returnsDeleted: true,
  defaults: (given) => fill(given, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
});
