// NodeVolumeLimits: no more CSI volumes on a node than its driver can attach. Attachments of unknown pods and
// in-tree volumes that were migrated to CSI are left out.
import { csiNodes, persistentVolumeClaims, persistentVolumes } from '../../../api/generated/resources.ts';
import type { Pod } from '../../../api/generated/types.ts';
import type { Handle, PluginFactory } from '../framework.ts';
import type { PodInfo } from '../pod-info.ts';
import { unschedulable } from '../rejection.ts';

const name = 'NodeVolumeLimits';
const tooMany = unschedulable(name, 'node(s) exceed max volume count');

export const nodeVolumeLimits: PluginFactory = (handle) => {
  const nodes = handle.lister(csiNodes);
  const volumesOf = volumeFinder(handle);
  return {
    name,
    preFilter: (pod) =>
      pod.claims.length === 0
        ? undefined
        : {
            filter: (node) => {
              const drivers = nodes.get(node.name)?.spec?.drivers ?? [];
              const limited = drivers.filter(({ allocatable }) => allocatable?.count !== undefined);
              if (limited.length === 0) return undefined;
              const attached = new Map([...node.pods.values()].flatMap(volumesOf));
              const wanted = volumesOf(pod).filter(([volume]) => !attached.has(volume));
              const count = (volumes: Iterable<readonly [string, string]>, driver: string): number =>
                [...volumes].filter(([, candidate]) => candidate === driver).length;
              for (const { name: driver, allocatable } of limited) {
                const more = count(wanted, driver);
                if (more > 0 && more + count(attached, driver) > (allocatable?.count ?? 0)) return tooMany;
              }
              return undefined;
            },
          },
    hints: [
      { resource: 'CSINode', actions: ['add', 'update'] },
      {
        resource: 'Pod',
        actions: ['delete'],
        helps: (_pod, old: Pod | undefined) => old !== undefined && handle.cache.infos.of(old).claims.length > 0,
      },
      {
        resource: 'PersistentVolumeClaim',
        actions: ['add'],
        helps: (pod, _old, claim) =>
          claim?.metadata?.namespace === pod.namespace && pod.claims.includes(claim.metadata.name ?? ''),
      },
      { resource: 'VolumeAttachment', actions: ['delete'] },
    ],
  };
};

/** CSI volumes of a pod with their drivers. */
function volumeFinder({ lister }: Handle): (pod: PodInfo) => [string, string][] {
  const [claims, volumes] = [lister(persistentVolumeClaims), lister(persistentVolumes)];
  return (pod) =>
    pod.claims.flatMap((claim): [string, string][] => {
      const csi = volumes.get(claims.get(`${pod.namespace}/${claim}`)?.spec?.volumeName ?? '')?.spec?.csi;
      return csi ? [[`${csi.driver}/${csi.volumeHandle}`, csi.driver]] : [];
    });
}
