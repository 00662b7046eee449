// What the dashboard's tables say of workloads, pods and nodes: plain rows, computed from objects.
import type { DaemonSet, Deployment, Job, Node, Pod, PodTemplateSpec, StatefulSet } from '../../api/generated/types.ts';
import { parseTime } from '../../base/time.ts';
import { nodeStatus, podStatus, type StatusShape } from '../diagram/pod-status.ts';

export interface WorkloadRow {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly ready: number;
  readonly wanted: number;
  readonly images: string;
  readonly createdAt: number;
}

export interface PodRow {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly shape: StatusShape;
  readonly status: string;
  readonly ready: string;
  readonly restarts: number;
  readonly node: string;
  readonly createdAt: number;
}

export interface NodeRow {
  readonly uid: string;
  readonly name: string;
  readonly ready: boolean;
  readonly status: string;
  readonly roles: string;
  readonly pods: number;
  readonly podsMax: number;
  readonly version: string;
  readonly createdAt: number;
}

export function workloadRows(known: {
  readonly deployments: readonly Deployment[];
  readonly statefulSets: readonly StatefulSet[];
  readonly daemonSets: readonly DaemonSet[];
  readonly jobs: readonly Job[];
}): readonly WorkloadRow[] {
  const rows = [
    ...known.deployments.map((one) => row('Deployment', one, one.status?.readyReplicas, one.spec?.replicas)),
    ...known.statefulSets.map((one) => row('StatefulSet', one, one.status?.readyReplicas, one.spec?.replicas)),
    ...known.daemonSets.map((one) =>
      row('DaemonSet', one, one.status?.numberReady, one.status?.desiredNumberScheduled),
    ),
    ...known.jobs.map((one) => row('Job', one, one.status?.succeeded, one.spec?.completions)),
  ];
  return rows.sort(byPlace);
}

function row(
  kind: string,
  {
    metadata,
    spec,
  }: Pick<Deployment, 'metadata'> & { readonly spec?: { readonly template: PodTemplateSpec } | undefined },
  ready = 0,
  wanted = 1,
): WorkloadRow {
  const { name = '', namespace = '', creationTimestamp = '' } = metadata ?? {};
  const images = (spec?.template.spec?.containers ?? []).map(({ image = '' }) => image).join(', ');
  const createdAt = parseTime(creationTimestamp) ?? 0;
  return { key: `${kind}/${namespace}/${name}`, kind, name, namespace, ready, wanted, images, createdAt };
}

export function podRows(pods: Iterable<Pod>): readonly PodRow[] {
  const rows = [...pods].map((pod): PodRow => {
    const { uid = '', name = '', namespace = '', creationTimestamp = '' } = pod.metadata ?? {};
    const { shape, text, restarts, containers } = podStatus(pod);
    return {
      uid,
      name,
      namespace,
      shape,
      status: text,
      ready: `${containers.filter(Boolean).length}/${containers.length}`,
      restarts,
      node: pod.spec?.nodeName ?? '',
      createdAt: parseTime(creationTimestamp) ?? 0,
    };
  });
  return rows.sort(byPlace);
}

export function nodeRows(nodes: Iterable<Node>, pods: readonly PodRow[]): readonly NodeRow[] {
  const rolePrefix = 'node-role.kubernetes.io/';
  const rows = [...nodes].map((node): NodeRow => {
    const { uid = '', name = '', labels = {}, creationTimestamp = '' } = node.metadata ?? {};
    const roles = Object.keys(labels).filter((label) => label.startsWith(rolePrefix));
    const status = nodeStatus(node);
    return {
      uid,
      name,
      ready: status.startsWith('Ready'),
      status,
      roles: roles.map((label) => label.slice(rolePrefix.length)).join(', ') || 'worker',
      pods: pods.filter((pod) => pod.node === name).length,
      podsMax: Number(node.status?.allocatable?.pods ?? 110),
      version: node.status?.nodeInfo?.kubeletVersion ?? '',
      createdAt: parseTime(creationTimestamp) ?? 0,
    };
  });
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How many pods are in each state, what is unhealthy first. */
export function podCounts(pods: readonly PodRow[]): readonly (readonly [shape: StatusShape, count: number])[] {
  const order: readonly StatusShape[] = ['failing', 'unknown', 'waiting', 'starting', 'ending', 'running', 'completed'];
  return order
    .map((shape) => [shape, pods.filter((pod) => pod.shape === shape).length] as const)
    .filter(([, count]) => count > 0);
}

/** `45s`, `12m`, `3h`, `2d`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

interface Placed {
  readonly namespace: string;
  readonly name: string;
}

/** The learner's own before the system's. */
function byPlace(a: Placed, b: Placed): number {
  const [systemA, systemB] = [isSystem(a), isSystem(b)];
  if (systemA !== systemB) return systemA ? 1 : -1;
  return `${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1;
}

export function isSystem({ namespace }: Pick<Placed, 'namespace'>): boolean {
  return namespace.startsWith('kube-') || namespace === 'kubernetes-dashboard' || namespace === 'ingress-nginx';
}
