// How large etcd's database is: what is in use, and the file, which only defragmentation makes smaller.
import type { Scope } from '../sim/scope.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import type { EtcdMember } from './member.ts';
import { type EtcdStore, lastKey } from './store.ts';

const pageBytes = 4096;
/** A key's place in the tree, its revision, its entry in the page. */
const overheadBytes = 128;
/** Values that are measured; the others are taken to be like them. */
const sampleMax = 2000;

/** etcd's own, which no cluster here reaches. */
const defaultQuota = 2_147_483_648;

/** How often a member looks whether it has room, where that is less than usual. */
const lookEveryMs = 1000;

export class DatabaseSize {
  /** --quota-backend-bytes. */
  quota = defaultQuota;
  private readonly files = new Map<EtcdMember, number>();

  constructor(
    private readonly store: EtcdStore,
    private readonly valueBytes: (value: unknown) => Uint8Array,
  ) {}

  /** Sets the quota, or the default one. */
  limit(bytes = defaultQuota): void {
    this.quota = bytes;
  }

  /** In bytes; looked at now and then, which is when the file is found to have grown. */
  of(member: EtcdMember): { readonly total: number; readonly inUse: number } {
    const inUse = this.measure();
    const total = Math.max(inUse + 2 * pageBytes, this.files.get(member) ?? 0);
    this.files.set(member, total);
    return { total, inUse };
  }

  /** Raises the alarm when the quota is used up, now or later. Only a quota that was asked for is looked after. */
  watch(member: EtcdMember, cluster: EtcdCluster, scope: Scope): void {
    if (this.quota !== defaultQuota) scope.every(lookEveryMs, () => this.check(member, cluster), 0);
  }

  /** Raises the alarm when so many bytes more are too many. */
  check(member: EtcdMember, cluster: EtcdCluster, more = 0): void {
    if (this.quota === defaultQuota || this.of(member).total + more <= this.quota) return;
    cluster.raiseAlarm(member);
  }

  defragment(member: EtcdMember): void {
    this.files.delete(member);
  }

  /** What a key and its value take, as a sample has it. */
  averageBytes(): number {
    return this.sample().average;
  }

  private measure(): number {
    const { count, average } = this.sample();
    return Math.ceil((count * (average + overheadBytes)) / pageBytes + 4) * pageBytes;
  }

  private sample(): { readonly count: number; readonly average: number } {
    const { store } = this;
    const live = store.range('', lastKey).items;
    const old = store.changesAfter(store.compactRevision).flatMap(({ previous }) => (previous ? [previous] : []));
    const count = live.length + old.length;
    const sample = [...live.slice(0, sampleMax), ...old.slice(0, sampleMax)];
    const bytes = sample.reduce((sum, { key, value }) => sum + key.length + this.valueBytes(value).length, 0);
    return { count, average: sample.length === 0 ? 0 : bytes / sample.length };
  }
}
