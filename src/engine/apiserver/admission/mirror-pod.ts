// Mirror pods: what kubelets say of the pods that they run from files. They refer to nothing in the API.
import type { Pod, PodSpec, VolumeProjection } from '../../../api/generated/types.ts';
import { podReferences } from '../pod-references.ts';

const annotation = 'kubernetes.io/config.mirror';

export function isMirrorPod({ metadata }: Pod): boolean {
  return metadata?.annotations !== undefined && Object.hasOwn(metadata.annotations, annotation);
}

/** Why a node may not create a pod, in upstream's words. `uid`: the node's. */
export function mirrorPodProblem(pod: Pod, node: string, uid: string | undefined): string | undefined {
  const shown = JSON.stringify(node);
  if (!isMirrorPod(pod))
    return `pod does not have "${annotation}" annotation, node ${shown} can only create mirror pods`;
  if (pod.spec?.nodeName !== node) return `node ${shown} can only create pods with spec.nodeName set to itself`;
  const [owner, second] = pod.metadata?.ownerReferences ?? [];
  if (second) return `node ${shown} can only create pods with a single owner reference set to itself`;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `node ${shown} can only create pods with an owner reference set to itself`;
  if (!owner.controller) return `node ${shown} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion) return `node ${shown} must not set blockOwnerDeletion on an owner reference`;
  if (uid === undefined) return undefined;
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
  const referenced = referencedKind(pod);
  return referenced && `node ${shown} can not create pods that reference ${referenced}`;
}

/** Why a mirror pod is refused whoever creates it. */
export function mirrorPodReferenceProblem(pod: Pod): string | undefined {
  if (pod.spec?.serviceAccountName) return 'a mirror pod may not reference service accounts';
  if (refersTo(pod, 'secrets')) return 'a mirror pod may not reference secrets';
  const sources = pod.spec?.volumes?.flatMap(({ projected }) => projected?.sources ?? []) ?? [];
  return sources.some(({ serviceAccountToken }) => serviceAccountToken)
    ? 'a mirror pod may not use ServiceAccountToken volume projections'
    : undefined;
}

function refersTo(pod: Pod, kind: string): boolean {
  return [...podReferences(pod)].some((reference) => reference.startsWith(`${kind}/`));
}

/** The first sort of object that a pod refers to. */
function referencedKind(pod: Pod): string | undefined {
  if (pod.spec?.serviceAccountName) return 'serviceaccounts';
  if (refersTo(pod, 'secrets')) return 'secrets';
  if (refersTo(pod, 'configmaps')) return 'configmaps';
  if (pod.spec?.resourceClaims?.length) return 'resourceclaims';
  return pod.spec && referencedByVolumes(pod.spec);
}

function referencedByVolumes({ volumes = [] }: PodSpec): string | undefined {
  for (const { csi, glusterfs, persistentVolumeClaim, ephemeral, projected } of volumes) {
    if (csi) return 'csidrivers (via CSI volumes)';
    if (glusterfs) return 'endpoints (via glusterFS volumes)';
    if (persistentVolumeClaim) return 'persistentvolumeclaims';
    if (ephemeral) return 'persistentvolumeclaims (via ephemeral volumes)';
    const found = projected?.sources?.map(referencedByProjection).find((text) => text !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function referencedByProjection(source: VolumeProjection): string | undefined {
  if (source.serviceAccountToken) return 'serviceaccounts (via projected volumes)';
  if (source.clusterTrustBundle) return 'clustertrustbundles';
  return source.podCertificate ? 'podcertificates' : undefined;
}
