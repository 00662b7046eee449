// Which daemon pods to create and to delete, node by node: plain upkeep first, then a rolling update.
import type { DaemonSet, Node, Pod } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { isPodAvailable, isPodReady } from '../shared/pod-state.ts';
import { isUpdated, placementOn, surgeMax, unavailableMax } from './daemon-pod.ts';

export interface DaemonPlan {
  /** Names of nodes that need a pod. */
  readonly create: string[];
  readonly delete: Pod[];
  /** Pods that have ended on their own. */
  readonly ended: Pod[];
}

export interface DaemonFindings {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  readonly hash: string;
  readonly now: number;
}

export function upkeepPlan(findings: DaemonFindings): DaemonPlan {
  const plan: DaemonPlan = { create: [], delete: [], ended: [] };
  for (const node of findings.nodes) planNode(findings, node, plan);
  const known = new Set(findings.nodes.map(({ metadata }) => metadata?.name ?? ''));
  for (const [name, pods] of findings.podsByNode)
    if (!known.has(name)) plan.delete.push(...pods.filter((pod) => !pod.spec?.nodeName && !isBeingDeleted(pod)));
  return plan;
}

function planNode(findings: DaemonFindings, node: Node, plan: DaemonPlan): void {
  const { set, podsByNode, hash, now } = findings;
  const name = node.metadata?.name ?? '';
  const pods = podsByNode.get(name) ?? [];
  const { shouldRun, mayStay } = placementOn(set, node);
  if (shouldRun && pods.length === 0) {
    plan.create.push(name);
    return;
  }
  const alive = pods.filter((pod) => !isBeingDeleted(pod));
  if (!mayStay) {
    plan.delete.push(...alive);
    return;
  }
  const running = alive.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded');
  plan.ended.push(...alive.filter((pod) => !running.includes(pod)));
  running.sort(compareAge);
  if (surgeMax(set, 1) === 0) {
    plan.delete.push(...running.slice(1));
    return;
  }
  if (running.length === 0 && shouldRun) plan.create.push(name);
  if (running.length <= 1) return;
  const [fresh, ...spareFresh] = running.filter((pod) => isUpdated(set, pod, hash));
  const [old, ...spareOld] = running.filter((pod) => !isUpdated(set, pod, hash));
  plan.delete.push(...spareFresh, ...spareOld);
  if (fresh && old && (!isPodReady(old) || isPodAvailable(fresh, set.spec?.minReadySeconds ?? 0, now)))
    plan.delete.push(old);
}

export function rollingPlan(findings: DaemonFindings): DaemonPlan {
  const { set, nodes } = findings;
  const desired = nodes.filter((node) => placementOn(set, node).shouldRun).length;
  const surge = surgeMax(set, desired);
  return surge === 0 ? replacePlan(findings, unavailableMax(set, desired)) : surgePlan(findings, surge);
}

/** Deletes outdated pods; upkeep creates their successors. */
function replacePlan(findings: DaemonFindings, unavailable: number): DaemonPlan {
  const plan: DaemonPlan = { create: [], delete: [], ended: [] };
  const candidates: Pod[] = [];
  let down = 0;
  for (const pods of findings.podsByNode.values()) {
    const pair = pairOn(findings, pods);
    if (!pair || (pair.old === undefined) === (pair.fresh === undefined)) down++;
    else if (pair.fresh) down += available(findings, pair.fresh) ? 0 : 1;
    else if (pair.old && !available(findings, pair.old)) {
      plan.delete.push(pair.old);
      down++;
    } else if (pair.old && down < unavailable) candidates.push(pair.old);
  }
  plan.delete.push(...candidates.slice(0, Math.max(0, unavailable - down)));
  return plan;
}

/** Creates successors beside outdated pods, which go when the successor is available. */
function surgePlan(findings: DaemonFindings, surge: number): DaemonPlan {
  const plan: DaemonPlan = { create: [], delete: [], ended: [] };
  const candidates: string[] = [];
  let surging = 0;
  for (const [name, pods] of findings.podsByNode) {
    const pair = pairOn(findings, pods);
    if (!pair) {
      surging++;
      continue;
    }
    const { fresh, old } = pair;
    if (!old) continue;
    if (fresh) {
      if (available(findings, fresh)) plan.delete.push(old);
      else surging++;
      continue;
    }
    const node = findings.nodes.find(({ metadata }) => metadata?.name === name);
    const runs = node !== undefined && placementOn(findings.set, node).shouldRun;
    if (!runs) plan.delete.push(...(available(findings, old) ? [] : [old]));
    else if (available(findings, old)) candidates.push(name);
    else plan.create.push(name);
  }
  plan.create.push(...candidates.slice(0, Math.max(0, surge - surging)));
  return plan;
}

/** The outdated and the new pod of a node; undefined when there are too many of one. */
function pairOn(
  { set, hash }: DaemonFindings,
  pods: readonly Pod[],
): { readonly fresh: Pod | undefined; readonly old: Pod | undefined } | undefined {
  const alive = pods.filter((pod) => !isBeingDeleted(pod));
  const [fresh, ...moreFresh] = alive.filter((pod) => isUpdated(set, pod, hash));
  const [old, ...moreOld] = alive.filter((pod) => !isUpdated(set, pod, hash));
  return moreFresh.length + moreOld.length > 0 ? undefined : { fresh, old };
}

function available({ set, now }: DaemonFindings, pod: Pod): boolean {
  return isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
}

/** Assigned before pending, then oldest first. */
export function compareAge(a: Pod, b: Pod): number {
  const assigned = Number(Boolean(b.spec?.nodeName)) - Number(Boolean(a.spec?.nodeName));
  if (assigned !== 0) return assigned;
  const [first = '', second = ''] = [a.metadata?.creationTimestamp, b.metadata?.creationTimestamp];
  if (first !== second) return first < second ? -1 : 1;
  return (a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1;
}
