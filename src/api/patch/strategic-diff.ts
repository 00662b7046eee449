// Strategic merge patches, made: from two versions of an object, and from three as `kubectl apply` does.
//
//   original  what was applied last   ─┐ deletions ─┐
//   modified  what is applied now     ─┤            ├─▶ patch
//   current   what the server has     ─┘ changes   ─┘

import { goText } from '../../base/go/format.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { compareText } from '../go-format.ts';
import type { SchemaType } from '../schema/schema.ts';
import { sortByOrder } from './element-order.ts';
import { haveConflicts } from './merge-patch.ts';
import { PatchError, patchConflict } from './patch-error.ts';
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
import { joinStrategicPatches } from './strategic-merge.ts';

type List = readonly JsonValue[];
type Fields = Record<string, JsonValue>;

/** The patch that leads from one object to the other. Throws {@link PatchError}. */
export function createStrategicPatch(original: JsonObject, modified: JsonObject, definition: string): JsonObject {
  return diffObjects(original, modified, { kind: 'object', definition }, both);
}

/**
 * What `kubectl apply` sends: changes and additions from current to modified, deletions from original to modified.
 * With `overwrite: false` a field that somebody else changed since is a conflict. Throws {@link PatchError}.
 */
export function createThreeWayStrategicPatch(
  versions: { readonly original?: JsonObject | undefined; readonly modified: JsonObject; readonly current: JsonObject },
  definition: string,
  options: { readonly overwrite: boolean } = { overwrite: true },
): JsonObject {
  const { original = {}, modified, current } = versions;
  const type: SchemaType = { kind: 'object', definition };
  const changes = diffObjects(current, modified, type, { ...both, deletions: false });
  const deletions = diffObjects(original, modified, type, { ...both, changes: false });
  const patch = joinStrategicPatches(deletions, changes, type);
  if (!options.overwrite) {
    const changed = diffObjects(original, current, type, { ...both, order: false });
    if (haveConflicts(patch, changed)) throw patchConflict(patch, changed);
  }
  return patch;
}

/** Which halves of the difference count, and whether $setElementOrder is written. */
interface Wanted {
  readonly changes: boolean;
  readonly deletions: boolean;
  readonly order: boolean;
  readonly retainKeys?: boolean;
}
const both: Wanted = { changes: true, deletions: true, order: true };

function diffObjects(original: JsonObject, modified: JsonObject, type: SchemaType, wanted: Wanted): JsonObject {
  const patch: Fields = {};
  for (const [key, value] of Object.entries(modified)) {
    const before = own(original, key);
    if (before === undefined) {
      if (wanted.changes) patch[key] = value;
    } else if (key === directive) {
      if (before !== value) patch[key] = value;
    } else if (isObject(before) && isObject(value)) diffObjectField(patch, key, { before, value, type, wanted });
    else if (isList(before) && isList(value)) diffListField(patch, key, { before, value, type, wanted });
    else if (wanted.changes && !equal(before, value)) patch[key] = value;
  }
  if (wanted.deletions) for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null;
  const retained = wanted.retainKeys ? Object.keys(modified).filter((key) => modified[key] !== null) : [];
  const lost = Object.keys(original).some((key) => original[key] !== null && !Object.hasOwn(modified, key));
  if (retained.length > 0 && (Object.keys(patch).length > 0 || lost))
    patch[retainKeysDirective] = retained.sort(compareText);
  return patch;
}

interface Change<T> {
  readonly before: T;
  readonly value: T;
  readonly type: SchemaType;
  readonly wanted: Wanted;
}

function diffObjectField(patch: Fields, key: string, { before, value, type, wanted }: Change<JsonObject>): void {
  const rules = rulesUnlessEqual(type, key, before, value);
  if (!rules) return;
  if (rules.replace) {
    if (wanted.changes) patch[key] = value;
    return;
  }
  const inner = diffObjects(before, value, rules.type, { ...wanted, retainKeys: rules.retainKeys });
  if (Object.keys(inner).length > 0) patch[key] = inner;
}

/** A field that the schema lacks is only minded when it differs. */
function rulesUnlessEqual(type: SchemaType, key: string, a: JsonValue, b: JsonValue): PatchRules | undefined {
  try {
    return rulesOf(type, key);
  } catch (error) {
    if (error instanceof PatchError && equal(a, b)) return undefined;
    throw error;
  }
}

function diffListField(patch: Fields, key: string, { before, value, type, wanted }: Change<List>): void {
  const rules = rulesUnlessEqual(type, key, before, value);
  if (!rules) return;
  if (!rules.merge) {
    if (wanted.changes && !equal(before, value)) patch[key] = value;
    return;
  }
  const { added, deleted, order } = diffLists(before, value, rules, { ...wanted, retainKeys: rules.retainKeys });
  if (added.length > 0) patch[key] = added;
  if (deleted.length > 0) patch[deletePrefix + key] = deleted;
  if (order.length > 0) patch[orderPrefix + key] = order;
}

interface ListDifference {
  readonly added: List;
  readonly deleted: List;
  readonly order: List;
}
const noDifference: ListDifference = { added: [], deleted: [], order: [] };

function diffLists(original: List, modified: List, { type, mergeKey }: PatchRules, wanted: Wanted): ListDifference {
  if (original.length === 0) return wanted.changes ? { ...noDifference, added: modified } : noDifference;
  if (elementKind(original, modified) === 'scalar') return diffScalars(original, modified, wanted);
  if (mergeKey === undefined) throw new PatchError('map does not contain declared merge key: ');
  const { changed, removed } = diffItems(original, modified, { type, mergeKey, wanted });
  const added = [...sortByOrder(changed, modified, mergeKey), ...removed];
  const sameOrder =
    original.length === modified.length &&
    original.every((item, i) => equal(mergeKeyOf(item, mergeKey), mergeKeyOf(modified[i] ?? null, mergeKey)));
  const ordered = (wanted.changes && (added.length > 0 || !sameOrder)) || (wanted.deletions && added.length > 0);
  const order = wanted.order && ordered ? modified.map((item) => ({ [mergeKey]: mergeKeyOf(item, mergeKey) })) : [];
  return { added, deleted: [], order };
}

interface ItemOptions {
  readonly type: SchemaType;
  readonly mergeKey: string;
  readonly wanted: Wanted;
}

/** Items by their keys, in the order of the keys: changed and added ones, and deletions of those that went. */
function diffItems(
  original: List,
  modified: List,
  { type, mergeKey, wanted }: ItemOptions,
): { readonly changed: List; readonly removed: List } {
  const changed: JsonValue[] = [];
  const removed: JsonValue[] = [];
  const before = sortedByKey(original, mergeKey);
  const after = sortedByKey(modified, mergeKey);
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const now = after[j];
    if (old && now && old.text === now.text) {
      const patch = diffObjects(old.item, now.item, type, wanted);
      if (Object.keys(patch).length > 0) changed.push({ ...patch, [mergeKey]: now.key });
      i++;
      j++;
    } else if (now && (!old || old.text > now.text)) {
      if (wanted.changes) changed.push(now.item);
      j++;
    } else if (old) {
      if (wanted.deletions) removed.push({ [directive]: 'delete', [mergeKey]: old.key });
      i++;
    }
  }
  return { changed, removed };
}

/** Of items with the same key the first counts. */
function sortedByKey(items: List, mergeKey: string) {
  const byKey = new Map<string, { readonly item: JsonObject; readonly key: JsonValue; readonly text: string }>();
  for (const item of items) {
    const key = mergeKeyOf(item, mergeKey);
    const text = goText(key);
    if (!byKey.has(text)) byKey.set(text, { item: isObject(item) ? item : {}, key, text });
  }
  return [...byKey.values()].sort((a, b) => compareText(a.text, b.text));
}

function diffScalars(original: List, modified: List, wanted: Wanted): ListDifference {
  const added = wanted.changes ? modified.filter((item) => !original.includes(item)) : [];
  const gone = original.filter((item) => !modified.includes(item));
  const deleted = wanted.deletions ? [...new Set(gone)].sort((a, b) => compareText(goText(a), goText(b))) : [];
  const ordered = (wanted.deletions && deleted.length > 0) || (wanted.changes && !equal(original, modified));
  return { added: sortByOrder(added, modified, undefined), deleted, order: wanted.order && ordered ? modified : [] };
}
