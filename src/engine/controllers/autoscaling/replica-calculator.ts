// How many replicas a resource's usage asks for. Models ReplicaCalculator of v1.36: pods that are not ready or not
// measured count as using nothing when there should be more, and as using all that they may when there should be fewer.
import type { Pod } from '../../../api/generated/types.ts';
import { isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { podCondition } from '../shared/pod-state.ts';
import { MetricError, type PodUsage } from './resource-metrics.ts';

/** How far from the target usage may be without anything being done. */
export interface Tolerances {
  readonly down: number;
  readonly up: number;
}

export interface Calculation {
  readonly pods: readonly Pod[];
  readonly usage: Map<string, PodUsage>;
  readonly resource: string;
  readonly container: string | undefined;
  readonly current: number;
  readonly tolerances: Tolerances;
  readonly now: number;
}

export interface Proposal {
  readonly replicas: number;
  /** Average over the pods that were measured, in thousandths. */
  readonly averageMilli: number;
  /** Percent of what they have asked for. */
  readonly utilization?: number;
}

const cpuInitializationMs = 300_000;
const initialReadinessMs = 30_000;

/** For a target of so many percent of the requests. Throws MetricError. */
export function replicasForUtilization(calculation: Calculation, target: number): Proposal {
  const groups = grouped(calculation);
  const { pods, resource, container, usage } = calculation;
  const requests = new Map(pods.map((pod) => [pod.metadata?.name ?? '', requestOf(pod, resource, container)] as const));
  const ratioOf = (): { ratio: number; utilization: number; averageMilli: number } => {
    let used = 0;
    let requested = 0;
    let entries = 0;
    for (const [name, { milli }] of usage) {
      const request = requests.get(name);
      if (request === undefined) continue;
      used += milli;
      requested += request;
      entries++;
    }
    if (requested === 0) throw new MetricError('no metrics returned matched known pods');
    const utilization = Math.trunc((used * 100) / requested);
    return { ratio: utilization / target, utilization, averageMilli: Math.trunc(used / entries) };
  };
  const { ratio, utilization, averageMilli } = ratioOf();
  const missing = (name: string): number => Math.trunc(((requests.get(name) ?? 0) * Math.max(100, target)) / 100);
  const replicas = proposed(calculation, groups, { ratio, again: () => ratioOf().ratio, missing });
  return { replicas, utilization, averageMilli };
}

/** For a target of so many thousandths a pod. Throws MetricError. */
export function replicasForAverage(calculation: Calculation, targetMilli: number): Proposal {
  const groups = grouped(calculation);
  const average = (): number => {
    let used = 0;
    for (const { milli } of calculation.usage.values()) used += milli;
    return Math.trunc(used / calculation.usage.size);
  };
  const averageMilli = average();
  const again = (): number => average() / targetMilli;
  const replicas = proposed(calculation, groups, {
    ratio: averageMilli / targetMilli,
    again,
    missing: () => targetMilli,
  });
  return { replicas, averageMilli };
}

interface Groups {
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
}

/** Takes the usage of pods that do not count out of the calculation. Throws MetricError when nothing is left. */
function grouped(calculation: Calculation): Groups {
  const { pods, usage, resource, now } = calculation;
  if (pods.length === 0) throw new MetricError('no pods returned by selector while calculating replica count');
  const unready: string[] = [];
  const missing: string[] = [];
  let ready = 0;
  for (const pod of pods) {
    const name = pod.metadata?.name ?? '';
    const measured = usage.get(name);
    if (isBeingDeleted(pod) || pod.status?.phase === 'Failed') usage.delete(name);
    else if (pod.status?.phase === 'Pending') unready.push(name);
    else if (!measured) missing.push(name);
    else if (resource === 'cpu' && isUnready(pod, measured, now)) unready.push(name);
    else ready++;
  }
  for (const name of unready) usage.delete(name);
  if (usage.size === 0) throw new MetricError('did not receive metrics for targeted pods (pods might be unready)');
  return { ready, unready, missing };
}

function isUnready(pod: Pod, { at, windowMs }: PodUsage, now: number): boolean {
  const condition = podCondition(pod, 'Ready');
  const startedAt = parseTime(pod.status?.startTime);
  if (!condition || startedAt === undefined) return true;
  const changedAt = parseTime(condition.lastTransitionTime) ?? 0;
  const isFalse = condition.status === 'False';
  if (startedAt + cpuInitializationMs > now) return isFalse || at < changedAt + windowMs;
  return isFalse && startedAt + initialReadinessMs > changedAt;
}

/** The count for a ratio of usage to target; `again`: the ratio with those added that were not measured. */
function proposed(
  { current, usage, tolerances }: Calculation,
  { ready, unready, missing }: Groups,
  ratios: { readonly ratio: number; again(): number; missing(name: string): number },
): number {
  const { ratio } = ratios;
  const isWithin = (value: number): boolean => 1 - tolerances.down <= value && value <= 1 + tolerances.up;
  const upWithUnready = unready.length > 0 && ratio > 1;
  if (!upWithUnready && missing.length === 0) return isWithin(ratio) ? current : Math.ceil(ratio * ready);
  const assume = (name: string, milli: number): unknown => usage.set(name, { milli, at: 0, windowMs: 0 });
  for (const name of missing) {
    if (ratio < 1) assume(name, ratios.missing(name));
    else if (ratio > 1) assume(name, 0);
  }
  if (upWithUnready) for (const name of unready) assume(name, 0);
  const next = ratios.again();
  if (isWithin(next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return current;
  const replicas = Math.ceil(next * usage.size);
  return (next < 1 && replicas > current) || (next > 1 && replicas < current) ? current : replicas;
}

/** In thousandths. Throws MetricError where a container asks for nothing. */
function requestOf({ metadata, spec }: Pod, resource: string, container: string | undefined): number {
  const own = spec?.resources?.requests;
  const amountOf = (amounts: Readonly<Record<string, string>> | undefined): number | undefined => {
    const amount = amounts && Object.hasOwn(amounts, resource) ? amounts[resource] : undefined;
    return amount === undefined ? undefined : parseQuantity(amount).milliValue();
  };
  if (own && Object.keys(own).length > 0 && container === undefined) {
    const whole = amountOf(own);
    if (whole !== undefined) return whole;
    throw new MetricError(`missing pod-level request for ${resource} in Pod ${metadata?.name}`);
  }
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  let total = 0;
  for (const { name, resources } of [...(spec?.containers ?? []), ...sidecars]) {
    if (container !== undefined && container !== name) continue;
    const request = amountOf(resources?.requests);
    if (request === undefined)
      throw new MetricError(`missing request for ${resource} in container ${name} of Pod ${metadata?.name}`);
    total += request;
  }
  const named =
    container === undefined || (spec?.containers ?? []).concat(sidecars).some(({ name }) => name === container);
  if (!named) throw new MetricError(`container ${container} not found in Pod ${metadata?.name}`);
  return total;
}
