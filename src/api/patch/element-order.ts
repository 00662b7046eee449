// The order of a merged list: the patch's items in the patch's order, with what only the server has between them where
// it stood.
//
//   server [s1 a s2 b]   patch order [b a c]   ─▶   [s1 s2 b a c]

import { goText } from '../../base/go/format.ts';
import { equal, isObject, type JsonValue, own } from '../../base/json.ts';
import { PatchError } from './patch-error.ts';
import { directive } from './patch-rules.ts';

type List = readonly JsonValue[];

/** Which items of a merged list the patch speaks of, and which only the server has. */
export function partition(merged: List, by: List, mergeKey: string | undefined): Parts {
  const patch: JsonValue[] = [];
  const serverOnly: JsonValue[] = [];
  const place = placesIn(by, mergeKey);
  for (const item of merged) (place(item) >= 0 ? patch : serverOnly).push(item);
  return { patch, serverOnly };
}

interface Parts {
  readonly patch: List;
  readonly serverOnly: List;
}

interface Orders {
  readonly patchOrder: List;
  readonly serverOrder: List;
  readonly mergeKey: string | undefined;
}

/** Both halves of {@link partition} as one list. */
export function orderByPatch({ patch, serverOnly }: Parts, { patchOrder, serverOrder, mergeKey }: Orders): List {
  const left = sortByOrder(serverOnly, serverOrder, mergeKey);
  const right = sortByOrder(patch, patchOrder, mergeKey);
  if (left.length === 0) return right;
  const place = placesIn(serverOrder, mergeKey);
  const isBefore = (one: JsonValue, other: JsonValue): boolean => {
    const [at, otherAt] = [place(one), place(other)];
    return at >= 0 && otherAt >= 0 && at < otherAt;
  };
  const result: JsonValue[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const leftItem = left[i];
    const rightItem = right[j];
    const takeLeft = rightItem === undefined || (leftItem !== undefined && isBefore(leftItem, rightItem));
    if (takeLeft && leftItem !== undefined) {
      result.push(leftItem);
      i++;
    } else if (rightItem !== undefined) {
      result.push(rightItem);
      j++;
    }
  }
  return result;
}

/** Sorted by their place in `order`; items that delete come last. */
export function sortByOrder(items: List, order: List, mergeKey: string | undefined): List {
  if (items.length === 0) return items;
  const isDeletion = (item: JsonValue) => isObject(item) && own(item, directive) === 'delete';
  const place = placesIn(order, mergeKey);
  const placed = items.filter((item) => !isDeletion(item)).map((item) => ({ item, position: place(item) }));
  placed.sort((a, b) => (a.position >= 0 && b.position >= 0 ? a.position - b.position : 0));
  return [...placed.map(({ item }) => item), ...items.filter(isDeletion)];
}

/** Each scalar once, in the order of first appearance. */
export function uniqueScalars(items: List): List {
  return [...new Set(items)];
}

/** Whether the items are just those of `order`, and in its order. */
export function isInOrder(items: List, order: List, mergeKey: string | undefined): boolean {
  if (items.length !== order.length) return false;
  return items.every((item, i) => {
    const key = keyIn(item, mergeKey);
    return key !== undefined && !isObject(key) && key === keyIn(order[i] ?? null, mergeKey);
  });
}

function keyIn(item: JsonValue, mergeKey: string | undefined): JsonValue | undefined {
  if (mergeKey === undefined) return item;
  return isObject(item) ? own(item, mergeKey) : undefined;
}

/** Tells where items stand in a list; -1 for those that do not. Throws for one without the merge key. */
function placesIn(list: List, mergeKey: string | undefined): (item: JsonValue) => number {
  const places = new Map<JsonValue | undefined, number>();
  let scalar = true;
  list.forEach((item, i) => {
    const key = keyIn(item, mergeKey);
    if (typeof key === 'object' && key !== null) scalar = false;
    if (!places.has(key)) places.set(key, i);
  });
  return (item) => {
    const key = keyIn(item, mergeKey);
    if (key === undefined)
      throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
    if (scalar) return places.get(key) ?? -1;
    return list.findIndex((other) => equal(keyIn(other, mergeKey), key));
  };
}
