// etcd's store: every key's history by revision (MVCC), compare-and-swap transactions, watches, leases, compaction.
//
//   revision 5: put a        keys (sorted):  a ─▶ [5: v1] [7: v2] [9: deleted]
//   revision 6: put b                        b ─▶ [6: v1]
//   revision 7: put a        log: 5 6 7 9    one entry a change, oldest first; watches read it from any revision
//   revision 9: delete a     compact(7):     what was overwritten at or before 7 is gone; a watch from 6 is refused

import { assert, defined } from '../../base/assert.ts';
import { OrderedMap } from '../../base/ordered-map.ts';

/** One key as of one revision. `value` is opaque and never changed once stored. */
export interface KeyValue {
  readonly key: string;
  readonly value: unknown;
  readonly createRevision: number;
  readonly modRevision: number;
  /** Counts the writes since the key was created, from 1. */
  readonly version: number;
  /** 0: none. */
  readonly lease: number;
}

export interface EtcdEvent {
  readonly type: 'put' | 'delete';
  /** For a delete: `modRevision` is the deletion's, `value` undefined. */
  readonly current: KeyValue;
  /** What the key held before; undefined when it did not exist. */
  readonly previous: KeyValue | undefined;
}

export interface RangeOptions {
  /** As of this revision (default: now). */
  readonly revision?: number | undefined;
  readonly limit?: number | undefined;
}

/** `items` in key order; `more` tells that the limit cut them; `count` is how many there are without it. */
export interface RangeResult {
  readonly revision: number;
  readonly items: readonly KeyValue[];
  readonly more: boolean;
  readonly count: number;
}

/** A revision asked for has been compacted. etcd's words. */
export class CompactedError extends Error {
  override name = 'CompactedError';
  constructor(readonly compactRevision: number) {
    super('etcdserver: mvcc: required revision has been compacted');
  }
}

/** A revision asked for lies ahead. etcd's words. */
export class FutureRevisionError extends Error {
  override name = 'FutureRevisionError';
  constructor() {
    super('etcdserver: mvcc: required revision is a future revision');
  }
}

/** Keys as they are at a revision, without history. */
export interface StoreSnapshot {
  readonly revision: number;
  readonly items: readonly KeyValue[];
}

/** Behind every key. */
export const lastKey = '\u{10ffff}';

/** History of one key, oldest first; the last entry may be a deletion. */
type History = EtcdEvent[];

export class EtcdStore {
  private keys = new OrderedMap<History>();
  private log: EtcdEvent[] = [];
  private head = 1;
  private compacted = 0;
  /** How far revisions went that a restored snapshot has taken back: nobody knows what came after one of them. */
  private lost = 0;
  private readonly watchers = new Set<(event: EtcdEvent) => void>();
  private readonly leases = new Map<number, Set<string>>();
  private nextLease = 1;
  /** How often keys were read. */
  reads = 0;
  /** The revision of the transaction that is under way. */
  private transaction: number | undefined;

  /** The revision of the last change. A fresh store is at 1. */
  get revision(): number {
    return this.head;
  }

  get compactRevision(): number {
    return this.compacted;
  }

  get(key: string, revision = this.head): KeyValue | undefined {
    this.checkRevision(revision);
    this.reads++;
    return at(this.keys.get(key), revision);
  }

  /** Keys of `from` ≤ key < `to`. */
  range(from: string, to: string, options: RangeOptions = {}): RangeResult {
    const revision = options.revision ?? this.head;
    this.checkRevision(revision);
    this.reads++;
    const items: KeyValue[] = [];
    let count = 0;
    for (const history of this.keys.range(from, to)) {
      const item = at(history, revision);
      if (!item) continue;
      count++;
      if (options.limit === undefined || items.length < options.limit) items.push(item);
    }
    return { revision: this.head, items, more: count > items.length, count };
  }

  /**
   * Writes if the key is still at `expected` (its modRevision; 0: must not exist; undefined: whatever it is).
   * Returns the new state, or undefined when the comparison failed.
   */
  put(
    key: string,
    value: unknown,
    options: { readonly expected?: number | undefined; readonly lease?: number } = {},
  ): KeyValue | undefined {
    const previous = this.current(key);
    if (options.expected !== undefined && (previous?.modRevision ?? 0) !== options.expected) return undefined;
    const lease = options.lease ?? 0;
    const revision = this.nextRevision();
    const current: KeyValue = {
      key,
      value,
      createRevision: previous?.createRevision ?? revision,
      modRevision: revision,
      version: (previous?.version ?? 0) + 1,
      lease,
    };
    if (lease !== 0) defined(this.leases.get(lease), `lease ${lease}`).add(key);
    this.append(key, { type: 'put', current, previous });
    return current;
  }

  /** Deletes if the key is still at `expected`. Returns what was deleted, or undefined. */
  delete(key: string, options: { readonly expected?: number | undefined } = {}): KeyValue | undefined {
    const previous = this.current(key);
    if (!previous || (options.expected !== undefined && previous.modRevision !== options.expected)) return undefined;
    const revision = this.nextRevision();
    const current: KeyValue = { key, value: undefined, createRevision: 0, modRevision: revision, version: 0, lease: 0 };
    this.append(key, { type: 'delete', current, previous });
    return previous;
  }

  /** All that `run` writes is one revision. It writes no key twice. */
  transact<T>(run: () => T): T {
    assert(this.transaction === undefined, 'transactions do not nest');
    this.transaction = this.head + 1;
    try {
      return run();
    } finally {
      this.transaction = undefined;
    }
  }

  /** Changes after `revision`, oldest first. Throws CompactedError when they are no longer all known. */
  changesAfter(revision: number): readonly EtcdEvent[] {
    const takenBack = revision > this.head && revision <= this.lost;
    if (revision < this.compacted || takenBack) throw new CompactedError(this.compacted);
    let low = 0;
    for (let high = this.log.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (defined(this.log[middle], 'log entry').current.modRevision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.log.slice(low);
  }

  get watcherCount(): number {
    return this.watchers.size;
  }

  /** Calls `listener` with every change from now on, inside the write. Returns how to stop. */
  watch(listener: (event: EtcdEvent) => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /** Forgets what was overwritten at or before `revision`. Returns how many entries that were. */
  compact(revision: number): number {
    if (revision <= this.compacted) return 0;
    if (revision > this.head) throw new FutureRevisionError();
    this.compacted = revision;
    const old = this.log.findIndex((event) => event.current.modRevision > revision);
    const dropped = this.log.splice(0, old === -1 ? this.log.length : old);
    for (const key of new Set(dropped.map((event) => event.current.key))) {
      const history = this.keys.get(key);
      if (!history) continue;
      const kept = history.findLastIndex((event) => event.current.modRevision <= revision);
      if (kept > 0) history.splice(0, kept);
      if (history.length === 1 && history[0]?.type === 'delete') this.keys.delete(key);
    }
    return dropped.length;
  }

  /** Makes a lease, unless one of that id is there. */
  grantLease(id = this.nextLease): number {
    this.nextLease = Math.max(this.nextLease, id) + 1;
    if (!this.leases.has(id)) this.leases.set(id, new Set());
    return id;
  }

  /** The keys that hang on a lease. */
  leaseKeys(id: number): readonly string[] {
    return [...(this.leases.get(id) ?? [])].filter((key) => this.current(key)?.lease === id);
  }

  /** Deletes the lease's keys that still hang on it. */
  revokeLease(id: number): void {
    this.transact(() => {
      for (const key of this.leaseKeys(id)) this.delete(key);
    });
    this.leases.delete(id);
  }

  /** All that a new store needs to go on from here: keys as they are now, without history. */
  snapshot(): StoreSnapshot {
    return { revision: this.head, items: this.range('', lastKey).items };
  }

  static restore(snapshot: StoreSnapshot): EtcdStore {
    const store = new EtcdStore();
    store.take(snapshot);
    return store;
  }

  /** Goes on from a snapshot instead of what it held. Whoever watches hears of the difference. */
  load(snapshot: StoreSnapshot): void {
    const before = new Map(this.snapshot().items.map((item) => [item.key, item]));
    this.lost = Math.max(this.lost, this.head);
    this.keys = new OrderedMap();
    this.log = [];
    this.leases.clear();
    this.take(snapshot);
    const tell = (event: EtcdEvent): void => {
      for (const watcher of this.watchers) watcher(event);
    };
    for (const current of snapshot.items) {
      tell({ type: 'put', current, previous: before.get(current.key) });
      before.delete(current.key);
    }
    const nothing = { value: undefined, createRevision: 0, modRevision: this.head, version: 0, lease: 0 };
    for (const [key, previous] of before) tell({ type: 'delete', current: { key, ...nothing }, previous });
  }

  private take({ revision, items }: StoreSnapshot): void {
    for (const item of items) {
      this.keys.set(item.key, [{ type: 'put', current: item, previous: undefined }]);
      if (item.lease === 0) continue;
      this.grantLease(item.lease);
      this.leases.get(item.lease)?.add(item.key);
    }
    this.head = revision;
    this.compacted = revision;
  }

  private nextRevision(): number {
    this.head = this.transaction ?? this.head + 1;
    return this.head;
  }

  private current(key: string): KeyValue | undefined {
    const last = this.keys.get(key)?.at(-1);
    return last?.type === 'put' ? last.current : undefined;
  }

  private append(key: string, event: EtcdEvent): void {
    const history = this.keys.get(key);
    if (history) history.push(event);
    else this.keys.set(key, [event]);
    assert(event.current.modRevision === this.head, 'changes are appended in order');
    this.log.push(event);
    for (const watcher of this.watchers) watcher(event);
  }

  private checkRevision(revision: number): void {
    if (revision > this.head) throw new FutureRevisionError();
    if (revision < this.compacted) throw new CompactedError(this.compacted);
  }
}

function at(history: History | undefined, revision: number): KeyValue | undefined {
  if (!history) return undefined;
  for (let i = history.length - 1; i >= 0; i--) {
    const event = history[i];
    if (event && event.current.modRevision <= revision) return event.type === 'put' ? event.current : undefined;
  }
  return undefined;
}
