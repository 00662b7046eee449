// The scheduling algorithm: which nodes are feasible, which of them is best. Decides, changes nothing but its cursor.
import type { RandomStream } from '../sim/random.ts';
import type { SchedulerCache } from './cache.ts';
import type { Diagnosis, FilterStep, Plugin } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { Nominator } from './nominator.ts';
import type { PodInfo } from './pod-info.ts';
import { type Ranking, rankNodes } from './rank-nodes.ts';
import { isRejection, type Rejection, unresolvable } from './rejection.ts';

export type Outcome =
  | { readonly kind: 'fits'; readonly ranking: Ranking; readonly evaluated: number }
  | { readonly kind: 'no-nodes' }
  | { readonly kind: 'error'; readonly message: string }
  | {
      readonly kind: 'unfit';
      readonly nodes: number;
      readonly preFilter: Rejection | undefined;
      readonly diagnosis: Diagnosis;
      readonly rejectors: ReadonlySet<string>;
    };

const feasibleNodesMin = 100;
const feasiblePercentMin = 5;

export class Algorithm {
  private startAt = 0;

  constructor(
    private readonly plugins: readonly Plugin[],
    private readonly cache: SchedulerCache,
    private readonly nominator: Nominator,
    private readonly random: RandomStream,
  ) {}

  schedule(pod: PodInfo): Outcome {
    const nodes = this.cache.nodeList();
    if (nodes.length === 0) return { kind: 'no-nodes' };
    const prepared = this.prepare(pod);
    if ('rejection' in prepared) return this.rejected(prepared.rejection, prepared.steps);
    const nominated = this.cache.node(pod.pod.status?.nominatedNodeName ?? '');
    if (nominated && !this.filter(pod, nominated, prepared.steps)) return this.fits(pod, [nominated], 1);

    const { names, steps, namers } = prepared;
    const searched = names ? [...names].flatMap((name) => this.cache.node(name) ?? []) : nodes;
    const { feasible, verdicts, failure } = this.search(pod, searched, steps);
    if (failure) return { kind: 'error', message: failure };
    const processed = feasible.length + verdicts.size;
    this.startAt = (this.startAt + processed) % nodes.length;
    if (feasible.length > 0) return this.fits(pod, feasible, processed);
    const absent = names
      ? unresolvable('', `node(s) didn't satisfy plugin(s) [${namers.join(' ')}]`)
      : unresolvable('');
    const rejectors = new Set(namers);
    for (const { plugin } of verdicts.values()) rejectors.add(plugin);
    const diagnosis = { verdicts, absent, steps };
    return { kind: 'unfit', nodes: nodes.length, preFilter: undefined, diagnosis, rejectors };
  }

  /** Whether the pod can run on the node as it is, and also if pods of at least its priority came that are promised it. */
  filter(pod: PodInfo, node: NodeInfo, steps: readonly FilterStep[]): Rejection | undefined {
    if (!this.nominator.hasPodsFor(node.name)) return this.filterKnown(pod, node, steps);
    return this.tryFilters(pod, node, steps);
  }

  /** The same for a node that may be a copy to try things on. */
  tryFilters(pod: PodInfo, node: NodeInfo, steps: readonly FilterStep[]): Rejection | undefined {
    const promised = this.nominator
      .podsFor(node.name)
      .filter(({ uid, priority }) => uid !== pod.uid && priority >= pod.priority);
    if (promised.length > 0) {
      const crowded = node.clone();
      const crowdedSteps = steps.map((step) => step.clone?.() ?? step);
      for (const other of promised) {
        crowded.add(other);
        for (const step of crowdedSteps) step.addPod?.(other, crowded);
      }
      const rejection = this.filterAfresh(pod, crowded, crowdedSteps);
      if (rejection) return rejection;
    }
    return this.filterAfresh(pod, node, steps);
  }

  /** Asks every plugin once about the whole cluster. */
  private prepare(pod: PodInfo):
    | {
        readonly steps: readonly FilterStep[];
        readonly names: ReadonlySet<string> | undefined;
        readonly namers: readonly string[];
      }
    | { readonly rejection: Rejection; readonly steps: readonly FilterStep[] | undefined } {
    const steps: FilterStep[] = [];
    const namers: string[] = [];
    let names: ReadonlySet<string> | undefined;
    let rejection: Rejection | undefined;
    for (const plugin of this.plugins) {
      const named = plugin.nodeNames?.(pod);
      if (isRejection(named)) return { rejection: named, steps: undefined };
      if (named) {
        namers.push(plugin.name);
        names = names ? new Set([...names].filter((name) => named.has(name))) : named;
      }
      const step = plugin.preFilter?.(pod);
      if (isRejection(step)) {
        if (step.code !== 'unschedulable') return { rejection: step, steps: undefined };
        rejection = step; // preemption may help, so the others prepare for it
      } else if (step) steps.push(step);
    }
    return rejection ? { rejection, steps } : { steps, names, namers };
  }

  private rejected(rejection: Rejection, steps: readonly FilterStep[] | undefined): Outcome {
    if (rejection.code === 'error')
      return {
        kind: 'error',
        message: `running PreFilter plugin ${JSON.stringify(rejection.plugin)}: ${rejection.reasons.join(', ')}`,
      };
    return {
      kind: 'unfit',
      nodes: this.cache.nodeList().length,
      preFilter: rejection,
      diagnosis: { verdicts: new Map(), absent: rejection, steps },
      rejectors: new Set([rejection.plugin]),
    };
  }

  private search(
    pod: PodInfo,
    nodes: readonly NodeInfo[],
    steps: readonly FilterStep[],
  ): { feasible: NodeInfo[]; verdicts: Map<NodeInfo, Rejection>; failure: string | undefined } {
    const wanted = feasibleNodesToFind(nodes.length);
    const feasible: NodeInfo[] = [];
    const verdicts = new Map<NodeInfo, Rejection>();
    for (let i = 0; i < nodes.length && feasible.length < wanted; i++) {
      const node = nodes[(this.startAt + i) % nodes.length];
      if (!node) continue;
      const rejection = this.filter(pod, node, steps);
      if (!rejection) feasible.push(node);
      else if (rejection.code === 'error')
        return {
          feasible,
          verdicts,
          failure: `running ${JSON.stringify(rejection.plugin)} filter plugin: ${rejection.reasons.join(', ')}`,
        };
      else verdicts.set(node, rejection);
    }
    return { feasible, verdicts, failure: undefined };
  }

  private fits(pod: PodInfo, feasible: readonly NodeInfo[], evaluated: number): Outcome {
    const { plugins, cache, random } = this;
    return { kind: 'fits', ranking: rankNodes(pod, feasible, { plugins, cache, random }), evaluated };
  }

  /** Verdicts from template and node alone are looked up; the steps are asked. */
  private filterKnown(pod: PodInfo, node: NodeInfo, steps: readonly FilterStep[]): Rejection | undefined {
    const { memo } = pod.template;
    if (!memo.knowsVerdict(node.slot, node.generation)) memo.verdicts[node.slot] = this.nodeVerdict(pod, node);
    const verdict = memo.verdicts[node.slot];
    if (verdict) return verdict;
    for (const step of steps) {
      const rejection = step.filter(node);
      if (rejection) return rejection;
    }
    return undefined;
  }

  private filterAfresh(pod: PodInfo, node: NodeInfo, steps: readonly FilterStep[]): Rejection | undefined {
    const verdict = this.nodeVerdict(pod, node);
    if (verdict) return verdict;
    for (const step of steps) {
      const rejection = step.filter(node);
      if (rejection) return rejection;
    }
    return undefined;
  }

  private nodeVerdict(pod: PodInfo, node: NodeInfo): Rejection | undefined {
    for (const plugin of this.plugins) {
      const rejection = plugin.nodeFilter?.(pod.template, node);
      if (rejection) return rejection;
    }
    return undefined;
  }
}

/** With many nodes a share of them is enough: 50 % less one for every 125 nodes, at least 5 % and a hundred. */
export function feasibleNodesToFind(nodes: number): number {
  if (nodes < feasibleNodesMin) return nodes;
  const percent = Math.max(50 - Math.floor(nodes / 125), feasiblePercentMin);
  return Math.max(Math.floor((nodes * percent) / 100), feasibleNodesMin);
}
