// A map whose keys are kept in order: sorted-btree, however a bundler hands over its CommonJS export.
import BTree from 'sorted-btree';

const loaded: typeof BTree & { readonly default?: typeof BTree } = BTree;

/** Keys in ascending order (strings by code unit); ranges and lookups in O(log n). */
export const SortedMap: typeof BTree = loaded.default ?? loaded;
export type SortedMap<K, V> = BTree<K, V>;

/** The order of plain string comparison; much cheaper than the tree's own, which copes with any type. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
