// StorageClasses.
import type { StorageClass } from '../api/generated/types.ts';
import { ageColumn, namedColumn, textColumn, valueColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { fill } from './share.ts';

/** What the server knows about StorageClasses. */
export const storageClass = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  returnsDeleted: true,
  defaults: (given) => fill(given, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  columns: [
    namedColumn((one) => `${one.metadata?.name ?? ''}${isDefault(one) ? ' (default)' : ''}`),
    textColumn('Provisioner', 'Who makes the volumes.', ({ provisioner }) => provisioner),
    textColumn('ReclaimPolicy', 'What happens to a volume without a claim.', (one) => one.reclaimPolicy ?? 'Delete'),
    textColumn('VolumeBindingMode', 'When volumes are made and bound.', (one) => one.volumeBindingMode ?? 'Immediate'),
    valueColumn('AllowVolumeExpansion', 'Whether claims may grow.', (one) => one.allowVolumeExpansion ?? false),
    ageColumn,
  ],
});

function isDefault({ metadata }: StorageClass): boolean {
  const annotations = metadata?.annotations;
  return ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(
    (key) => annotations?.[key] === 'true',
  );
}
