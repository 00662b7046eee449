// VolumeRestrictions: disks that only one node may mount, and claims that only one pod may use.
import { persistentVolumeClaims } from '../../../api/generated/resources.ts';
import type { Pod, Volume } from '../../../api/generated/types.ts';
import type { FilterStep, PluginFactory } from '../framework.ts';
import type { PodInfo } from '../pod-info.ts';
import { unresolvable, unschedulable } from '../rejection.ts';

const name = 'VolumeRestrictions';
const diskConflict = unschedulable(name, 'node(s) had no available disk');
const claimInUse = unschedulable(
  name,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);

export const volumeRestrictions: PluginFactory = ({ cache, lister }) => {
  const claims = lister(persistentVolumeClaims);
  return {
    name,
    preFilter: (pod) => {
      const exclusive: string[] = [];
      for (const { persistentVolumeClaim } of pod.pod.spec?.volumes ?? []) {
        if (!persistentVolumeClaim) continue;
        const { claimName } = persistentVolumeClaim;
        const claim = claims.get(`${pod.namespace}/${claimName}`);
        if (!claim) return unresolvable(name, `persistentvolumeclaim ${JSON.stringify(claimName)} not found`);
        if (claim.spec?.accessModes?.includes('ReadWriteOncePod')) exclusive.push(claimName);
      }
      const disks = (pod.pod.spec?.volumes ?? []).filter(isExclusiveDisk);
      const conflicts = exclusive.filter((claim) => cache.usersOfClaim(`${pod.namespace}/${claim}`) > 0).length;
      return disks.length === 0 && conflicts === 0 ? undefined : step(pod, { disks, exclusive, conflicts });
    },
    hints: [
      {
        resource: 'Pod',
        actions: ['delete'],
        helps: (pod, old: Pod | undefined) => {
          if (!old || old.metadata?.namespace !== pod.namespace) return false;
          const theirs = cache.infos.of(old);
          const volumes = pod.pod.spec?.volumes ?? [];
          return (
            theirs.claims.some((claim) => pod.claims.includes(claim)) || volumes.some((v) => conflictsWith(v, old))
          );
        },
      },
      { resource: 'Node', actions: ['add'] },
      {
        resource: 'PersistentVolumeClaim',
        actions: ['add'],
        helps: (pod, _old, claim) =>
          claim?.metadata?.namespace === pod.namespace && pod.claims.includes(claim.metadata.name ?? ''),
      },
    ],
  };
};

function step(
  pod: PodInfo,
  needs: { readonly disks: readonly Volume[]; readonly exclusive: readonly string[]; readonly conflicts: number },
): FilterStep {
  let { conflicts } = needs;
  const update = (other: PodInfo, sign: number): void => {
    if (other.namespace !== pod.namespace) return;
    for (const claim of other.claims) if (needs.exclusive.includes(claim)) conflicts += sign;
  };
  return {
    filter: (node) => {
      for (const disk of needs.disks)
        for (const other of node.pods.values()) if (conflictsWith(disk, other.pod)) return diskConflict;
      return conflicts > 0 ? claimInUse : undefined;
    },
    addPod: (other) => update(other, 1),
    removePod: (other) => update(other, -1),
    clone: () => step(pod, { ...needs, conflicts }),
  };
}

function isExclusiveDisk({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }: Volume): boolean {
  return Boolean(gcePersistentDisk || awsElasticBlockStore || iscsi || rbd);
}

function conflictsWith(volume: Volume, other: Pod): boolean {
  return (other.spec?.volumes ?? []).some((theirs) => {
    const bothReadOnly = (
      a?: { readonly readOnly?: boolean | undefined },
      b?: { readonly readOnly?: boolean | undefined },
    ) => a?.readOnly === true && b?.readOnly === true;
    const [disk, otherDisk] = [volume.gcePersistentDisk, theirs.gcePersistentDisk];
    if (disk && otherDisk && disk.pdName === otherDisk.pdName && !bothReadOnly(disk, otherDisk)) return true;
    const [block, otherBlock] = [volume.awsElasticBlockStore, theirs.awsElasticBlockStore];
    if (block && otherBlock && block.volumeID === otherBlock.volumeID) return true;
    const [iscsi, otherIscsi] = [volume.iscsi, theirs.iscsi];
    if (iscsi && otherIscsi && iscsi.iqn === otherIscsi.iqn && !bothReadOnly(iscsi, otherIscsi)) return true;
    const [rbd, otherRbd] = [volume.rbd, theirs.rbd];
    return Boolean(
      rbd &&
        otherRbd &&
        rbd.monitors.some((monitor) => otherRbd.monitors.includes(monitor)) &&
        rbd.pool === otherRbd.pool &&
        rbd.image === otherRbd.image &&
        !bothReadOnly(rbd, otherRbd),
    );
  });
}
