// InterPodAffinity: pods that want to be near to, or far from, other pods, by topology.
import { namespaces } from '../../../api/generated/resources.ts';
import type { Node, Pod } from '../../../api/generated/types.ts';
import type { FilterStep, PluginFactory, ScoreStep } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import type { AffinityTerm, Labels, PodInfo } from '../pod-info.ts';
import { unresolvable, unschedulable } from '../rejection.ts';

const name = 'InterPodAffinity';
const noAffinity = unresolvable(name, "node(s) didn't match pod affinity rules");
const antiAffinity = unschedulable(name, "node(s) didn't match pod anti-affinity rules");
const existingAntiAffinity = unschedulable(name, "node(s) didn't satisfy existing pods anti-affinity rules");
/** How much a running pod's required affinity to the new pod counts. */
const requiredWeight = 1;

export const interPodAffinity: PluginFactory = ({ cache, lister }) => {
  const known = lister(namespaces);
  const labelsOf = (namespace: string): Labels => known.get(namespace)?.metadata?.labels;

  return {
    name,
    weight: 2,
    preFilter: (pod) => {
      const counts = countRequired(pod, labelsOf, cache.nodeList(), cache.nodesWithRequiredAntiAffinity());
      const idle = pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0;
      return idle && counts.existing.size === 0 ? undefined : new AffinityStep(pod, labelsOf, counts);
    },
    preScore: (pod) => {
      const preferring = pod.preferredAffinity.length > 0 || pod.preferredAntiAffinity.length > 0;
      const sums = new TopologyCounts();
      for (const node of preferring ? cache.nodeList() : cache.nodesWithAffinity())
        for (const other of preferring ? node.pods.values() : node.podsWithAffinity)
          addPreferences(sums, { pod, other, node }, labelsOf);
      return sums.size === 0 ? undefined : scoreStep(sums);
    },
    hints: [
      {
        resource: 'Pod',
        actions: ['add', 'label', 'delete'],
        helps: (pod, old: Pod | undefined, current: Pod | undefined) => {
          if (old && current && current.metadata?.uid === pod.uid) return true;
          const placed = (other: Pod | undefined): boolean =>
            !other || Boolean(other.spec?.nodeName || other.status?.nominatedNodeName);
          if (!placed(old) || !placed(current)) return false;
          const matches = (terms: readonly AffinityTerm[], other: Pod): boolean => {
            const info = cache.infos.of(other);
            return matchesAll(terms, info, labelsOf(info.namespace));
          };
          if (old && current)
            return (
              (!matches(pod.requiredAffinity, old) && matches(pod.requiredAffinity, current)) ||
              (matches(pod.requiredAntiAffinity, old) && !matches(pod.requiredAntiAffinity, current))
            );
          if (current) return matches(pod.requiredAffinity, current);
          if (!old) return false;
          const oldTerms = cache.infos.of(old).requiredAntiAffinity;
          return matches(pod.requiredAntiAffinity, old) || matchesAll(oldTerms, pod, labelsOf(pod.namespace));
        },
      },
      {
        resource: 'Node',
        actions: ['add', 'label'],
        helps: (pod, old: Node | undefined, current: Node | undefined) => {
          const value = (node: Node | undefined, key: string): string | undefined => node?.metadata?.labels?.[key];
          if (!old && pod.requiredAntiAffinity.length > 0) return true;
          return [...pod.requiredAffinity, ...pod.requiredAntiAffinity].some(
            ({ topologyKey }) => value(old, topologyKey) !== value(current, topologyKey),
          );
        },
      },
    ],
  };
};

/** Numbers by topology key and value: the pods, or weights, found in one zone, on one host … */
class TopologyCounts {
  private readonly byKey = new Map<string, Map<string, number>>();

  get size(): number {
    return this.byKey.size;
  }

  keys(): Iterable<string> {
    return this.byKey.keys();
  }

  get(key: string, value: string | undefined): number {
    return value === undefined ? 0 : (this.byKey.get(key)?.get(value) ?? 0);
  }

  add(key: string, node: NodeInfo, amount: number): void {
    const value = node.label(key);
    if (value === undefined) return;
    const values = this.byKey.get(key) ?? new Map<string, number>();
    const sum = (values.get(value) ?? 0) + amount;
    if (sum === 0 && amount < 0) values.delete(value);
    else values.set(value, sum);
    if (values.size > 0) this.byKey.set(key, values);
    else this.byKey.delete(key);
  }

  clone(): TopologyCounts {
    const copy = new TopologyCounts();
    for (const [key, values] of this.byKey) copy.byKey.set(key, new Map(values));
    return copy;
  }
}

interface RequiredCounts {
  /** Running pods that refuse the new one. */
  readonly existing: TopologyCounts;
  /** Running pods that match all of the new one's affinity terms. */
  readonly affinity: TopologyCounts;
  readonly antiAffinity: TopologyCounts;
}

type LabelsOf = (namespace: string) => Labels;

function countRequired(
  pod: PodInfo,
  labelsOf: LabelsOf,
  nodes: readonly NodeInfo[],
  refusing: Iterable<NodeInfo>,
): RequiredCounts {
  const counts = {
    existing: new TopologyCounts(),
    affinity: new TopologyCounts(),
    antiAffinity: new TopologyCounts(),
  };
  for (const node of refusing)
    for (const other of node.podsWithRequiredAntiAffinity) addRefusals(counts.existing, pod, other, node, labelsOf, 1);
  if (pod.requiredAffinity.length > 0 || pod.requiredAntiAffinity.length > 0)
    for (const node of nodes) for (const other of node.pods.values()) addWishes(counts, pod, other, node, labelsOf, 1);
  return counts;
}

function addRefusals(
  counts: TopologyCounts,
  pod: PodInfo,
  other: PodInfo,
  node: NodeInfo,
  labelsOf: LabelsOf,
  sign: number,
): void {
  for (const term of other.requiredAntiAffinity)
    if (term.matches(pod, labelsOf(pod.namespace))) counts.add(term.topologyKey, node, sign);
}

function addWishes(
  counts: RequiredCounts,
  pod: PodInfo,
  other: PodInfo,
  node: NodeInfo,
  labelsOf: LabelsOf,
  sign: number,
): void {
  const labels = labelsOf(other.namespace);
  if (matchesAll(pod.requiredAffinity, other, labels))
    for (const { topologyKey } of pod.requiredAffinity) counts.affinity.add(topologyKey, node, sign);
  for (const term of pod.requiredAntiAffinity)
    if (term.matches(other, labels)) counts.antiAffinity.add(term.topologyKey, node, sign);
}

function matchesAll(terms: readonly AffinityTerm[], pod: PodInfo, namespaceLabels: Labels): boolean {
  return terms.length > 0 && terms.every((term) => term.matches(pod, namespaceLabels));
}

class AffinityStep implements FilterStep {
  constructor(
    private readonly pod: PodInfo,
    private readonly labelsOf: LabelsOf,
    private readonly counts: RequiredCounts,
  ) {}

  filter(node: NodeInfo) {
    if (!this.satisfiesAffinity(node)) return noAffinity;
    for (const { topologyKey } of this.pod.requiredAntiAffinity)
      if (this.counts.antiAffinity.get(topologyKey, node.label(topologyKey)) > 0) return antiAffinity;
    for (const key of this.counts.existing.keys())
      if (this.counts.existing.get(key, node.label(key)) > 0) return existingAntiAffinity;
    return undefined;
  }

  addPod(other: PodInfo, node: NodeInfo): void {
    this.update(other, node, 1);
  }

  removePod(other: PodInfo, node: NodeInfo): void {
    this.update(other, node, -1);
  }

  clone(): FilterStep {
    const { existing, affinity, antiAffinity: anti } = this.counts;
    return new AffinityStep(this.pod, this.labelsOf, {
      existing: existing.clone(),
      affinity: affinity.clone(),
      antiAffinity: anti.clone(),
    });
  }

  /** The first pod of a group that wants to be together may go anywhere. */
  private satisfiesAffinity(node: NodeInfo): boolean {
    let together = true;
    for (const { topologyKey } of this.pod.requiredAffinity) {
      const value = node.label(topologyKey);
      if (value === undefined) return false;
      if (this.counts.affinity.get(topologyKey, value) <= 0) together = false;
    }
    if (together) return true;
    const first = this.counts.affinity.size === 0;
    return first && matchesAll(this.pod.requiredAffinity, this.pod, this.labelsOf(this.pod.namespace));
  }

  private update(other: PodInfo, node: NodeInfo, sign: number): void {
    addRefusals(this.counts.existing, this.pod, other, node, this.labelsOf, sign);
    addWishes(this.counts, this.pod, other, node, this.labelsOf, sign);
  }
}

function addPreferences(
  sums: TopologyCounts,
  { pod, other, node }: { readonly pod: PodInfo; readonly other: PodInfo; readonly node: NodeInfo },
  labelsOf: LabelsOf,
): void {
  const add = (terms: readonly AffinityTerm[], about: PodInfo, weight: (term: AffinityTerm) => number): void => {
    for (const term of terms)
      if (term.matches(about, labelsOf(about.namespace))) sums.add(term.topologyKey, node, weight(term));
  };
  add(pod.preferredAffinity, other, ({ weight }) => weight);
  add(pod.preferredAntiAffinity, other, ({ weight }) => -weight);
  add(other.requiredAffinity, pod, () => requiredWeight);
  add(other.preferredAffinity, pod, ({ weight }) => weight);
  add(other.preferredAntiAffinity, pod, ({ weight }) => -weight);
}

function scoreStep(sums: TopologyCounts): ScoreStep {
  return {
    score: (scores, nodes) => {
      for (const key of sums.keys())
        for (const [i, node] of nodes.entries()) scores[i] = (scores[i] ?? 0) + sums.get(key, node.label(key));
    },
    normalize: (scores) => {
      let lowest = Number.POSITIVE_INFINITY;
      let highest = Number.NEGATIVE_INFINITY;
      for (const score of scores) {
        lowest = Math.min(lowest, score);
        highest = Math.max(highest, score);
      }
      const span = highest - lowest;
      for (const [i, score] of scores.entries()) scores[i] = span > 0 ? Math.floor(100 * ((score - lowest) / span)) : 0;
    },
  };
}
