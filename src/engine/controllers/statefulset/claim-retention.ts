// Who owns a stateful set's claims: nobody, the set, or a pod that was scaled away, by its retention policy.
import { pods, statefulSets } from '../../../api/generated/resources.ts';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../../api/generated/types.ts';
import { controllerReference } from '../../../api/meta.ts';
import { inRange, ordinalOf } from './stateful-pod.ts';

/** The owner references that the claim should have; undefined when it has them. */
export function retentionOwners(
  set: StatefulSet,
  pod: Pod,
  claim: PersistentVolumeClaim,
): readonly OwnerReference[] | undefined {
  const current = claim.metadata?.ownerReferences ?? [];
  if (isStale(claim, set, pod)) return undefined;
  const policy = set.spec?.persistentVolumeClaimRetentionPolicy;
  const scaledDown = !inRange(set, ordinalOf(set, pod));
  const bySet = policy?.whenDeleted === 'Delete' && !(policy.whenScaled === 'Delete' && scaledDown);
  const byPod = policy?.whenScaled === 'Delete' && scaledDown;
  const foreign = current.some(
    ({ controller, uid }) => controller && uid !== set.metadata?.uid && uid !== pod.metadata?.uid,
  );
  const others = current.filter(({ uid }) => uid !== set.metadata?.uid && uid !== pod.metadata?.uid);
  const wanted = [
    ...others,
    ...(bySet && !foreign ? [controllerReference(set, statefulSets)] : []),
    ...(byPod && !foreign ? [controllerReference(pod, pods)] : []),
  ];
  const same =
    wanted.length === current.length &&
    wanted.every(({ uid, controller }) =>
      current.some((known) => known.uid === uid && known.controller === controller),
    );
  return same ? undefined : wanted;
}

/** It is owned by an earlier pod or set of the same name, and so about to be collected. */
export function isStale(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  return (claim.metadata?.ownerReferences ?? []).some(
    ({ kind, name, uid }) =>
      (kind === 'StatefulSet' && name === set.metadata?.name && uid !== set.metadata?.uid) ||
      (kind === 'Pod' && name === pod.metadata?.name && pod.metadata?.uid !== undefined && uid !== pod.metadata.uid),
  );
}
