// How evenly pods are spread over a topology: the hard check with its counts, and the soft score.
import type { Selector } from '../../api/selectors.ts';
import type { SchedulerCache } from './cache.ts';
import type { FilterStep, ScoreStep } from './framework.ts';
import { naturalLog } from './natural-log.ts';
import type { NodeInfo } from './node-info.ts';
import { hardEffects, untoleratedTaint } from './node-selector.ts';
import type { PodInfo } from './pod-info.ts';
import { type Rejection, unresolvable, unschedulable } from './rejection.ts';
import type { Topologies } from './topology.ts';

export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: Selector;
  /** Whether nodes that the pod's affinity rules out are left out of the reckoning. */
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

const reason = "node(s) didn't match pod topology spread constraints";
export const spreadMismatch: Rejection = unschedulable('PodTopologySpread', reason);
const labelMissing: Rejection = unresolvable('PodTopologySpread', `${reason} (missing required label)`);

const hostname = 'kubernetes.io/hostname';

export function hardSpread(pod: PodInfo, constraints: readonly SpreadConstraint[], cache: SchedulerCache): FilterStep {
  const domains = constraints.map(() => new Map<string, number>());
  const counters = constraints.map(({ selector }) => countsOf(cache, pod, selector));
  for (const node of cache.nodeList()) {
    if (!hasAllKeys(node, constraints)) continue;
    for (const [i, constraint] of constraints.entries()) {
      if (!includes(constraint, pod, node)) continue;
      const value = node.label(constraint.topologyKey) ?? '';
      domains[i]?.set(value, (domains[i].get(value) ?? 0) + (counters[i]?.[node.slot] ?? 0));
    }
  }
  return new HardStep(pod, constraints, domains);
}

class HardStep implements FilterStep {
  private readonly lowest: number[];

  constructor(
    private readonly pod: PodInfo,
    private readonly constraints: readonly SpreadConstraint[],
    /** Matching pods by topology value, one map a constraint. */
    private readonly domains: readonly Map<string, number>[],
  ) {
    this.lowest = constraints.map((_, i) => this.findLowest(i));
  }

  filter(node: NodeInfo): Rejection | undefined {
    for (const [i, { topologyKey, maxSkew, selector }] of this.constraints.entries()) {
      const value = node.label(topologyKey);
      if (value === undefined) return labelMissing;
      const itself = selector.matches(this.pod.labels) ? 1 : 0;
      const skew = (this.domains[i]?.get(value) ?? 0) + itself - (this.lowest[i] ?? 0);
      if (skew > maxSkew) return spreadMismatch;
    }
    return undefined;
  }

  addPod(other: PodInfo, node: NodeInfo): void {
    this.update(other, node, 1);
  }

  removePod(other: PodInfo, node: NodeInfo): void {
    this.update(other, node, -1);
  }

  clone(): FilterStep {
    return new HardStep(
      this.pod,
      this.constraints,
      this.domains.map((domain) => new Map(domain)),
    );
  }

  private update(other: PodInfo, node: NodeInfo, sign: number): void {
    if (other.namespace !== this.pod.namespace || !hasAllKeys(node, this.constraints)) return;
    for (const [i, constraint] of this.constraints.entries()) {
      if (!constraint.selector.matches(other.labels) || !includes(constraint, this.pod, node)) continue;
      const value = node.label(constraint.topologyKey) ?? '';
      this.domains[i]?.set(value, (this.domains[i].get(value) ?? 0) + sign);
      this.lowest[i] = this.findLowest(i);
    }
  }

  /** With fewer domains than wanted, the missing ones count as empty. */
  private findLowest(i: number): number {
    const domain = this.domains[i];
    if (!domain || domain.size < (this.constraints[i]?.minDomains ?? 1)) return 0;
    let lowest = Number.MAX_SAFE_INTEGER;
    for (const count of domain.values()) lowest = Math.min(lowest, count);
    return lowest;
  }
}

interface SoftOptions {
  readonly constraints: readonly SpreadConstraint[];
  /** The feasible nodes. */
  readonly nodes: readonly NodeInfo[];
  /** Nodes that lack one of the keys get nothing; otherwise each key counts for itself. */
  readonly everyTopology: boolean;
  readonly cache: SchedulerCache;
  readonly topologies: Topologies;
}

export function softSpread(pod: PodInfo, options: SoftOptions): ScoreStep {
  const { constraints, nodes, everyTopology } = options;
  const ignored = new Set(everyTopology ? nodes.filter((node) => !hasAllKeys(node, constraints)) : []);
  const parts = constraints.map((constraint) => softPart(pod, constraint, options, ignored));
  return {
    score: (scores) => {
      for (const part of parts) addPart(scores, nodes, part);
      for (let i = 0; i < scores.length; i++) scores[i] = Math.round(scores[i] ?? 0);
      if (ignored.size > 0) for (const [i, node] of nodes.entries()) if (ignored.has(node)) scores[i] = 0;
    },
    normalize: (scores) => normalizeSpread(scores, nodes, ignored),
  };
}

/** One constraint's share of the scores: matching pods in a node's domain, weighted by how many domains there are. */
interface SoftPart {
  /** A node's domain by slot; none: negative. */
  readonly ids: Int32Array;
  /** Matching pods by domain; on hosts every node is one, and its slot the index. */
  readonly pods: ArrayLike<number>;
  readonly byHost: boolean;
  readonly weight: number;
  readonly maxSkew: number;
}

function addPart(
  scores: Float64Array,
  nodes: readonly NodeInfo[],
  { ids, pods, byHost, weight, maxSkew }: SoftPart,
): void {
  for (let i = 0; i < nodes.length; i++) {
    const slot = nodes[i]?.slot ?? -1;
    const id = ids[slot] ?? -1;
    if (id >= 0) scores[i] = (scores[i] ?? 0) + ((pods[byHost ? slot : id] ?? 0) * weight + (maxSkew - 1));
  }
}

function softPart(
  pod: PodInfo,
  constraint: SpreadConstraint,
  { nodes, cache, topologies, constraints, everyTopology }: SoftOptions,
  ignored: ReadonlySet<NodeInfo>,
): SoftPart {
  const { topologyKey, maxSkew, selector } = constraint;
  const counts = countsOf(cache, pod, selector);
  const { ids, values } = topologies.of(topologyKey);
  if (topologyKey === hostname) {
    const weight = naturalLog(nodes.length - ignored.size + 2);
    return { ids, pods: counts, byHost: true, weight, maxSkew };
  }
  const domains = countDomains(nodes, ids, { values: values.length, ignored });
  const sums = new Float64Array(values.length);
  const selective = everyTopology || constraint.honorsTaints || pod.template.required !== undefined;
  if (!selective) sumByDomain(ids, counts, sums);
  else
    for (const node of cache.nodeList()) {
      const id = ids[node.slot] ?? -1;
      if (id < 0 || (everyTopology && !hasAllKeys(node, constraints)) || !includes(constraint, pod, node)) continue;
      sums[id] = (sums[id] ?? 0) + (counts[node.slot] ?? 0);
    }
  return { ids, pods: sums, byHost: false, weight: naturalLog(domains + 2), maxSkew };
}

/** How many domains the feasible nodes are in; those without any count as one more. */
function countDomains(
  nodes: readonly NodeInfo[],
  ids: Int32Array,
  { values, ignored }: { readonly values: number; readonly ignored: ReadonlySet<NodeInfo> },
): number {
  const seen = new Uint8Array(values + 1);
  let domains = 0;
  for (const node of nodes) {
    if (ignored.size > 0 && ignored.has(node)) continue;
    const at = (ids[node.slot] ?? -1) + 1;
    if (seen[at] === 0) domains++;
    seen[at] = 1;
  }
  return domains;
}

/** The hot loop of large clusters: every node's count to its domain. */
function sumByDomain(ids: Int32Array, counts: readonly number[], sums: Float64Array): void {
  if (sums.length === 0) return;
  for (let slot = 0; slot < ids.length; slot++) {
    const id = ids[slot] ?? -1;
    if (id >= 0) sums[id] = (sums[id] ?? 0) + (counts[slot] ?? 0);
  }
}

/** The fewest matching pods get the most. */
function normalizeSpread(scores: Float64Array, nodes: readonly NodeInfo[], ignored: ReadonlySet<NodeInfo>): void {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (let i = 0; i < scores.length; i++) {
    const node = nodes[i];
    if (!node || (ignored.size > 0 && ignored.has(node))) continue;
    const score = scores[i] ?? 0;
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  for (let i = 0; i < scores.length; i++) {
    const node = nodes[i];
    if (!node || (ignored.size > 0 && ignored.has(node))) scores[i] = 0;
    else if (highest === 0) scores[i] = 100;
    else scores[i] = Math.floor((100 * (highest + lowest - (scores[i] ?? 0))) / highest);
  }
}

/** A selector that selects everything counts nothing, as upstream has it. */
function countsOf(cache: SchedulerCache, pod: PodInfo, selector: Selector): readonly number[] {
  return selector.isEmpty() ? [] : cache.counter(pod.namespace, selector).counts;
}

function hasAllKeys(node: NodeInfo, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => node.label(topologyKey) !== undefined);
}

function includes({ honorsAffinity, honorsTaints }: SpreadConstraint, pod: PodInfo, node: NodeInfo): boolean {
  const { required, tolerations } = pod.template;
  if (honorsAffinity && required && node.node && !required.matches(node.node)) return false;
  return !honorsTaints || untoleratedTaint(node.taints, tolerations, hardEffects) === undefined;
}
