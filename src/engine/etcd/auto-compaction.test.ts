// What etcd compacts by itself, and when.
import { expect, test } from 'vitest';
import { Simulation } from '../sim/simulation.ts';
import { type AutoCompaction, startAutoCompaction } from './auto-compaction.ts';
import { EtcdCluster } from './etcd-cluster.ts';
import { EtcdStore } from './store.ts';

const minuteMs = 60_000;

/** The revision that is compacted after each five minutes, where one key is put every minute. */
function compactedBy(compaction: AutoCompaction): readonly number[] {
  const simulation = new Simulation({ seed: 1, startsAt: Date.UTC(2026, 0, 1) });
  const store = new EtcdStore();
  const members = [{ name: 'one', ip: '10.0.0.1' }];
  const cluster = new EtcdCluster({ scope: simulation.root.child('etcd'), store, members });
  startAutoCompaction(cluster, simulation.root, compaction);
  simulation.root.every(minuteMs, () => void store.put('key', 1), minuteMs / 2);
  return [5, 10, 15, 20].map(() => {
    simulation.runFor(5 * minuteMs);
    return store.compactRevision;
  });
}

test('what is older than the retention goes, looked at as often as that', () => {
  expect(compactedBy({ mode: 'periodic', retentionMs: 5 * minuteMs })).toEqual([1, 6, 11, 16]);
  expect(compactedBy({ mode: 'periodic', retentionMs: 2 * 60 * minuteMs })).toEqual([0, 0, 0, 0]);
});

test('so many revisions stay', () => {
  expect(compactedBy({ mode: 'revision', revisions: 8 })).toEqual([0, 3, 8, 13]);
  expect(compactedBy({ mode: 'revision', revisions: 1000 })).toEqual([0, 0, 0, 0]);
});
