// etcd's leases in time: each has so long to live, and when that is over the keys that hang on it are deleted.
import { exponentialBounds, Histogram } from '../../base/metric-counts.ts';
import type { Scope, Stop } from '../sim/scope.ts';
import type { EtcdStore } from './store.ts';

/** What outlives a restart: a lease and when it ends. */
export interface HeldLease {
  readonly id: number;
  readonly ttlSeconds: number;
  readonly endsAt: number;
}

interface Lease extends HeldLease {
  readonly cancel: Stop;
}

/** The client asked about a lease that is not there (any more). etcd's words. */
export class LeaseNotFoundError extends Error {
  override name = 'LeaseNotFoundError';
  constructor() {
    super('etcdserver: requested lease not found');
  }
}

/** Nobody waits for so long. etcd's words. */
export class LeaseTooLongError extends Error {
  override name = 'LeaseTooLongError';
  constructor() {
    super('etcdserver: too large lease TTL');
  }
}

/** A lease of that id is there already. etcd's words. */
export class LeaseExistsError extends Error {
  override name = 'LeaseExistsError';
  constructor() {
    super('etcdserver: lease already exists');
  }
}

/** Leases from this long on are not meant to be renewed. */
const longSeconds = 600;

export class Lessor {
  /** Since the world began. */
  readonly counts = { granted: 0, revoked: 0, renewed: 0, expired: 0 };
  readonly granted = new Histogram(exponentialBounds(1, 2, 24));
  private readonly leases = new Map<number, Lease>();

  constructor(
    private readonly scope: Scope,
    private readonly store: EtcdStore,
    held: readonly HeldLease[] = [],
  ) {
    for (const lease of held) {
      store.grantLease(lease.id);
      this.keep(lease);
    }
  }

  /** A new lease's id. Throws LeaseExistsError. */
  grant(ttlSeconds: number, wanted?: number): number {
    if (wanted !== undefined && this.has(wanted)) throw new LeaseExistsError();
    const id = this.store.grantLease(wanted);
    this.keep({ id, ttlSeconds, endsAt: this.scope.now + ttlSeconds * 1000 });
    this.counts.granted++;
    this.granted.observe(ttlSeconds);
    return id;
  }

  /** Ends a lease and deletes its keys. Throws LeaseNotFoundError. */
  revoke(id: number): void {
    this.get(id).cancel();
    this.counts.revoked++;
    this.end(id);
  }

  /** It lives as long again as when it was granted. Returns that, in seconds. Throws LeaseNotFoundError. */
  keepAlive(id: number): number {
    const lease = this.get(id);
    lease.cancel();
    this.keep({ ...lease, endsAt: this.scope.now + lease.ttlSeconds * 1000 });
    this.counts.renewed++;
    return lease.ttlSeconds;
  }

  /** Whole seconds granted and left. Throws LeaseNotFoundError. */
  timeToLive(id: number): { readonly grantedSeconds: number; readonly leftSeconds: number } {
    const { ttlSeconds, endsAt } = this.get(id);
    return { grantedSeconds: ttlSeconds, leftSeconds: Math.floor((endsAt - this.scope.now) / 1000) };
  }

  has(id: number): boolean {
    return this.leases.has(id);
  }

  ids(): readonly number[] {
    return [...this.leases.keys()];
  }

  /**
   * That much of every lease has passed already: those that would be over by now are. Short ones stay as they are:
   * whoever holds them renews them all the time.
   */
  age(ms: number): void {
    for (const lease of [...this.leases.values()]) {
      if (lease.ttlSeconds < longSeconds) continue;
      lease.cancel();
      if (lease.endsAt - ms > this.scope.now) this.keep({ ...lease, endsAt: lease.endsAt - ms });
      else this.end(lease.id);
    }
  }

  snapshot(): readonly HeldLease[] {
    return [...this.leases.values()].map(({ id, ttlSeconds, endsAt }) => ({ id, ttlSeconds, endsAt }));
  }

  /** Knows these and no others from now on: each has its whole time before it, as when etcd starts. */
  load(held: readonly Pick<HeldLease, 'id' | 'ttlSeconds'>[]): void {
    for (const lease of this.leases.values()) lease.cancel();
    this.leases.clear();
    for (const { id, ttlSeconds } of held) {
      this.store.grantLease(id);
      this.keep({ id, ttlSeconds, endsAt: this.scope.now + ttlSeconds * 1000 });
    }
  }

  private keep({ id, ttlSeconds, endsAt }: HeldLease): void {
    const cancel = this.scope.schedule(endsAt - this.scope.now, () => {
      this.scope.resumeCause(0);
      this.counts.expired++;
      this.end(id);
    });
    this.leases.set(id, { id, ttlSeconds, endsAt, cancel });
  }

  private end(id: number): void {
    this.leases.delete(id);
    this.store.revokeLease(id);
  }

  private get(id: number): Lease {
    const lease = this.leases.get(id);
    if (!lease) throw new LeaseNotFoundError();
    return lease;
  }
}
