// Which pods go first when there are too many: the ones whose loss hurts least. Models ActivePodsWithRanks.
import type { Pod } from '../../../api/generated/types.ts';
import { parseTime } from '../../../api/meta.ts';
import { isPodActive, isPodReady, podReadyAt } from './pod-state.ts';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phases = new Map([
  ['Pending', 0],
  ['Unknown', 1],
  ['Running', 2],
]);

/** The `count` pods to delete. `related`: pods of the same application, by whose number on a node pods are ranked. */
export function podsToDelete(active: readonly Pod[], related: Iterable<Pod>, count: number, now: number): Pod[] {
  if (count >= active.length) return [...active];
  const onNode = new Map<string, number>();
  for (const pod of related) {
    if (!isPodActive(pod)) continue;
    const node = pod.spec?.nodeName ?? '';
    onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  const candidates = active.map((pod) => candidate(pod, onNode.get(pod.spec?.nodeName ?? '') ?? 0));
  return candidates
    .sort((a, b) => compare(a, b, now))
    .slice(0, count)
    .map(({ pod }) => pod);
}

/** By the same measure without ranks, newest first: the order in which jobs give up pods. */
export function byDeletionPreference(pods: readonly Pod[], now: number): Pod[] {
  return pods
    .map((pod) => candidate(pod, 0))
    .sort((a, b) => compare(a, b, now))
    .map(({ pod }) => pod);
}

interface Candidate {
  readonly pod: Pod;
  readonly assigned: boolean;
  readonly phase: number;
  readonly ready: boolean;
  readonly cost: number;
  readonly rank: number;
  readonly readyAt: number | undefined;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly createdAt: number | undefined;
}

function candidate(pod: Pod, rank: number): Candidate {
  const sidecars = new Set(
    pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const initStatuses = pod.status?.initContainerStatuses?.filter(({ name }) => sidecars.has(name));
  return {
    pod,
    assigned: (pod.spec?.nodeName ?? '') !== '',
    phase: phases.get(pod.status?.phase ?? '') ?? 0,
    ready: isPodReady(pod),
    cost: deletionCost(pod),
    rank,
    readyAt: podReadyAt(pod),
    restarts: restartsMax(pod.status?.containerStatuses),
    sidecarRestarts: restartsMax(initStatuses),
    createdAt: parseTime(pod.metadata?.creationTimestamp),
  };
}

/** Negative: `a` goes first. */
function compare(a: Candidate, b: Candidate, now: number): number {
  if (a.assigned !== b.assigned) return a.assigned ? 1 : -1;
  if (a.phase !== b.phase) return a.phase - b.phase;
  if (a.ready !== b.ready) return a.ready ? 1 : -1;
  if (a.cost !== b.cost) return a.cost - b.cost;
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (a.ready && a.readyAt !== b.readyAt) return compareAges(a, b, { a: a.readyAt, b: b.readyAt, now });
  if (a.restarts !== b.restarts) return b.restarts - a.restarts;
  if (a.sidecarRestarts !== b.sidecarRestarts) return b.sidecarRestarts - a.sidecarRestarts;
  if (a.createdAt !== b.createdAt) return compareAges(a, b, { a: a.createdAt, b: b.createdAt, now });
  return 0;
}

/** Younger first, by the order of magnitude of their ages only: among equals of that the uid decides. */
function compareAges(
  a: Candidate,
  b: Candidate,
  times: { readonly a: number | undefined; readonly b: number | undefined; readonly now: number },
): number {
  if (times.a === undefined || times.b === undefined) return times.a === undefined ? -1 : 1;
  const difference = magnitude(times.now - times.a) - magnitude(times.now - times.b);
  if (difference !== 0) return difference;
  return (a.pod.metadata?.uid ?? '') < (b.pod.metadata?.uid ?? '') ? -1 : 1;
}

/** The whole part of the binary logarithm of an age in nanoseconds; -1 for none. */
function magnitude(ageMs: number): number {
  let nanoseconds = Math.floor(ageMs * 1_000_000);
  let log = -1;
  for (; nanoseconds >= 1; log++) nanoseconds /= 2;
  return log;
}

function deletionCost(pod: Pod): number {
  const text = pod.metadata?.annotations?.[costAnnotation] ?? '';
  return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

function restartsMax(statuses: readonly { readonly restartCount: number }[] | undefined): number {
  let most = 0;
  for (const { restartCount } of statuses ?? []) if (restartCount > most) most = restartCount;
  return most;
}
