// A stateful set's pods: each has an ordinal, a name, a host name and claims of its own, which outlive it.

import { statefulSets } from '../../../api/generated/resources.ts';
import type { PersistentVolumeClaim, Pod, PodTemplateSpec, StatefulSet, Volume } from '../../../api/generated/types.ts';
import { controllerReference, isBeingDeleted } from '../../../api/meta.ts';
import { podFromTemplate } from '../shared/pod-control.ts';
import { isPodAvailable, isPodReady } from '../shared/pod-state.ts';
import { present } from '../shared/present.ts';

const nameLabel = 'statefulset.kubernetes.io/pod-name';
const indexLabel = 'apps.kubernetes.io/pod-index';
const revisionLabel = 'controller-revision-hash';

export function startOrdinal(set: StatefulSet): number {
  return set.spec?.ordinals?.start ?? 0;
}

export function replicasOf(set: StatefulSet): number {
  return set.spec?.replicas ?? 1;
}

/** -1 for a pod whose name is none of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number {
  const match = /^(.*)-([0-9]+)$/.exec(pod.metadata?.name ?? '');
  return match && match[1] === set.metadata?.name ? Number(match[2]) : -1;
}

export function inRange(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= startOrdinal(set) && ordinal < startOrdinal(set) + replicasOf(set);
}

export function podRevision(pod: Pod): string {
  return pod.metadata?.labels?.[revisionLabel] ?? '';
}

/** Not created yet: only a wish. */
export function isCreated(pod: Pod): boolean {
  return (pod.status?.phase ?? '') !== '';
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isPodReady(pod);
}

export function isUnavailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  return !isPodAvailable(pod, minReadySeconds, now) || isBeingDeleted(pod);
}

export function newStatefulPod(
  set: StatefulSet,
  {
    template,
    revision,
    ordinal,
  }: { readonly template: PodTemplateSpec; readonly revision: string; readonly ordinal: number },
): Pod {
  const name = `${set.metadata?.name}-${ordinal}`;
  const pod = podFromTemplate(template, set, controllerReference(set, statefulSets));
  const { generateName: _, ...metadata } = pod.metadata ?? {};
  const labels = { ...metadata.labels, [nameLabel]: name, [indexLabel]: String(ordinal), [revisionLabel]: revision };
  const volumes = withClaims(set, ordinal, pod.spec?.volumes ?? []);
  const subdomain = set.spec?.serviceName || undefined;
  const spec =
    pod.spec && present({ ...pod.spec, hostname: name, subdomain, volumes: volumes.length > 0 ? volumes : undefined });
  return { ...pod, metadata: { ...metadata, name, labels }, ...(spec && { spec }) };
}

function withClaims(set: StatefulSet, ordinal: number, volumes: readonly Volume[]): readonly Volume[] {
  const claims = claimsOf(set, ordinal);
  const own = [...claims].map(([name, claim]) => ({
    name,
    persistentVolumeClaim: { claimName: claim.metadata?.name ?? '' },
  }));
  return [...own, ...volumes.filter(({ name }) => !claims.has(name))];
}

/** The claims of one ordinal by their template's name. */
export function claimsOf(set: StatefulSet, ordinal: number): ReadonlyMap<string, PersistentVolumeClaim> {
  const labels = set.spec?.selector.matchLabels;
  const claims = new Map<string, PersistentVolumeClaim>();
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const { name = '', annotations } = template.metadata ?? {};
    claims.set(name, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: `${name}-${set.metadata?.name}-${ordinal}`,
        namespace: set.metadata?.namespace,
        labels: { ...template.metadata?.labels, ...labels },
        ...(annotations && { annotations }),
      },
      ...(template.spec && { spec: template.spec }),
    });
  }
  return claims;
}

/** Whether name label and volumes are as they should be. */
export function identityMatches(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(set, pod);
  if (pod.metadata?.labels?.[nameLabel] !== pod.metadata?.name) return false;
  const volumes = new Map(pod.spec?.volumes?.map((volume) => [volume.name, volume]));
  return [...claimsOf(set, ordinal)].every(
    ([name, claim]) => volumes.get(name)?.persistentVolumeClaim?.claimName === claim.metadata?.name,
  );
}

export function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const name = pod.metadata?.name ?? '';
  const labels = { ...pod.metadata?.labels, [nameLabel]: name, [indexLabel]: String(ordinalOf(set, pod)) };
  return { ...pod, metadata: { ...pod.metadata, labels } };
}
