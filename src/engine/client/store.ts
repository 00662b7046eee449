// An informer's cache: objects by key and by any number of indexes.
import type { KubeObject } from '../../api/meta.ts';

export { objectKey as keyOf } from '../../api/meta.ts';

/** Values under which an object is found, e.g. the node's name of a pod. */
export type Indexer<T> = (object: T) => readonly string[];

const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/** What readers see. Objects are shared and must not be changed. Order: as first seen. */
export interface Lister<T> {
  get(key: string): T | undefined;
  list(): Iterable<T>;
  readonly size: number;
  inNamespace(namespace: string): Iterable<T>;
  /** Objects whose index `index` has `value`. The index must have been added to the informer. */
  by(index: string, value: string): Iterable<T>;
  countBy(index: string, value: string): number;
}

export class Store<T extends KubeObject> implements Lister<T> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<
    string,
    { readonly of: Indexer<T>; readonly values: Map<string, Map<string, T>> }
  >();

  constructor() {
    this.addIndex('namespace', (object) => [object.metadata?.namespace ?? '']);
  }

  /** Adding an index again under the same name changes nothing. */
  addIndex(name: string, of: Indexer<T>): void {
    if (this.indexes.has(name)) return;
    const index = { of, values: new Map<string, Map<string, T>>() };
    this.indexes.set(name, index);
    for (const [key, object] of this.objects) put(index, key, object);
  }

  get size(): number {
    return this.objects.size;
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  list(): Iterable<T> {
    return this.objects.values();
  }

  keys(): Iterable<string> {
    return this.objects.keys();
  }

  inNamespace(namespace: string): Iterable<T> {
    return this.by('namespace', namespace);
  }

  by(index: string, value: string): Iterable<T> {
    return (this.indexes.get(index)?.values.get(value) ?? nothing).values();
  }

  countBy(index: string, value: string): number {
    return this.indexes.get(index)?.values.get(value)?.size ?? 0;
  }

  /** Returns what was there before. */
  set(key: string, object: T): T | undefined {
    const old = this.objects.get(key);
    this.objects.set(key, object);
    for (const index of this.indexes.values()) {
      if (old) drop(index, key, old, index.of(object));
      put(index, key, object);
    }
    return old;
  }

  delete(key: string): T | undefined {
    const old = this.objects.get(key);
    if (!old) return undefined;
    this.objects.delete(key);
    for (const index of this.indexes.values()) drop(index, key, old, []);
    return old;
  }
}

interface Index<T> {
  readonly of: Indexer<T>;
  readonly values: Map<string, Map<string, T>>;
}

function put<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.of(object)) {
    const bucket = index.values.get(value);
    if (bucket) bucket.set(key, object);
    else index.values.set(value, new Map([[key, object]]));
  }
}

/** Takes the object from the buckets that it leaves; it keeps its place in those of `stay`. */
function drop<T>(index: Index<T>, key: string, object: T, stay: readonly string[]): void {
  for (const value of index.of(object)) {
    if (stay.includes(value)) continue;
    const bucket = index.values.get(value);
    bucket?.delete(key);
    if (bucket?.size === 0) index.values.delete(value);
  }
}
