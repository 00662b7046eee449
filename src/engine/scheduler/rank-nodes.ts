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
  readonly totals: readonly number[];
  /** The best node's weighted score by plugin, computed when somebody asks why. */
  explain(): string;
}

interface Column {
  readonly plugin: Plugin;
  readonly scores: readonly number[];
}

export function rankNodes(
  pod: PodInfo,
  feasible: readonly NodeInfo[],
  by: { readonly plugins: readonly Plugin[]; readonly cache: SchedulerCache; readonly random: RandomStream },
): Ranking {
  const [only] = feasible;
  if (only && feasible.length === 1)
    return { best: only, feasible, totals: [], explain: () => 'the only feasible node' };
  const totals: number[] = [];
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
  totals: number[],
): readonly Column[] {
  const { memo } = pod.template;
  const normalized = plugins.filter(({ nodeScore, normalize }) => nodeScore && normalize);
  memo.useEpoch(cache.imageEpoch);
  for (const node of nodes) {
    if (!memo.knowsScore(node.slot, node.generation)) remember(pod, node, plugins, normalized);
    totals.push(memo.scores[node.slot] ?? 0);
  }
  const columns: Column[] = [];
  for (let p = 0; p < normalized.length; p++) {
    const plugin = normalized[p];
    const row = memo.raw[p] ?? [];
    const scores: number[] = [];
    for (const { slot } of nodes) scores.push(row[slot] ?? 0);
    plugin?.normalize?.(scores, nodes);
    if (plugin) columns.push({ plugin, scores });
  }
  for (const plugin of plugins) {
    const step = plugin.preScore?.(pod, nodes);
    if (!step) continue;
    const scores: number[] = [];
    for (const node of nodes) scores.push(step.score(node));
    step.normalize?.(scores, nodes);
    columns.push({ plugin, scores });
  }
  for (const { plugin, scores } of columns) {
    const weight = plugin.weight ?? 1;
    for (let i = 0; i < scores.length; i++) totals[i] = (totals[i] ?? 0) + weight * (scores[i] ?? 0);
  }
  return columns;
}

/** Fills the memory of scores for one node. */
function remember(pod: PodInfo, node: NodeInfo, plugins: readonly Plugin[], normalized: readonly Plugin[]): void {
  const { template } = pod;
  let sum = 0;
  for (const plugin of plugins)
    if (plugin.nodeScore && !plugin.normalize) sum += (plugin.weight ?? 1) * plugin.nodeScore(template, node);
  template.memo.scores[node.slot] = sum;
  for (const [p, plugin] of normalized.entries()) {
    template.memo.raw[p] ??= [];
    const row = template.memo.raw[p];
    if (row) row[node.slot] = plugin.nodeScore?.(template, node) ?? 0;
  }
}

/** Index of the highest; each of several has the same chance. */
function pickBest(totals: readonly number[], random: RandomStream): number {
  let best = 0;
  let equals = 1;
  for (let i = 1; i < totals.length; i++) {
    const difference = (totals[i] ?? 0) - (totals[best] ?? 0);
    if (difference > 0) {
      best = i;
      equals = 1;
    } else if (difference === 0 && random.below(++equals) === 0) best = i;
  }
  return best;
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
    if (column) parts.push(`${plugin.name} ${weight * (column.scores[at] ?? 0)}`);
    else if (plugin.nodeScore && !plugin.normalize)
      parts.push(`${plugin.name} ${weight * plugin.nodeScore(pod.template, node)}`);
  }
  return parts.join(', ');
}
