// What is wrong with PersistentVolumes.
import type { PersistentVolume } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { termWarnings } from '../node-label-warnings.ts';
import { validateVolume, validateVolumeUpdate } from '../validation/claims.ts';

export const persistentVolumeChecks = defineChecks<PersistentVolume>({
  group: '',
  kind: 'PersistentVolume',
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  warnings,
});

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
