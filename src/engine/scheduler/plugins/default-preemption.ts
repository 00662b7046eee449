// DefaultPreemption: finds the node where evicting the least important pods makes room, and evicts them.
import { podDisruptionBudgets } from '../../../api/generated/resources.ts';
import type { PodDisruptionBudget } from '../../../api/generated/types.ts';
import { parseTime } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { Evictions } from '../evictions.ts';
import { fitErrorMessage } from '../fit-error.ts';
import type { Diagnosis, FilterStep, Handle, PluginFactory, PostFilterResult } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodInfo } from '../pod-info.ts';
import { type Rejection, unresolvable, unschedulable } from '../rejection.ts';

const name = 'DefaultPreemption';
const noVictims = unresolvable(name, 'No preemption victims found for incoming pod');
const notHelpful = unresolvable(name, 'Preemption is not helpful for scheduling');
const candidatesMin = 100;
const candidatesPercent = 10;

interface Candidate {
  readonly node: NodeInfo;
  /** Most important first. */
  readonly victims: readonly PodInfo[];
  readonly violations: number;
}

export const defaultPreemption: PluginFactory = (handle) => {
  const evictions = new Evictions(handle, name);
  const budgets = handle.lister(podDisruptionBudgets);
  return {
    name,
    preEnqueue: (pod) =>
      evictions.isUnderWayFor(pod.uid)
        ? unresolvable(name, 'waiting for the preemption for this pod to be finished')
        : undefined,
    postFilter: (pod, diagnosis) => {
      handle.tally.preemptions++;
      const refusal = whyNot(handle, pod, diagnosis);
      if (refusal) return { rejection: unschedulable(name, `preemption: ${refusal}`) };
      return preempt(handle, { pod, diagnosis, budgets: [...budgets.list()], evictions });
    },
    hints: [{ resource: 'Pod', actions: ['delete'], helps: () => false }],
  };
};

interface Attempt {
  readonly pod: PodInfo;
  readonly diagnosis: Diagnosis;
  readonly budgets: readonly PodDisruptionBudget[];
  readonly evictions: Evictions;
}

/** Why the pod may not preempt others (again). */
function whyNot({ cache }: Handle, pod: PodInfo, { verdicts }: Diagnosis): string | undefined {
  if (pod.pod.spec?.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = cache.node(pod.pod.status?.nominatedNodeName ?? '');
  if (!nominated || verdicts.get(nominated)?.code === 'unresolvable') return undefined;
  for (const other of nominated.pods.values())
    if (other.priority < pod.priority && isBeingPreempted(other))
      return 'not eligible due to a terminating pod on the nominated node.';
  return undefined;
}

function isBeingPreempted({ terminating, pod }: PodInfo): boolean {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  return terminating && condition?.status === 'True' && condition.reason === 'PreemptionByScheduler';
}

function preempt(handle: Handle, { pod, diagnosis, budgets, evictions }: Attempt): PostFilterResult {
  const { cache, scope } = handle;
  const all = cache.nodeList();
  const helpful = all.filter((node) => (diagnosis.verdicts.get(node) ?? diagnosis.absent).code === 'unschedulable');
  const wanted = Math.min(helpful.length, Math.max(candidatesMin, Math.floor((all.length * candidatesPercent) / 100)));
  const offset = scope.random(`${scope.name}/preemption`).below(helpful.length);
  const verdicts: Rejection[] = [];
  const candidates: Candidate[] = [];
  let harmless = 0;
  for (let i = 0; i < helpful.length && !(harmless > 0 && candidates.length >= wanted); i++) {
    const node = helpful[(offset + i) % helpful.length];
    if (!node) continue;
    const found = selectVictims(handle, { pod, node, steps: diagnosis.steps ?? [], budgets });
    if ('code' in found) verdicts.push(found);
    else {
      candidates.push(found);
      if (found.violations === 0) harmless++;
    }
  }
  const best = pickCandidate(candidates);
  if (best) {
    evictions.start(pod, best.node.name, best.victims);
    handle.tally.victims.observe(best.victims.length);
    return { node: best.node.name, rejection: undefined };
  }
  const message = fitErrorMessage({
    nodes: all.length,
    preFilter: undefined,
    verdicts,
    verdictCount: verdicts.length,
    absent: notHelpful,
    postFilter: undefined,
  });
  return { node: '', rejection: unschedulable(name, `preemption: ${message}`) };
}

/** Who must go for the pod to fit: all less important pods go on trial, and come back one by one while it still fits. */
function selectVictims(
  handle: Handle,
  {
    pod,
    node,
    steps: original,
    budgets,
  }: {
    readonly pod: PodInfo;
    readonly node: NodeInfo;
    readonly steps: readonly FilterStep[];
    readonly budgets: readonly PodDisruptionBudget[];
  },
): Candidate | Rejection {
  const trial = node.clone();
  const steps = original.map((step) => step.clone?.() ?? step);
  const remove = (other: PodInfo): void => {
    trial.remove(other.uid);
    for (const step of steps) step.removePod?.(other, trial);
  };
  const potential = [...node.pods.values()].filter(({ priority }) => priority < pod.priority);
  if (potential.length === 0) return noVictims;
  for (const other of potential) remove(other);
  const rejection = handle.tryFilters(pod, trial, steps);
  if (rejection) return rejection;

  const { violating, harmless } = splitByBudgets(potential.sort(byImportance), budgets);
  const victims: PodInfo[] = [];
  let violations = 0;
  for (const other of [...violating, ...harmless]) {
    trial.add(other);
    for (const step of steps) step.addPod?.(other, trial);
    if (!handle.tryFilters(pod, trial, steps)) continue;
    remove(other);
    victims.push(other);
    if (violating.includes(other)) violations++;
  }
  return { node, victims: victims.sort(byImportance), violations };
}

function splitByBudgets(
  pods: readonly PodInfo[],
  budgets: readonly PodDisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly harmless: readonly PodInfo[] } {
  const allowed = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const violating: PodInfo[] = [];
  const harmless: PodInfo[] = [];
  for (const pod of pods) {
    let violates = false;
    for (const [i, { metadata, spec, status }] of budgets.entries()) {
      const selector = selectorOf(spec?.selector);
      if (metadata?.namespace !== pod.namespace || !pod.labels || selector.isEmpty()) continue;
      if (!selector.matches(pod.labels) || Object.hasOwn(status?.disruptedPods ?? {}, pod.name)) continue;
      allowed[i] = (allowed[i] ?? 0) - 1;
      if ((allowed[i] ?? 0) < 0) violates = true;
    }
    (violates ? violating : harmless).push(pod);
  }
  return { violating, harmless };
}

/** More important first: by priority, then by how long it has been running. */
function byImportance(a: PodInfo, b: PodInfo): number {
  return b.priority - a.priority || startOf(a) - startOf(b);
}

/** One that has not started is the least important of its priority. */
function startOf({ pod }: PodInfo): number {
  return parseTime(pod.status?.startTime) ?? Number.MAX_SAFE_INTEGER;
}

/** Fewest broken budgets, then lowest highest priority, lowest sum of priorities, fewest pods, latest started. */
function pickCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  const measures: readonly ((candidate: Candidate) => number)[] = [
    ({ violations }) => -violations,
    ({ victims }) => -(victims[0]?.priority ?? 0),
    ({ victims }) => -victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    ({ victims }) => -victims.length,
    ({ victims }) => Math.min(...victims.filter((v) => v.priority === victims[0]?.priority).map(startOf)),
  ];
  let rest = candidates;
  for (const measure of measures) {
    if (rest.length <= 1) break;
    const best = Math.max(...rest.map(measure));
    rest = rest.filter((candidate) => measure(candidate) === best);
  }
  return rest[0];
}
