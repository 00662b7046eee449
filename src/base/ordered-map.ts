// A map with text keys that is read in key order: points by hash, ranges by a sorted tree of the keys.
//
//   set('b', 2); set('a', 1)     points: b → 2, a → 1     keys: a < b
//   Overwriting touches the hash alone; only a key that comes or goes moves in the tree.
import BTree from 'sorted-btree';

const loaded: typeof BTree & { readonly default?: typeof BTree } = BTree;
/** However a bundler hands over the CommonJS export. */
const SortedMap: typeof BTree = loaded.default ?? loaded;

export class OrderedMap<V> {
  private readonly points = new Map<string, V>();
  private readonly keys = new SortedMap<string, undefined>(undefined, byCodeUnit);

  get size(): number {
    return this.points.size;
  }

  get(key: string): V | undefined {
    return this.points.get(key);
  }

  set(key: string, value: V): void {
    if (!this.points.has(key)) this.keys.set(key, undefined);
    this.points.set(key, value);
  }

  delete(key: string): boolean {
    if (!this.points.delete(key)) return false;
    this.keys.delete(key);
    return true;
  }

  /** All values, by key. */
  values(): V[] {
    return this.valuesOf(this.keys.keysArray());
  }

  /** Values of `from` ≤ key < `to`, by key. */
  range(from: string, to: string): V[] {
    const keys: string[] = [];
    this.keys.forRange(from, to, false, (key) => {
      keys.push(key);
    });
    return this.valuesOf(keys);
  }

  private valuesOf(keys: readonly string[]): V[] {
    const values: V[] = [];
    for (const key of keys) {
      const value = this.points.get(key);
      if (value !== undefined) values.push(value);
    }
    return values;
  }
}

/** Plain string comparison: much cheaper than the tree's own, which copes with any type. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
