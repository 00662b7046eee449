// Strategic merge patches, applied: lists merge by key as the schema says, and directives in the patch steer it.
//
//   {containers: [{name: a, image: x}]}  +  {containers: [{name: a, $patch: delete}], $setElementOrder/containers: …}
//
// The same walk also joins two patches into one (kubectl apply needs that): then directives are kept, not obeyed.

import { goText } from '../../base/go/format.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import type { SchemaType } from '../schema/schema.ts';
import { isInOrder, orderByPatch, partition, uniqueScalars } from './element-order.ts';
import { PatchError } from './patch-error.ts';
import {
  deletePrefix,
  directive,
  elementKind,
  mergeKeyOf,
  orderPrefix,
  type PatchRules,
  retainKeysDirective,
  rulesOf,
} from './patch-rules.ts';

type List = readonly JsonValue[];
type Fields = Record<string, JsonValue>;

/**
 * The patched object; what the patch leaves as it is stays the very same. `definition` names its schema, e.g.
 * `core.v1.Pod`. Throws {@link PatchError}.
 */
export function applyStrategicMerge(original: JsonObject, patch: JsonObject, definition: string): JsonObject {
  return mergeObjects(original, patch, { kind: 'object', definition }, 'apply');
}

/** Two patches as one that does what both do. */
export function joinStrategicPatches(first: JsonObject, second: JsonObject, type: SchemaType): JsonObject {
  return mergeObjects(first, second, type, 'join');
}

type Mode = 'apply' | 'join';

function mergeObjects(original: JsonObject, patch: JsonObject, type: SchemaType, mode: Mode): JsonObject {
  const steer = own(patch, directive);
  if (steer !== undefined) return obey(steer, patch);
  const result: Fields = { ...original };
  applyRetainKeys(result, patch, mode);
  /** Lists that the directive on their order has dealt with. */
  let done: Set<string> | undefined;
  let gone: Set<string> | undefined;
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const name = applyOrder(result, patch, key, type, mode);
    if (name === undefined) continue;
    done ??= new Set();
    done.add(name);
  }
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === undefined || done?.has(key) || key === retainKeysDirective || key.startsWith(orderPrefix)) continue;
    if (!key.startsWith(deletePrefix)) {
      const merged = mergeField(result, key, value, type, mode);
      if (merged !== undefined) result[key] = merged;
      else if (Object.hasOwn(result, key)) {
        gone ??= new Set();
        gone.add(key);
      }
    } else if (mode === 'join') result[key] = value;
    else deleteScalars(result, key.slice(deletePrefix.length), value);
  }
  const merged = gone ? withoutFields(result, gone) : result;
  return mode === 'apply' && isSame(merged, original) ? original : merged;
}

/** A copy, because V8 reads an object from which a field was deleted slowly ever after. */
function withoutFields(fields: JsonObject, gone: ReadonlySet<string>): JsonObject {
  const left: Fields = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined && !gone.has(key)) left[key] = value;
  }
  return left;
}

/** Whether two objects hold the very same values. */
function isSame(a: JsonObject, b: JsonObject): boolean {
  for (const key in a) if (a[key] !== b[key]) return false;
  for (const key in b) if (!Object.hasOwn(a, key)) return false;
  return true;
}

function obey(steer: JsonValue, patch: JsonObject): JsonObject {
  if (steer === 'replace') return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== directive));
  if (steer === 'delete') return {};
  throw badDirective(steer, patch);
}

function badDirective(steer: JsonValue, patch: JsonObject): PatchError {
  return new PatchError(`unknown patch type: ${goText(steer)} in map: ${goText(patch)}`);
}

/** The field's value from now on; undefined where it goes. */
function mergeField(
  fields: JsonObject,
  key: string,
  value: JsonValue,
  type: SchemaType,
  mode: Mode,
): JsonValue | undefined {
  if (value === null) return mode === 'join' ? null : undefined;
  const before = own(fields, key);
  if (isObject(before) && isObject(value)) {
    const rules = rulesOf(type, key);
    return rules.replace ? value : mergeObjects(before, value, rules.type, mode);
  }
  if (isList(before) && isList(value)) {
    const rules = rulesOf(type, key);
    return rules.merge ? mergeLists(before, value, rules, mode) : value;
  }
  return withoutDirectives(mode === 'apply' ? withoutNulls(value) : value);
}

function deleteScalars(result: Fields, key: string, value: JsonValue): void {
  const before = own(result, key);
  if (!isList(value)) throw new PatchError('invalid patch format of primitive list', 400);
  if (isList(before)) result[key] = before.filter((item) => !value.includes(item));
}

/** `$retainKeys: [a, b]`: every other field of the original goes. */
function applyRetainKeys(result: Fields, patch: JsonObject, mode: Mode): void {
  const keys = own(patch, retainKeysDirective);
  if (keys === undefined) return;
  if (mode === 'join') {
    const before = own(result, retainKeysDirective);
    if (before !== undefined && !equal(before, keys)) {
      const what = `${goText(before)} and ${goText(keys)} are not deep equal`;
      throw new PatchError(`${what}: this may happen when calculating the 3-way diff patch`);
    }
    result[retainKeysDirective] = keys;
    return;
  }
  const isStray = ([key, value]: readonly [string, JsonValue]) =>
    value !== null &&
    key !== retainKeysDirective &&
    !key.startsWith(deletePrefix) &&
    !key.startsWith(orderPrefix) &&
    !isIn(keys, key);
  if (!isList(keys) || Object.entries(patch).some(isStray))
    throw new PatchError('invalid patch format of retainKeys', 400);
  for (const key of Object.keys(result)) if (!isIn(keys, key)) delete result[key];
}

function isIn(list: JsonValue, item: string): boolean {
  return isList(list) && list.includes(item);
}

const badOrder = () => new PatchError('invalid patch format of setElementOrder list', 400);

/**
 * `$setElementOrder/LIST`: merges the list and puts it in this order; what only the server has keeps its place.
 * Returns the list's name; undefined where neither side has it.
 */
function applyOrder(result: Fields, patch: JsonObject, key: string, type: SchemaType, mode: Mode): string | undefined {
  const order = patch[key] ?? null;
  if (mode === 'join') {
    const before = own(result, key);
    if (before !== undefined && !equal(before, order)) throw badOrder();
    result[key] = order;
  }
  const name = key.slice(orderPrefix.length);
  const before = listAt(result, name);
  const items = listAt(patch, name);
  if (!isList(order)) throw badOrder();
  const rules = rulesOf(type, name);
  checkOrder(items ?? [], order, rules.mergeKey);
  let merged: List;
  if (before && items) merged = rules.merge ? mergeLists(before, items, rules, mode) : items;
  else if (items) {
    const kept = withoutDirectives(items);
    merged = isList(kept) ? kept : [];
  } else if (before) merged = before;
  else return undefined;
  if (merged.length > 0 && !isInOrder(merged, order, rules.mergeKey)) {
    const parts = partition(merged, order, rules.mergeKey);
    merged = orderByPatch(parts, { patchOrder: order, serverOrder: before ?? [], mergeKey: rules.mergeKey });
  }
  result[name] = merged;
  return name;
}

function listAt(fields: JsonObject, name: string): List | undefined {
  const value = own(fields, name) ?? undefined;
  if (value !== undefined && !isList(value)) throw badOrder();
  return value;
}

/** The patch's items must come in the order of the directive. */
function checkOrder(patch: List, order: List, mergeKey: string | undefined): void {
  if (patch.length === 0 || order.length === 0) return;
  const keyOf = (item: JsonValue) => (mergeKey !== undefined && isObject(item) ? own(item, mergeKey) : item);
  let at = 0;
  for (const item of patch) {
    if (isObject(item) && Object.hasOwn(item, directive)) continue;
    const wanted = keyOf(item);
    while (at < order.length && !equal(keyOf(order[at] ?? null), wanted)) at++;
    if (at++ < order.length) continue;
    throw outOfOrder(patch, order);
  }
}

function outOfOrder(patch: List, order: List): PatchError {
  const text = `The order in patch list:\n${goText(patch)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`;
  return new PatchError(text);
}

function mergeLists(original: List, patch: List, { type, mergeKey }: PatchRules, mode: Mode): List {
  if (original.length === 0 && patch.length === 0) return original;
  if (elementKind(original, patch) === 'scalar') {
    const merged = uniqueScalars([...original, ...patch]);
    const parts = partition(merged, patch, undefined);
    return orderByPatch(parts, { patchOrder: patch, serverOrder: original, mergeKey: undefined });
  }
  if (mergeKey === undefined) throw new PatchError(`cannot merge lists without merge key for ${nameOf(type)}`);
  const steered = obeyInList(original, patch, mergeKey);
  const { merged, settled } = mergeItems(steered.original, steered.patch, { type, mergeKey, mode });
  if (settled && mode === 'apply') return merged;
  const parts = partition(merged, steered.patch, mergeKey);
  return orderByPatch(parts, { patchOrder: steered.patch, serverOrder: steered.original, mergeKey });
}

function nameOf(type: SchemaType): string {
  return type.kind === 'object' ? type.definition.slice(type.definition.lastIndexOf('.') + 1) : type.kind;
}

/** Carries out the items that are directives: `{name: a, $patch: delete}` and `{$patch: replace}`. */
function obeyInList(original: List, patch: List, mergeKey: string): { original: List; patch: List } {
  const plain: JsonValue[] = [];
  let kept = original;
  let replaced = false;
  for (const item of patch) {
    const steer = isObject(item) ? own(item, directive) : undefined;
    if (!isObject(item) || steer === undefined) plain.push(item);
    else if (steer === 'replace') replaced = true;
    else if (steer === 'delete') {
      const key = mergeKeyOf(item, mergeKey);
      kept = kept.filter((other) => !isObject(other) || !equal(own(other, mergeKey), key));
    } else if (steer === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch');
    else throw badDirective(steer, item);
  }
  return replaced ? { original: plain, patch: [] } : { original: kept, patch: plain };
}

interface ItemOptions {
  readonly type: SchemaType;
  readonly mergeKey: string;
  readonly mode: Mode;
}

/** `settled`: they are in the order already that the patch and the original together ask for. */
function mergeItems(
  original: List,
  patch: List,
  { type, mergeKey, mode }: ItemOptions,
): { readonly merged: List; readonly settled: boolean } {
  const merged = [...original];
  let last = -1;
  let settled = true;
  for (const item of patch) {
    if (!isObject(item)) continue;
    const key = mergeKeyOf(item, mergeKey);
    const found = merged.findIndex((other) => isObject(other) && equal(own(other, mergeKey), key));
    const at = found < 0 ? merged.length : found;
    const before = merged[at];
    merged[at] = isObject(before) ? mergeObjects(before, item, type, mode) : item;
    settled &&= at > last;
    last = at;
  }
  const added = merged.length - original.length;
  settled &&= (added === 0 || added + original.length === patch.length) && areDistinct(merged, mergeKey);
  return { merged, settled };
}

function areDistinct(items: List, mergeKey: string): boolean {
  const keys = new Set(items.map((item) => (isObject(item) ? own(item, mergeKey) : undefined)));
  return keys.size === items.length && !keys.has(undefined);
}

/** Drops nulls of objects: what a patch removes from something that is not there. The value itself where there are none. */
function withoutNulls(value: JsonValue): JsonValue {
  return pruned(value, isNull, false) ?? null;
}

/** Drops objects that are directives; undefined when the value itself is one. */
function withoutDirectives(value: JsonValue): JsonValue | undefined {
  return pruned(value, isDirective, true);
}

function isNull(value: JsonValue): boolean {
  return value === null;
}

function isDirective(value: JsonValue): boolean {
  return isObject(value) && Object.hasOwn(value, directive);
}

/** The value without what `drop` says, `fromLists` also in lists. Shares all that stays as it is. */
function pruned(value: JsonValue, drop: (item: JsonValue) => boolean, fromLists: boolean): JsonValue | undefined {
  if (fromLists && drop(value)) return undefined;
  if (isList(value)) return prunedList(value, drop, fromLists);
  if (!isObject(value)) return value;
  let copy: Fields | undefined;
  for (const key in value) {
    const item = value[key];
    if (item === undefined) continue;
    const kept = drop(item) ? undefined : pruned(item, drop, fromLists);
    if (kept === item) continue;
    copy ??= { ...value };
    if (kept === undefined) delete copy[key];
    else copy[key] = kept;
  }
  return copy ?? value;
}

function prunedList(list: List, drop: (item: JsonValue) => boolean, fromLists: boolean): List {
  let copy: JsonValue[] | undefined;
  list.forEach((item, i) => {
    const kept = pruned(item, drop, fromLists);
    if (kept !== item) copy ??= list.slice(0, i);
    if (kept !== undefined) copy?.push(kept);
  });
  return copy ?? list;
}
