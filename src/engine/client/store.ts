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

/** One object's place in the store: buckets hold it, so that a new version needs to be put in one place alone. */
interface Place<T> {
  object: T;
}

interface Index<T> {
  readonly of: Indexer<T>;
  /** An object is never found under another value: its key names it. */
  readonly fixed: boolean;
  readonly values: Map<string, Map<string, Place<T>>>;
}

export class Store<T extends KubeObject> implements Lister<T> {
  private readonly places = new Map<string, Place<T>>();
  private readonly indexes = new Map<string, Index<T>>();

  constructor() {
    this.addIndex('namespace', (object) => [object.metadata?.namespace ?? ''], true);
  }

  /** Adding an index again under the same name changes nothing. */
  addIndex(name: string, of: Indexer<T>, fixed = false): void {
    if (this.indexes.has(name)) return;
    const index: Index<T> = { of, fixed, values: new Map() };
    this.indexes.set(name, index);
    for (const [key, place] of this.places) for (const value of of(place.object)) put(index, value, key, place);
  }

  get size(): number {
    return this.places.size;
  }

  get(key: string): T | undefined {
    return this.places.get(key)?.object;
  }

  list(): Iterable<T> {
    return objectsIn(this.places);
  }

  keys(): Iterable<string> {
    return this.places.keys();
  }

  inNamespace(namespace: string): Iterable<T> {
    return this.by('namespace', namespace);
  }

  by(index: string, value: string): Iterable<T> {
    return objectsIn(this.indexes.get(index)?.values.get(value) ?? nothing);
  }

  countBy(index: string, value: string): number {
    return this.indexes.get(index)?.values.get(value)?.size ?? 0;
  }

  /** Returns what was there before. */
  set(key: string, object: T): T | undefined {
    const known = this.places.get(key);
    const old = known?.object;
    const place = known ?? { object };
    place.object = object;
    if (!known) this.places.set(key, place);
    for (const index of this.indexes.values())
      if (!old || !index.fixed) move(index, key, place, { from: old ? index.of(old) : [], to: index.of(object) });
    return old;
  }

  delete(key: string): T | undefined {
    const place = this.places.get(key);
    if (!place) return undefined;
    this.places.delete(key);
    for (const index of this.indexes.values()) move(index, key, place, { from: index.of(place.object), to: [] });
    return place.object;
  }
}

function* objectsIn<T>(places: ReadonlyMap<string, Place<T>>): Iterable<T> {
  for (const { object } of places.values()) yield object;
}

function put<T>(index: Index<T>, value: string, key: string, place: Place<T>): void {
  const bucket = index.values.get(value);
  if (bucket) bucket.set(key, place);
  else index.values.set(value, new Map([[key, place]]));
}

/** Takes the object from the buckets that it leaves to those that it enters; it keeps its place in the others. */
function move<T>(
  index: Index<T>,
  key: string,
  place: Place<T>,
  { from, to }: { readonly from: readonly string[]; readonly to: readonly string[] },
): void {
  for (const value of from) {
    if (to.includes(value)) continue;
    const bucket = index.values.get(value);
    bucket?.delete(key);
    if (bucket?.size === 0) index.values.delete(value);
  }
  for (const value of to) if (!from.includes(value)) put(index, value, key, place);
}
