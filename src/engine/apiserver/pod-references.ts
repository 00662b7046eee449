// What a pod refers to by name in its namespace: what its node must be able to read.
import type { Container, Pod, PodSpec, Volume } from '../../api/generated/types.ts';
import { remember } from '../../kinds/share.ts';

/** `secrets/NAME`, `configmaps/NAME`, `persistentvolumeclaims/NAME`, `serviceaccounts/NAME`, `resourceclaims/NAME`. */
export function podReferences(pod: Pod): ReadonlySet<string> {
  const found = new Set(pod.spec ? inSpec(pod.spec) : []);
  for (const { ephemeral, name } of pod.spec?.volumes ?? [])
    if (ephemeral) found.add(`persistentvolumeclaims/${pod.metadata?.name}-${name}`);
  for (const { resourceClaimName } of pod.status?.resourceClaimStatuses ?? [])
    if (resourceClaimName) found.add(`resourceclaims/${resourceClaimName}`);
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName;
  if (extended) found.add(`resourceclaims/${extended}`);
  return found;
}

const inSpec = remember((spec: PodSpec): ReadonlySet<string> => {
  const found = new Set<string>();
  const add = (kind: string, name: string | undefined): void => {
    if (name) found.add(`${kind}/${name}`);
  };
  add('serviceaccounts', spec.serviceAccountName);
  for (const { name } of spec.imagePullSecrets ?? []) add('secrets', name);
  for (const { resourceClaimName } of spec.resourceClaims ?? []) add('resourceclaims', resourceClaimName);
  for (const volume of spec.volumes ?? []) ofVolume(volume, add);
  const containers: readonly Pick<Container, 'env' | 'envFrom'>[] = [
    ...(spec.initContainers ?? []),
    ...(spec.containers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  for (const { env = [], envFrom = [] } of containers) {
    for (const { secretRef, configMapRef } of envFrom) {
      add('secrets', secretRef?.name);
      add('configmaps', configMapRef?.name);
    }
    for (const { valueFrom } of env) {
      add('secrets', valueFrom?.secretKeyRef?.name);
      add('configmaps', valueFrom?.configMapKeyRef?.name);
    }
  }
  return found;
});

function ofVolume(volume: Volume, add: (kind: string, name: string | undefined) => void): void {
  add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
  add('configmaps', volume.configMap?.name);
  for (const { secret, configMap } of volume.projected?.sources ?? []) {
    add('secrets', secret?.name);
    add('configmaps', configMap?.name);
  }
  add('secrets', volume.secret?.secretName);
  add('secrets', volume.azureFile?.secretName);
  add('secrets', volume.csi?.nodePublishSecretRef?.name);
  for (const source of [volume.cephfs, volume.cinder, volume.flexVolume, volume.iscsi, volume.rbd, volume.scaleIO])
    add('secrets', source?.secretRef?.name);
  add('secrets', volume.storageos?.secretRef?.name);
}
