// One resource's objects: stored in etcd, kept in memory in key order, watched.
//
//   etcd: /registry/pods/default/web ─▶ object      (the source of truth)
//   here: default/web ─▶ the same object, sorted;   watchers by what they select (see watch-hub.ts)
//
// The object in etcd, in this cache and in every event is one and the same frozen value.

import { extend } from '../../base/extend.ts';
import { OrderedMap } from '../../base/ordered-map.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { EtcdEvent, EtcdStore } from '../etcd/store.ts';
import { type Change, changeOf } from './change.ts';
import { type EncryptionKey, isSealedWith, seal } from './encryption-keys.ts';
import { WatchHub } from './watch-hub.ts';

/** What handlers may do with one resource's objects. */
export type ObjectStorage = Pick<
  ResourceStorage,
  'hub' | 'size' | 'get' | 'list' | 'listAt' | 'put' | 'delete' | 'changesAfter' | 'isStale'
>;

/** What is to be known of an object that is about to be stored: who wrote it. */
export type WriteNoted = (stored: StoredObject) => void;

export class ResourceStorage {
  readonly hub = new WatchHub();
  /** How often this server has written. */
  readonly writes = { create: 0, update: 0, delete: 0 };
  private readonly objects = new OrderedMap<StoredObject>();

  constructor(
    private readonly etcd: EtcdStore,
    /** E.g. `/registry/pods/`. */
    readonly prefix: string,
    /** The lease that what is written hangs on; 0: none. */
    private readonly lease: () => number = noLease,
    /** What is written is encrypted with. */
    private readonly key: () => EncryptionKey | undefined = () => undefined,
  ) {
    for (const item of etcd.range(prefix, `${prefix}\u{10ffff}`).items)
      this.objects.set(item.key.slice(prefix.length), item.value as StoredObject); // edge: etcd's values are opaque
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: string): StoredObject | undefined {
    return this.objects.get(key);
  }

  /** All objects, or one namespace's, in key order. */
  list(namespace: string | undefined): readonly StoredObject[] {
    return namespace === undefined ? this.objects.values() : this.objects.range(`${namespace}/`, `${namespace}0`);
  }

  /** An object as of an earlier revision. Throws CompactedError. */
  getAt(revision: number, key: string): StoredObject | undefined {
    return this.etcd.get(this.prefix + key, revision)?.value as StoredObject | undefined; // edge: etcd's values are opaque
  }

  /** The objects as of an earlier revision, those from a key on. Throws CompactedError. */
  listAt(revision: number, namespace: string | undefined, fromKey = ''): readonly StoredObject[] {
    const place = namespace === undefined ? this.prefix : `${this.prefix}${namespace}/`;
    const { items } = this.etcd.range(place + fromKey, `${place}\u{10ffff}`, { revision });
    return items.map((item) => item.value as StoredObject); // edge: etcd's values are opaque
  }

  /**
   * Writes and gives the object its resourceVersion. Undefined when the key is no longer at `expected` (0: absent).
   * `note` sees what is written before anybody is told of it.
   */
  put(key: string, object: StoredObject, expected: number, note?: WriteNoted): StoredObject | undefined {
    const resourceVersion = String(this.etcd.revision + 1);
    const stored = extend(object, { metadata: extend(object.metadata ?? {}, { resourceVersion }) });
    note?.(stored);
    const encryption = this.key();
    if (encryption) seal(stored, encryption);
    if (!this.etcd.put(this.prefix + key, stored, { expected, lease: this.lease() })) return undefined;
    if (expected === 0) this.writes.create++;
    else this.writes.update++;
    return stored;
  }

  /** Whether an object would be written otherwise than it lies there. */
  isStale(object: StoredObject): boolean {
    const encryption = this.key();
    return encryption !== undefined && !isSealedWith(object, encryption);
  }

  /** Deletes; false when the key is no longer at `expected`. */
  delete(key: string, expected: number): boolean {
    if (this.etcd.delete(this.prefix + key, { expected }) === undefined) return false;
    this.writes.delete++;
    return true;
  }

  /** Takes in a change of etcd, which is how this and every other API server's writes come back, and tells of it. */
  apply(event: EtcdEvent): void {
    const change = changeOf(event);
    this.keep(event, change.object);
    this.hub.dispatch(change);
  }

  /** Takes a change in alone; whoever watches is told later. */
  take(event: EtcdEvent): void {
    this.keep(event, event.current.value as StoredObject); // edge: etcd's values are opaque
  }

  tell(event: EtcdEvent): void {
    this.hub.dispatch(changeOf(event));
  }

  /** What happened after a revision, oldest first. Throws CompactedError. */
  changesAfter(revision: number): readonly Change[] {
    return this.etcd
      .changesAfter(revision)
      .filter((event) => event.current.key.startsWith(this.prefix))
      .map(changeOf);
  }

  private keep(event: EtcdEvent, object: StoredObject): void {
    const key = event.current.key.slice(this.prefix.length);
    if (event.type === 'put') this.objects.set(key, object);
    else this.objects.delete(key);
  }
}

function noLease(): number {
  return 0;
}
