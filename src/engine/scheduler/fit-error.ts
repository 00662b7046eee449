// Why a pod fits nowhere, in upstream's words: reasons counted over nodes, then what preemption came to.
import { compareText } from '../../api/go-format.ts';
import type { Rejection } from './rejection.ts';

export interface FitFailure {
  readonly nodes: number;
  /** Set when the pod was rejected before any node was looked at. */
  readonly preFilter: Rejection | undefined;
  readonly verdicts: Iterable<Rejection>;
  readonly verdictCount: number;
  readonly absent: Rejection;
  readonly postFilter: Rejection | undefined;
}

/** E.g. `0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu. preemption: …`. */
export function fitErrorMessage(failure: FitFailure): string {
  const after = failure.postFilter?.reasons.join(', ') ?? '';
  return `${reasonsMessage(failure)}${after === '' ? '' : ` ${after}`}`;
}

function reasonsMessage({ nodes, preFilter, verdicts, verdictCount, absent }: FitFailure): string {
  const head = `0/${nodes} nodes are available:`;
  if (preFilter) return `${head} ${preFilter.reasons.join(', ')}.`;
  const counts = new Map<string, number>();
  const count = (reason: string, times: number): Map<string, number> =>
    counts.set(reason, (counts.get(reason) ?? 0) + times);
  for (const { reasons } of verdicts) for (const reason of reasons) count(reason, 1);
  if (verdictCount < nodes) for (const reason of absent.reasons) count(reason, nodes - verdictCount);
  const lines = [...counts].map(([reason, times]) => `${times} ${reason}`).sort(compareText);
  return lines.length === 0 ? head : `${head} ${lines.join(', ')}.`;
}
