// Compaction of etcd, asked for by the API servers every five minutes: history of five to ten minutes is kept.
//
// The servers agree by a key on who does it: whoever changes the key first, compacts to what it said before.
import type { EtcdConnection } from '../etcd/connection.ts';
import type { EtcdStore } from '../etcd/store.ts';
import type { Scope } from '../sim/scope.ts';

const periodMs = 300_000;
const key = 'compact_rev_key';

export function startCompactor(scope: Scope, store: EtcdStore, etcd?: EtcdConnection): void {
  let version = 0;
  let revision = 0;
  scope.every(periodMs, () => {
    if (etcd && !etcd.healthy) return;
    const known = store.get(key);
    if ((known?.version ?? 0) === version) {
      const { revision: now } = store;
      store.put(key, String(now));
      if (revision > 0) (etcd ?? store).compact(revision);
      version++;
      revision = now;
    } else {
      version = known?.version ?? 0;
      revision = Number(known?.value ?? 0);
    }
  });
}
