// The order of a merged list: the patch's items in the patch's order, with what only the server has between them where
// it stood.
//
//   server [s1 a s2 b]   patch order [b a c]   ─▶   [s1 s2 b a c]
import { equal, isObject, type JsonValue, own } from '../../base/json.ts';
import { goText, PatchError } from './patch-error.ts';
import { directive } from './patch-rules.ts';

type List = readonly JsonValue[];

/** Which items of a merged list the patch speaks of, and which only the server has. */
export function partition(
  merged: List,
  by: List,
  mergeKey: string | undefined,
): { readonly patch: List; readonly serverOnly: List } {
  const patch: JsonValue[] = [];
  const serverOnly: JsonValue[] = [];
  for (const item of merged) (positionIn(by, item, mergeKey) >= 0 ? patch : serverOnly).push(item);
  return { patch, serverOnly };
}

interface Parts {
  readonly patch: List;
  readonly serverOnly: List;
  readonly patchOrder: List;
  readonly serverOrder: List;
  readonly mergeKey: string | undefined;
}

/** Both halves of {@link partition} as one list. */
export function orderByPatch({ patch, serverOnly, patchOrder, serverOrder, mergeKey }: Parts): List {
  const left = sortByOrder(serverOnly, serverOrder, mergeKey);
  const right = sortByOrder(patch, patchOrder, mergeKey);
  const result: JsonValue[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const leftItem = left[i];
    const rightItem = right[j];
    const takeLeft =
      rightItem === undefined || (leftItem !== undefined && isBefore(leftItem, rightItem, serverOrder, mergeKey));
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
  const isDeletion = (item: JsonValue) => isObject(item) && own(item, directive) === 'delete';
  const placed = items
    .filter((item) => !isDeletion(item))
    .map((item) => ({ item, position: positionIn(order, item, mergeKey) }));
  placed.sort((a, b) => (a.position >= 0 && b.position >= 0 ? a.position - b.position : 0));
  return [...placed.map(({ item }) => item), ...items.filter(isDeletion)];
}

/** Each scalar once, in the order of first appearance. */
export function uniqueScalars(items: List): List {
  return [...new Set(items)];
}

/** Where an item stands in a list: by its merge key when it is an object. */
export function positionIn(list: List, item: JsonValue, mergeKey: string | undefined): number {
  if (mergeKey === undefined) return list.findIndex((other) => equal(other, item));
  const key = isObject(item) ? own(item, mergeKey) : undefined;
  if (key === undefined) throw new PatchError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
  return list.findIndex((other) => isObject(other) && equal(own(other, mergeKey), key));
}

function isBefore(left: JsonValue, right: JsonValue, order: List, mergeKey: string | undefined): boolean {
  const leftAt = positionIn(order, left, mergeKey);
  const rightAt = positionIn(order, right, mergeKey);
  return leftAt >= 0 && rightAt >= 0 && leftAt < rightAt;
}
