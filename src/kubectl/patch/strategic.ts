// Lays a strategic merge patch over an object: lists with a merge key item by item, others as a whole.
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { isPrimitiveSet, mergeKeyOf } from './merge-keys.ts';

/** `path` is where the object is, in the words of merge-keys.ts; list items are `*`. */
export function strategicMerge(before: JsonObject, patch: JsonObject, path: readonly string[] = []): JsonObject {
  if (patch.$patch === 'replace') {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  const result: Record<string, JsonValue> = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const held = own(before, key);
    const here = [...path, key];
    if (value === null) delete result[key];
    else if (isObject(value)) result[key] = strategicMerge(isObject(held) ? held : {}, value, here);
    else if (isList(value)) result[key] = mergeLists(isList(held) ? held : [], value, here);
    else result[key] = value;
  }
  return result;
}

function mergeLists(
  before: readonly JsonValue[],
  patch: readonly JsonValue[],
  path: readonly string[],
): readonly JsonValue[] {
  if (isPrimitiveSet(path)) return [...new Set([...before, ...patch])];
  const mergeKey = mergeKeyOf(path);
  if (mergeKey === undefined || patch.some((item) => isObject(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !(isObject(item) && item.$patch === 'replace'));
  }
  let merged = [...before];
  for (const item of patch) {
    if (!isObject(item)) continue;
    const index = merged.findIndex((one) => isObject(one) && own(one, mergeKey) === own(item, mergeKey));
    const held = merged[index];
    if (item.$patch === 'delete') merged = merged.filter((_, at) => at !== index);
    else if (isObject(held)) merged[index] = strategicMerge(held, item, [...path, '*']);
    else merged.push(item);
  }
  return merged;
}
