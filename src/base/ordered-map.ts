// A map with text keys that is read in key order: points by hash, ranges by a list of the keys that is put in order
// once somebody asks for it.
//
//   set('b', 2); set('a', 1)     points: b → 2, a → 1     keys: –        added: b a
//   values()                                              keys: a b      added: –
//
// Writing costs no more than a hash. A reading after any number of writes merges what is new into the order once.

/** Deleted keys that are put up with in the lists, however few others there are. */
const goneMin = 1024;

export class OrderedMap<V> {
  private readonly points = new Map<string, V>();
  /** In order. */
  private keys: readonly string[] = [];
  /** Not yet in their place. */
  private added: string[] = [];
  /** Keys of either list that have been deleted: they stay there until the lists are merged. */
  private readonly gone = new Set<string>();

  get size(): number {
    return this.points.size;
  }

  get(key: string): V | undefined {
    return this.points.get(key);
  }

  set(key: string, value: V): void {
    if (!this.points.has(key) && !this.gone.delete(key)) this.added.push(key);
    this.points.set(key, value);
  }

  delete(key: string): boolean {
    if (!this.points.delete(key)) return false;
    this.gone.add(key);
    if (this.gone.size > Math.max(this.points.size, goneMin)) this.merge();
    return true;
  }

  /** All values, by key. */
  values(): V[] {
    return this.valuesOf(this.ordered(), 0, undefined);
  }

  /** Values of `from` ≤ key < `to`, by key. */
  range(from: string, to: string): V[] {
    const keys = this.ordered();
    return this.valuesOf(keys, firstAtLeast(keys, from), to);
  }

  private valuesOf(keys: readonly string[], first: number, to: string | undefined): V[] {
    const values: V[] = [];
    for (let i = first; i < keys.length; i++) {
      const key = keys[i];
      if (key === undefined || (to !== undefined && key >= to)) break;
      const value = this.points.get(key);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  private ordered(): readonly string[] {
    if (this.added.length > 0) this.merge();
    return this.keys;
  }

  private merge(): void {
    const { keys, gone } = this;
    const added = this.added.sort();
    const merged: string[] = [];
    const take = (key: string): void => {
      if (gone.size === 0 || !gone.has(key)) merged.push(key);
    };
    let next = 0;
    for (const key of keys) {
      for (let one = added[next]; one !== undefined && one < key; one = added[++next]) take(one);
      take(key);
    }
    for (let one = added[next]; one !== undefined; one = added[++next]) take(one);
    this.keys = merged;
    this.added = [];
    gone.clear();
  }
}

/** Where the first key stands that is not less than `from`. */
function firstAtLeast(keys: readonly string[], from: string): number {
  let low = 0;
  for (let high = keys.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
