// What a member counts while it runs, so that /metrics can tell of it. What follows from how things are (sizes, terms,
// revisions) is not counted here.
import { Counts, exponentialBounds, Histogram, Histograms } from '../../base/metric-counts.ts';
import type { Stop } from '../sim/scope.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import { diskMs, type EtcdMember, hopMs } from './member.ts';

/** How long a database's backend gathers writes before it commits them. */
const batchMs = 100;
/** How often members look how far their peers are. */
const probeMs = 5000;

const fromMillisecond = exponentialBounds(0.001, 2, 14);
const fromTenth = exponentialBounds(0.0001, 2, 20);

export class EtcdMeters {
  startedAt: number;
  firstTerm: number;
  puts = 0;
  deletes = 0;
  /** Operations of RPCs that wrote here, as clients that are no API servers asked for them. */
  clientWrites = 0;
  transactions = 0;
  sentBytes = 0;
  receivedBytes = 0;
  healthSuccesses = 0;
  healthFailures = 0;
  promotions = 0;
  slowApplies = 0;
  readsBefore = 0;
  /** RPCs by `service/Method` and what became of them. */
  rpcs = new Counts();
  applied = new Histograms(fromTenth);
  ranged = new Histograms(fromTenth);
  fsyncs = new Histogram(fromMillisecond);
  commits = new Histogram(fromMillisecond);
  trips = new Histograms(exponentialBounds(0.0001, 2, 16));
  snapshots = new Histogram(exponentialBounds(0.01, 2, 17));
  defragmentations = new Histogram(exponentialBounds(0.1, 2, 13));
  hashes = new Histogram(exponentialBounds(0.01, 2, 15));
  private lastBatch = -1;
  /** Writes that `fsyncs` has yet to be told of, and since when peers are. */
  private writes = 0;
  private probedAt = 0;
  private readsTold = 0;
  private writesTold = 0;

  constructor(
    private readonly cluster: EtcdCluster,
    private readonly member: EtcdMember,
  ) {
    this.startedAt = cluster.scope.now;
    this.firstTerm = cluster.term;
  }

  /** etcd has started: all is counted from now on. Returns what ends it. */
  begin(): Stop {
    Object.assign(this, new EtcdMeters(this.cluster, this.member));
    const { scope, store } = this.cluster;
    this.probedAt = scope.now;
    this.readsBefore = store.reads;
    this.member.beforeSlow = () => this.settle();
    return store.watch(({ type }) => {
      if (type === 'put') this.puts++;
      else this.deletes++;
      this.writes++;
      const batch = Math.floor(scope.now / batchMs);
      if (batch === this.lastBatch) return;
      this.lastBatch = batch;
      this.commits.observe(this.diskSeconds());
    });
  }

  /** Brings what goes on all the time up to now, as fast as it has been since the last time. */
  settle(): void {
    const { scope, members } = this.cluster;
    if (this.writes > 0) this.fsyncs.observe(this.diskSeconds(), this.writes);
    if (this.member.slowMs > slowApplyMs) this.slowApplies += this.writes;
    this.writes = 0;
    this.settleServers();
    const probes = Math.floor((scope.now - this.probedAt) / probeMs);
    this.probedAt += probes * probeMs;
    for (const peer of members) {
      if (peer === this.member || !peer.running || peer.cut || this.member.cut || probes <= 0) continue;
      this.trips.of(`To="${peer.id}"`).observe((2 * hopMs + peer.slowMs + this.member.slowMs) / 1000, probes);
    }
  }

  /** What API servers have asked, who do not wait for it. */
  private settleServers(): void {
    const reads = this.cluster.store.reads - this.readsBefore;
    const { serverWrites } = this;
    this.ranged.of('success="true"').observe(readSeconds, Math.max(0, reads - this.readsTold));
    this.applied.of('op="Txn",success="true",version="v3"').observe(applySeconds, serverWrites - this.writesTold);
    this.readsTold = reads;
    this.writesTold = serverWrites;
  }

  /** Writes of the API servers: each is a transaction, and each server asks the member beside it. */
  get serverWrites(): number {
    const writes = Math.max(0, this.puts + this.deletes - this.clientWrites);
    return Math.floor(writes / this.cluster.members.length);
  }

  private diskSeconds(): number {
    return (diskMs + this.member.slowMs) / 1000;
  }
}

/** How long a read and a transaction take in memory. */
const readSeconds = 0.000_04;
const applySeconds = 0.000_15;

/** From this long on etcd calls applying slow. */
const slowApplyMs = 100;
