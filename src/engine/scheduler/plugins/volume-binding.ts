// VolumeBinding: bound volumes must be reachable from the node; claims that wait for their first consumer are bound to
// a volume that fits there, or provisioned for that node, before the pod is.
import { persistentVolumeClaims, persistentVolumes, storageClasses } from '../../../api/generated/resources.ts';
import type { PersistentVolumeClaim } from '../../../api/generated/types.ts';
import type { PluginFactory } from '../framework.ts';
import type { PodInfo } from '../pod-info.ts';
import { type Rejection, unresolvable } from '../rejection.ts';
import { type NodeVolumes, VolumeBinder } from '../volume-binder.ts';

const name = 'VolumeBinding';

export const volumeBinding: PluginFactory = (handle) => {
  const { lister } = handle;
  const binder = new VolumeBinder(handle, name);
  const claims = lister(persistentVolumeClaims);
  lister(persistentVolumes);
  lister(storageClasses);
  /** What each pod under way needs on each node that passed. */
  const decisions = new Map<string, Map<string, NodeVolumes>>();

  const check = (pod: PodInfo): readonly PersistentVolumeClaim[] | Rejection => {
    const found: PersistentVolumeClaim[] = [];
    for (const claimName of pod.claims) {
      const claim = claims.get(`${pod.namespace}/${claimName}`);
      const problem = claim ? problemOf(claim, pod) : missing(claimName, pod);
      if (problem !== undefined) return unresolvable(name, problem);
      if (claim) found.push(claim);
    }
    return found;
  };

  return {
    name,
    preFilter: (pod) => {
      decisions.delete(pod.uid);
      if (pod.claims.length === 0) return undefined;
      const found = check(pod);
      if ('code' in found) return found;
      const sorted = binder.sort(found);
      if (sorted.immediate.length > 0) return unresolvable(name, 'pod has unbound immediate PersistentVolumeClaims');
      const byNode = new Map<string, NodeVolumes>();
      decisions.set(pod.uid, byNode);
      return {
        filter: (node) => {
          const outcome = binder.find(sorted, node);
          if ('code' in outcome) return outcome;
          byNode.set(node.name, outcome);
          return undefined;
        },
      };
    },
    reserve: (pod, node) => {
      const volumes = decisions.get(pod.uid)?.get(node);
      decisions.set(pod.uid, new Map(volumes ? [[node, volumes]] : []));
      if (volumes) binder.reserve(volumes);
      return undefined;
    },
    unreserve: (pod, node) => {
      const volumes = decisions.get(pod.uid)?.get(node);
      if (volumes) binder.unreserve(volumes);
      decisions.delete(pod.uid);
    },
    preBindNeeded: (pod, node) => {
      const volumes = decisions.get(pod.uid)?.get(node);
      if (volumes && volumes.bindings.length + volumes.provisions.length > 0) return true;
      decisions.delete(pod.uid);
      return false;
    },
    *preBind(pod, node) {
      const volumes = decisions.get(pod.uid)?.get(node);
      if (!volumes) return undefined;
      const rejection = yield* binder.bind(volumes, node);
      if (!rejection) decisions.delete(pod.uid);
      return rejection;
    },
    hints: [
      { resource: 'StorageClass', actions: ['add', 'update'] },
      {
        resource: 'PersistentVolumeClaim',
        actions: ['add', 'update'],
        helps: (pod, _old, claim) =>
          claim?.metadata?.namespace === pod.namespace && pod.claims.includes(claim.metadata.name ?? ''),
      },
      { resource: 'PersistentVolume', actions: ['add', 'update'] },
      { resource: 'Node', actions: ['add', 'label'] },
      { resource: 'CSINode', actions: ['add', 'update'] },
    ],
  };
};

function missing(claimName: string, { pod }: PodInfo): string {
  const ephemeral = (pod.spec?.volumes ?? []).some(
    (volume) => volume.ephemeral && `${pod.metadata?.name ?? ''}-${volume.name}` === claimName,
  );
  const quoted = JSON.stringify(claimName);
  return ephemeral
    ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
    : `persistentvolumeclaim ${quoted} not found`;
}

function problemOf({ metadata, spec, status }: PersistentVolumeClaim, pod: PodInfo): string | undefined {
  const claimName = JSON.stringify(metadata?.name ?? '');
  if (status?.phase === 'Lost')
    return `persistentvolumeclaim ${claimName} bound to non-existent persistentvolume ${JSON.stringify(spec?.volumeName ?? '')}`;
  if (metadata?.deletionTimestamp !== undefined) return `persistentvolumeclaim ${claimName} is being deleted`;
  const ephemeral = (pod.pod.spec?.volumes ?? []).some(
    (volume) => volume.ephemeral && `${pod.name}-${volume.name}` === metadata?.name,
  );
  const owned = metadata?.ownerReferences?.some(({ uid, controller }) => controller && uid === pod.uid);
  if (ephemeral && !owned)
    return `PVC ${pod.namespace}/${metadata?.name} was not created for pod ${pod.key} (pod is not owner)`;
  return undefined;
}
