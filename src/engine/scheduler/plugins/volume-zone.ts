// VolumeZone: a pod goes to a node in the zone that its volumes' labels name.
import { persistentVolumeClaims, persistentVolumes, storageClasses } from '../../../api/generated/resources.ts';
import type { PersistentVolume } from '../../../api/generated/types.ts';
import type { Handle, PluginFactory } from '../framework.ts';
import type { PodInfo } from '../pod-info.ts';
import { type Rejection, unresolvable } from '../rejection.ts';

const name = 'VolumeZone';
const conflict = unresolvable(name, 'node(s) had no available volume zone');
const keys = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
];

interface Zone {
  readonly key: string;
  readonly values: readonly string[];
}

export const volumeZone: PluginFactory = (handle) => ({
  name,
  preFilter: (pod) => {
    if (pod.claims.length === 0) return undefined;
    const zones = zonesOf(handle, pod);
    if ('code' in zones) return zones;
    if (zones.length === 0) return undefined;
    return {
      filter: (node) => {
        if (!keys.some((key) => node.label(key) !== undefined)) return undefined;
        const fits = zones.every(({ key, values }) => {
          const value = node.label(key) ?? node.label(key.replace('failure-domain.beta', 'topology'));
          return value !== undefined && values.includes(value);
        });
        return fits ? undefined : conflict;
      },
    };
  },
  hints: [
    { resource: 'StorageClass', actions: ['add'] },
    { resource: 'Node', actions: ['add', 'label'] },
    {
      resource: 'PersistentVolumeClaim',
      actions: ['add', 'update'],
      helps: (pod, _old, claim) =>
        claim?.metadata?.namespace === pod.namespace && pod.claims.includes(claim.metadata.name ?? ''),
    },
    { resource: 'PersistentVolume', actions: ['add', 'update'] },
  ],
});

function zonesOf({ lister }: Handle, pod: PodInfo): readonly Zone[] | Rejection {
  const [claims, volumes] = [lister(persistentVolumeClaims), lister(persistentVolumes)];
  const zones: Zone[] = [];
  for (const claimName of pod.claims) {
    const claim = claims.get(`${pod.namespace}/${claimName}`);
    if (!claim) return unresolvable(name, `persistentvolumeclaim ${JSON.stringify(claimName)} not found`);
    const volumeName = claim.spec?.volumeName ?? '';
    if (volumeName === '') {
      const className = claim.spec?.storageClassName ?? '';
      if (className === '') return unresolvable(name, 'PersistentVolumeClaim had no pv name and storageClass name');
      const storageClass = lister(storageClasses).get(className);
      if (!storageClass)
        return unresolvable(name, `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`);
      if (storageClass.volumeBindingMode === 'WaitForFirstConsumer') continue;
      return unresolvable(name, 'PersistentVolume had no name');
    }
    const volume = volumes.get(volumeName);
    if (!volume) return unresolvable(name, `persistentvolume ${JSON.stringify(volumeName)} not found`);
    zones.push(...labelsOf(volume));
  }
  return zones;
}

function labelsOf({ metadata }: PersistentVolume): readonly Zone[] {
  return keys.flatMap((key) => {
    const value = metadata?.labels?.[key];
    return value === undefined ? [] : [{ key, values: value.split('__') }];
  });
}
