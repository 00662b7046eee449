// Scores feasible nodes by all plugins, weighted, and picks the best; chance decides among equals.
import type { RandomStream } from '../sim/random.ts';
import type { SchedulerCache } from './cache.ts';
import type { Plugin } from './framework.ts';
import type { NodeInfo } from './node-info.ts';
import type { PodInfo } from './pod-info.ts';

export interface Ranking {
  readonly best: NodeInfo;
  readonly feasible: readonly NodeInfo[];
  /** Weighted sums, in the order of `feasible`; empty when there was nothing to choose from. */
  readonly totals: Float64Array;
  /** The best node's weighted score by plugin, computed when somebody asks why. */
  explain(): string;
}

interface Column {
  readonly plugin: Plugin;
  /** By node; a single one when it is the same for all nodes. */
  readonly scores: Float64Array;
}

export function rankNodes(
  pod: PodInfo,
  feasible: readonly NodeInfo[],
  by: { readonly plugins: readonly Plugin[]; readonly cache: SchedulerCache; readonly random: RandomStream },
): Ranking {
  const [only] = feasible;
  if (only && feasible.length === 1)
    return { best: only, feasible, totals: new Float64Array(0), explain: () => 'the only feasible node' };
  const totals = new Float64Array(feasible.length);
  const columns = scoreAll(pod, feasible, by, totals);
  const at = pickBest(totals, by.random);
  const best = feasible[at] ?? only;
  if (!best) throw new RangeError('no nodes to rank');
  return { best, feasible, totals, explain: () => explain(pod, best, at, by.plugins, columns) };
}

function scoreAll(
  pod: PodInfo,
  nodes: readonly NodeInfo[],
  { plugins, cache }: { readonly plugins: readonly Plugin[]; readonly cache: SchedulerCache },
  totals: Float64Array,
): readonly Column[] {
  const { memo } = pod.template;
  const normalized = plugins.filter(({ nodeScore, normalize }) => nodeScore && normalize);
  memo.useEpoch(cache.imageEpoch);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (!node) continue;
    if (!memo.knowsScore(node.slot, node.generation)) remember(pod, node, plugins, normalized);
    totals[i] = memo.scores[node.slot] ?? 0;
  }
  const columns: Column[] = [];
  for (const [p, plugin] of normalized.entries()) {
    const uniform = memo.isUniform(p);
    const scores = new Float64Array(uniform ? 1 : nodes.length);
    if (!uniform) {
      const row = memo.raw(p);
      for (let i = 0; i < nodes.length; i++) scores[i] = row[nodes[i]?.slot ?? 0] ?? 0;
    }
    plugin.normalize?.(scores, nodes);
    columns.push({ plugin, scores });
  }
  for (const plugin of plugins) {
    const step = plugin.preScore?.(pod, nodes);
    if (!step) continue;
    const scores = new Float64Array(nodes.length);
    step.score(scores, nodes);
    step.normalize?.(scores, nodes);
    columns.push({ plugin, scores });
  }
  for (const { plugin, scores } of columns) addWeighted(totals, scores, plugin.weight ?? 1);
  return columns;
}

/** What is the same for all nodes decides nothing, but the sums should be upstream's. */
function addWeighted(totals: Float64Array, scores: Float64Array, weight: number): void {
  if (scores.length === 1) {
    const constant = weight * (scores[0] ?? 0);
    if (constant !== 0) for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] ?? 0) + constant;
    return;
  }
  for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] ?? 0) + weight * (scores[i] ?? 0);
}

/** Fills the memory of scores for one node. */
function remember(pod: PodInfo, node: NodeInfo, plugins: readonly Plugin[], normalized: readonly Plugin[]): void {
  const { template } = pod;
  let sum = 0;
  for (const plugin of plugins)
    if (plugin.nodeScore && !plugin.normalize) sum += (plugin.weight ?? 1) * plugin.nodeScore(template, node);
  template.memo.scores[node.slot] = sum;
  for (const [p, plugin] of normalized.entries()) {
    template.memo.setRaw(p, node.slot, plugin.nodeScore?.(template, node) ?? 0);
  }
}

/** Index of the highest; each of several has the same chance. */
function pickBest(totals: Float64Array, random: RandomStream): number {
  let highest = Number.NEGATIVE_INFINITY;
  let equals = 0;
  for (const total of totals) {
    if (total > highest) {
      highest = total;
      equals = 1;
    } else if (total === highest) equals++;
  }
  let skip = random.below(equals);
  for (let i = 0; i < totals.length; i++) if (totals[i] === highest && skip-- === 0) return i;
  return 0;
}

function explain(
  pod: PodInfo,
  node: NodeInfo,
  at: number,
  plugins: readonly Plugin[],
  columns: readonly Column[],
): string {
  const parts: string[] = [];
  for (const plugin of plugins) {
    const weight = plugin.weight ?? 1;
    const column = columns.find((candidate) => candidate.plugin === plugin);
    if (column) parts.push(`${plugin.name} ${weight * (column.scores[column.scores.length === 1 ? 0 : at] ?? 0)}`);
    else if (plugin.nodeScore && !plugin.normalize)
      parts.push(`${plugin.name} ${weight * plugin.nodeScore(pod.template, node)}`);
  }
  return parts.join(', ');
}
