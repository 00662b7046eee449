// Compaction that etcd does by itself: --auto-compaction-mode and --auto-compaction-retention.
import type { Scope } from '../sim/scope.ts';
import type { EtcdCluster } from './etcd-cluster.ts';

export type AutoCompaction =
  /** What is older than that goes. */
  | { readonly mode: 'periodic'; readonly retentionMs: number }
  /** So many revisions stay. */
  | { readonly mode: 'revision'; readonly revisions: number };

const hourMs = 3_600_000;
/** How often revisions are counted. */
const countEveryMs = 300_000;

export function startAutoCompaction(cluster: EtcdCluster, scope: Scope, compaction: AutoCompaction): void {
  const compact = (revision: number): void => {
    if (revision > cluster.store.compactRevision && cluster.leader) cluster.compact(revision);
  };
  if (compaction.mode === 'revision') {
    scope.every(countEveryMs, () => compact(cluster.store.revision - compaction.revisions));
    return;
  }
  const everyMs = Math.min(compaction.retentionMs, hourMs);
  const seen = [{ at: scope.now, revision: cluster.store.revision }];
  scope.every(everyMs, () => {
    const due = seen.findLastIndex(({ at }) => at <= scope.now - compaction.retentionMs);
    const last = seen[due];
    if (last) compact(last.revision);
    seen.splice(0, Math.max(due, 0));
    seen.push({ at: scope.now, revision: cluster.store.revision });
  });
}
