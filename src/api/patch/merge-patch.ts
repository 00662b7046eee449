// JSON merge patches (RFC 7386): applying one, making one from two documents, and kubectl's from three.
import { equal, isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { patchConflict } from './patch-error.ts';

/** The patched document: objects merge, null removes, everything else replaces. */
export function applyMergePatch(original: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return isObject(original) ? patch : withoutNulls(patch);
  const entries = new Map(isObject(original) ? Object.entries(original) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) entries.delete(key);
    else entries.set(key, applyMergePatch(entries.get(key), value));
  }
  return Object.fromEntries(entries);
}

/** What is new has no nulls in its objects, as upstream's library leaves them out. */
function withoutNulls(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/** The patch that leads from one document to the other. */
export function createMergePatch(original: JsonObject, modified: JsonObject): JsonObject {
  const patch: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(modified)) {
    const before = own(original, key);
    if (before === undefined) patch.push([key, value]);
    else if (isObject(before) && isObject(value)) {
      const inner = createMergePatch(before, value);
      if (Object.keys(inner).length > 0) patch.push([key, inner]);
    } else if (!equal(before, value)) patch.push([key, value]);
  }
  for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch.push([key, null]);
  return Object.fromEntries(patch);
}

/**
 * What `kubectl apply` sends for kinds without a schema: additions and changes from current to modified, deletions
 * from original (what was applied last) to modified. `original` absent: nothing is deleted.
 */
export function createThreeWayMergePatch(
  original: JsonObject | undefined,
  modified: JsonObject,
  current: JsonObject,
): JsonObject {
  const changes = keep(createMergePatch(current, modified), false);
  const deletions = keep(createMergePatch(original ?? {}, modified), true);
  if (haveConflicts(changes, deletions)) throw patchConflict(changes, deletions);
  return combine(deletions, changes);
}

/** Only the nulls of a patch, or all but them. */
function keep(patch: JsonObject, nulls: boolean): JsonObject {
  const kept: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      if (nulls) kept.push([key, null]);
    } else if (isObject(value) && Object.keys(value).length > 0) {
      const inner = keep(value, nulls);
      if (Object.keys(inner).length > 0) kept.push([key, inner]);
    } else if (!nulls) kept.push([key, value]);
  }
  return Object.fromEntries(kept);
}

/** Two patches as one: nulls stay. */
function combine(first: JsonObject, second: JsonObject): JsonObject {
  const entries = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const before = entries.get(key);
    entries.set(key, isObject(before) && isObject(value) ? combine(before, value) : value);
  }
  return Object.fromEntries(entries);
}

/** Whether two patches want different things of one field. */
export function haveConflicts(left: JsonValue, right: JsonValue): boolean {
  if (isObject(left)) {
    if (!isObject(right)) return true;
    return Object.entries(left).some(([key, value]) => {
      const other = own(right, key);
      return other !== undefined && haveConflicts(value, other);
    });
  }
  if (isList(left)) {
    if (!isList(right) || left.length !== right.length) return true;
    return left.some((item, i) => haveConflicts(item, right[i] ?? null));
  }
  return !equal(left, right);
}
