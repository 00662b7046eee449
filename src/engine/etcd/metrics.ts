// /metrics of one member: the names that etcd's dashboards and alerts ask for, from what goes on here.
//
// Left out: etcd_debugging_store_… and snap_…, of what nobody uses any more, the parts of a commit, and promhttp_….
import { exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import { counter, gauge, type MetricFamily, type Series } from '../../base/metrics-text.ts';
import { goVersion, processMetrics } from '../../base/process-metrics.ts';
import type { Gateway } from './gateway-port.ts';
import { etcdVersion } from './member.ts';
import { networkMetrics } from './network-metrics.ts';
import { rpcMetrics } from './rpc-metrics.ts';
import { lastKey } from './store.ts';

export function etcdMetrics(gateway: Gateway): readonly MetricFamily[] {
  gateway.meters.settle();
  return [
    ...identityMetrics(gateway),
    ...serverMetrics(gateway),
    ...proposalMetrics(gateway),
    ...storeMetrics(gateway),
    ...debuggingMetrics(gateway),
    ...diskMetrics(gateway),
    ...networkMetrics(gateway),
    ...rpcMetrics(gateway),
    ...hostMetrics(gateway),
  ];
}

/** A family of one series that is 1 and says something by its label. */
function told(name: string, help: string, labels: string): MetricFamily {
  return gauge(name, help, [{ labels, value: 1 }]);
}

function histogram(name: string, help: string, series: readonly Series[]): MetricFamily {
  return { name, help, type: 'histogram', series };
}

function identityMetrics({ member }: Gateway): readonly MetricFamily[] {
  const version = 'Which version is running. 1 for';
  return [
    told(
      'etcd_cluster_version',
      `${version} 'cluster_version' label with current cluster version`,
      'cluster_version="3.6"',
    ),
    told(
      'etcd_server_version',
      `${version} 'server_version' label with current version.`,
      `server_version="${etcdVersion}"`,
    ),
    told(
      'etcd_server_go_version',
      "Which Go version server is running with. 1 for 'server_go_version' label with current version.",
      `server_go_version="${goVersion}"`,
    ),
    told(
      'etcd_server_id',
      "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.",
      `server_id="${member.id}"`,
    ),
  ];
}

function serverMetrics({ cluster, member, meters, size }: Gateway): readonly MetricFamily[] {
  const leader = cluster.leaderOf(member);
  const is = (yes: boolean): number => (yes ? 1 : 0);
  return [
    gauge(
      'etcd_server_has_leader',
      'Whether or not a leader exists. 1 is existence, 0 is not.',
      is(leader !== undefined),
    ),
    gauge(
      'etcd_server_is_leader',
      'Whether or not this member is a leader. 1 if is, 0 otherwise.',
      is(leader === member),
    ),
    gauge(
      'etcd_server_is_learner',
      'Whether or not this member is a learner. 1 if is, 0 otherwise.',
      is(member.learner),
    ),
    counter(
      'etcd_server_leader_changes_seen_total',
      'The number of leader changes seen.',
      cluster.term - meters.firstTerm + 1,
    ),
    counter(
      'etcd_server_learner_promote_successes',
      'The total number of successful learner promotions while this member is leader.',
      meters.promotions,
    ),
    counter(
      'etcd_server_heartbeat_send_failures_total',
      'The total number of leader heartbeat send failures (likely overloaded from slow disk).',
      0,
    ),
    counter('etcd_server_health_success', 'The total number of successful health checks', meters.healthSuccesses),
    counter('etcd_server_health_failures', 'The total number of failed health checks', meters.healthFailures),
    gauge('etcd_server_quota_backend_bytes', 'Current backend storage quota size in bytes.', size.quota),
    gauge('etcd_server_feature_enabled', 'Whether or not a feature is enabled. 1 is enabled, 0 is not.', features),
    gauge('etcd_debugging_auth_revision', 'The current revision of auth store.', cluster.auth.revision),
  ];
}

/** None of them can be changed: --feature-gates is told of as idle. */
const features = [
  ['AllAlpha', 'ALPHA', 0],
  ['AllBeta', 'BETA', 0],
  ['CompactHashCheck', 'ALPHA', 0],
  ['InitialCorruptCheck', 'ALPHA', 0],
  ['LeaseCheckpoint', 'ALPHA', 0],
  ['LeaseCheckpointPersist', 'ALPHA', 0],
  ['SetMemberLocalAddr', 'ALPHA', 0],
  ['StopGRPCServiceOnDefrag', 'ALPHA', 0],
  ['TxnModeWriteWithSharedBuffer', 'BETA', 1],
].map(([name, stage, value]): Series => ({ labels: `name="${name}",stage="${stage}"`, value: Number(value) }));

function proposalMetrics({ cluster, member, meters }: Gateway): readonly MetricFamily[] {
  const index = (revision: number): number => revision + 2 * cluster.term;
  return [
    gauge(
      'etcd_server_proposals_committed_total',
      'The total number of consensus proposals committed.',
      index(Math.max(member.loggedTo, member.applied)),
    ),
    gauge(
      'etcd_server_proposals_applied_total',
      'The total number of consensus proposals applied.',
      index(member.applied),
    ),
    gauge(
      'etcd_server_proposals_pending',
      'The current number of pending proposals to commit.',
      member.pendingProposals,
    ),
    counter('etcd_server_proposals_failed_total', 'The total number of failed proposals seen.', member.failedProposals),
    counter(
      'etcd_server_read_indexes_failed_total',
      'The total number of failed read indexes seen.',
      member.failedReads,
    ),
    counter(
      'etcd_server_slow_read_indexes_total',
      "The total number of pending read indexes not in sync with leader's or timed out read index requests.",
      member.failedReads,
    ),
    counter(
      'etcd_server_slow_apply_total',
      'The total number of slow apply requests (likely overloaded from slow disk).',
      meters.slowApplies,
    ),
    gauge(
      'etcd_server_snapshot_apply_in_progress_total',
      '1 if the server is applying the incoming snapshot. 0 if none.',
      0,
    ),
    histogram(
      'etcd_server_apply_duration_seconds',
      'The latency distributions of v2 apply called by backend.',
      meters.applied.series(),
    ),
    histogram('etcd_server_range_duration_seconds', 'The latency distributions of txn.Range', meters.ranged.series()),
  ];
}

function storeMetrics({ cluster, member, meters, size }: Gateway): readonly MetricFamily[] {
  const { total, inUse } = size.of(member);
  const { store } = cluster;
  const seen = (what: string): string => `Total number of ${what} seen by this member.`;
  return [
    gauge(
      'etcd_mvcc_db_total_size_in_bytes',
      'Total size of the underlying database physically allocated in bytes.',
      total,
    ),
    gauge(
      'etcd_mvcc_db_total_size_in_use_in_bytes',
      'Total size of the underlying database logically in use in bytes.',
      inUse,
    ),
    gauge('etcd_mvcc_db_open_read_transactions', 'The number of currently open read transactions', 1),
    counter('etcd_mvcc_put_total', seen('puts'), meters.puts),
    counter('etcd_mvcc_delete_total', seen('deletes'), meters.deletes),
    counter('etcd_mvcc_txn_total', seen('txns'), meters.transactions + meters.serverWrites),
    counter('etcd_mvcc_range_total', seen('ranges'), store.reads - meters.readsBefore),
    histogram(
      'etcd_mvcc_hash_duration_seconds',
      'The latency distribution of storage hash operation.',
      new Histogram([]).series(),
    ),
    histogram(
      'etcd_mvcc_hash_rev_duration_seconds',
      'The latency distribution of storage hash by revision operation.',
      meters.hashes.series(),
    ),
  ];
}

function debuggingMetrics({ cluster, member, meters, lessor, size }: Gateway): readonly MetricFamily[] {
  const { store, compactions } = cluster;
  const { granted, revoked, renewed, expired } = lessor.counts;
  const name = (part: string): string => `etcd_debugging_${part}`;
  const watchers = Math.max(0, store.watcherCount - cluster.members.length);
  return [
    gauge(name('mvcc_compact_revision'), 'The revision of the last compaction in store.', store.compactRevision),
    gauge(name('mvcc_current_revision'), 'The current revision of store.', member.applied),
    gauge(name('mvcc_keys_total'), 'Total number of keys.', store.range('', lastKey).count),
    counter(name('mvcc_db_compaction_keys_total'), 'Total number of db keys compacted.', compactions.keys),
    gauge(
      name('mvcc_db_compaction_last'),
      'The unix time of the last db compaction. Resets to 0 on start.',
      Math.floor(compactions.lastMs / 1000),
    ),
    counter(
      name('mvcc_events_total'),
      'Total number of events sent by this member.',
      (meters.puts + meters.deletes) * watchers,
    ),
    gauge(
      name('mvcc_pending_events_total'),
      'Total number of pending events to be sent.',
      store.revision - member.applied,
    ),
    gauge(name('mvcc_slow_watcher_total'), 'Total number of unsynced slow watchers.', 0),
    gauge(name('mvcc_watch_stream_total'), 'Total number of watch streams.', watchers),
    gauge(name('mvcc_watcher_total'), 'Total number of watchers.', watchers),
    gauge(
      name('mvcc_total_put_size_in_bytes'),
      'The total size of put kv pairs seen by this member.',
      Math.round(meters.puts * size.averageBytes()),
    ),
    counter(name('lease_granted_total'), 'The total number of granted leases.', granted),
    counter(name('lease_revoked_total'), 'The total number of revoked leases.', revoked + expired),
    counter(name('lease_renewed_total'), 'The number of renewed leases seen by the leader.', renewed),
    counter(name('server_lease_expired_total'), 'The total number of expired leases.', expired),
    ...compactionMetrics(compactions.count),
    histogram(name('lease_ttl_total'), 'Bucketed histogram of lease TTLs.', lessor.granted.series()),
  ];
}

/** Compacting is done at once here. */
function compactionMetrics(count: number): readonly MetricFamily[] {
  const spread = (what: string, about: string, first: number, buckets: number): MetricFamily => {
    const counted = new Histogram(exponentialBounds(first, 2, buckets));
    counted.observe(compactionMs, count);
    return histogram(
      `etcd_debugging_mvcc_${what}_duration_milliseconds`,
      `Bucketed histogram of ${about} duration.`,
      counted.series(),
    );
  };
  return [
    spread('db_compaction_total', 'db compaction total', 100, 14),
    spread('db_compaction_pause', 'db compaction pause', 1, 13),
    spread('index_compaction_pause', 'index compaction pause', 0.5, 14),
  ];
}

const compactionMs = 0.2;

function diskMetrics({ meters, size }: Gateway): readonly MetricFamily[] {
  const name = (part: string): string => `etcd_disk_${part}`;
  const writes = meters.puts + meters.deletes;
  const none = new Histogram(snapshotBounds).series();
  return [
    histogram(
      name('wal_fsync_duration_seconds'),
      'The latency distributions of fsync called by WAL.',
      meters.fsyncs.series(),
    ),
    histogram(
      name('wal_write_duration_seconds'),
      'The latency distributions of write called by WAL.',
      meters.fsyncs.series(),
    ),
    gauge(
      name('wal_write_bytes_total'),
      'Total number of bytes written in WAL.',
      Math.round(writes * (size.averageBytes() + entryBytes)),
    ),
    histogram(
      name('backend_commit_duration_seconds'),
      'The latency distributions of commit called by backend.',
      meters.commits.series(),
    ),
    histogram(
      name('backend_snapshot_duration_seconds'),
      'The latency distribution of backend snapshots.',
      meters.snapshots.series(),
    ),
    histogram(
      name('backend_defrag_duration_seconds'),
      'The latency distribution of backend defragmentation.',
      meters.defragmentations.series(),
    ),
    gauge(name('defrag_inflight'), 'Whether or not defrag is active on the member. 1 means active, 0 means not.', 0),
    histogram('etcd_snap_fsync_duration_seconds', 'The latency distributions of fsync called by snap.', none),
    histogram('etcd_snap_db_fsync_duration_seconds', 'The latency distributions of fsyncing .snap.db file', none),
    histogram(
      'etcd_snap_db_save_total_duration_seconds',
      'The total latency distributions of v3 snapshot save',
      new Histogram(snapshotBounds.slice(0, 10)).series(),
    ),
  ];
}

/** What the log has of an entry besides its key and value. */
const entryBytes = 64;
const snapshotBounds = exponentialBounds(0.001, 2, 14);

/** There is no process; its memory is that of its database, and some of its own. */
function hostMetrics({ cluster, member, meters, size }: Gateway): readonly MetricFamily[] {
  const { now } = cluster.scope;
  const writes = meters.puts + meters.deletes;
  const files = 16 + cluster.store.watcherCount;
  return [
    gauge('os_fd_limit', 'The file descriptor limit.', 1_048_576),
    gauge('os_fd_used', 'The number of used file descriptors.', files),
    ...processMetrics({
      startedAt: meters.startedAt,
      now,
      cpuSeconds: ((now - meters.startedAt) / 1000) * idleShare + writes * writeSeconds,
      residentBytes: ownBytes + 2 * size.of(member).total,
      goroutines: 100 + 4 * cluster.store.watcherCount,
      openFiles: files,
    }),
  ];
}

const idleShare = 0.012;
const writeSeconds = 0.0003;
const ownBytes = 32 * 1024 ** 2;
