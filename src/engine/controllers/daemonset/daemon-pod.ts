// A daemon set's pods: where they should run, and what the controller adds to their template.
import { daemonSets } from '../../../api/generated/resources.ts';
import type { Affinity, DaemonSet, Node, Pod, PodSpec, Toleration } from '../../../api/generated/types.ts';
import { controllerReference } from '../../../api/meta.ts';
import { scaledCount } from '../shared/int-or-percent.ts';
import { matchesNodeAffinity, tolerates } from '../shared/node-match.ts';
import { podFromTemplate } from '../shared/pod-control.ts';

export const hashLabel = 'controller-revision-hash';
const generationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** Daemons stay where others would be evicted: they are part of the node. */
const daemonTolerations: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
];
const hostNetworkToleration: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
};

export interface Placement {
  readonly shouldRun: boolean;
  /** A pod that is there already may stay, e.g. under a NoSchedule taint. */
  readonly mayStay: boolean;
}

export function placementOn(set: DaemonSet, node: Node): Placement {
  const spec = set.spec?.template.spec;
  const named = spec?.nodeName ?? '';
  if ((named !== '' && named !== node.metadata?.name) || !matchesNodeAffinity(spec, node))
    return { shouldRun: false, mayStay: false };
  const tolerations = tolerationsOf(spec);
  const taints = (node.spec?.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint),
  );
  if (taints.length === 0) return { shouldRun: true, mayStay: true };
  return { shouldRun: false, mayStay: taints.every(({ effect }) => effect !== 'NoExecute') };
}

function tolerationsOf(spec: PodSpec | undefined): readonly Toleration[] {
  const added = spec?.hostNetwork ? [...daemonTolerations, hostNetworkToleration] : daemonTolerations;
  const own = spec?.tolerations ?? [];
  const missing = added.filter(
    (toleration) =>
      !own.some(
        ({ key, operator, effect, value }) =>
          key === toleration.key && operator === toleration.operator && effect === toleration.effect && !value,
      ),
  );
  return [...own, ...missing];
}

export function daemonPod(set: DaemonSet, node: string, hash: string): Pod {
  const pod = podFromTemplate(set.spec?.template, set, controllerReference(set, daemonSets));
  const generation = set.metadata?.annotations?.[generationAnnotation];
  const labels = {
    ...pod.metadata?.labels,
    ...(generation === undefined ? {} : { [generationLabel]: generation }),
    [hashLabel]: hash,
  };
  const spec = pod.spec && {
    ...pod.spec,
    tolerations: tolerationsOf(pod.spec),
    affinity: pinned(pod.spec.affinity, node),
  };
  return { ...pod, metadata: { ...pod.metadata, labels }, ...(spec && { spec }) };
}

/** The scheduler places the pod, but only this node will do. */
function pinned(affinity: Affinity | undefined, node: string): Affinity {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
}

/** The node that a pod runs on or is meant for. */
export function targetNode(pod: Pod): string {
  if (pod.spec?.nodeName) return pod.spec.nodeName;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields } of required?.nodeSelectorTerms ?? [])
    for (const { key, values } of matchFields ?? []) if (key === 'metadata.name') return values?.[0] ?? '';
  return '';
}

export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const generation = set.metadata?.annotations?.[generationAnnotation];
  const labels = pod.metadata?.labels ?? {};
  return labels[hashLabel] === hash || (generation !== undefined && labels[generationLabel] === generation);
}

export function surgeMax(set: DaemonSet, nodes: number): number {
  const strategy = set.spec?.updateStrategy;
  return strategy?.type === 'RollingUpdate' ? scaledCount(strategy.rollingUpdate?.maxSurge, nodes, 'up') : 0;
}

/** Neither surge nor unavailability would allow no progress at all: then one pod may be unavailable. */
export function unavailableMax(set: DaemonSet, nodes: number): number {
  const strategy = set.spec?.updateStrategy;
  if (strategy?.type !== 'RollingUpdate') return 0;
  const unavailable = scaledCount(strategy.rollingUpdate?.maxUnavailable ?? 1, nodes, 'up');
  return unavailable === 0 && surgeMax(set, nodes) === 0 ? 1 : unavailable;
}
