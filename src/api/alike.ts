// Whether two objects mean the same: upstream's Semantic.DeepEqual, to which an empty list or map is none.
import { isList, isObject, type JsonObject } from '../base/json.ts';

/** Every empty map that was decoded is this one: an object without entries may as well be a structure. */
export const emptyMap: JsonObject = Object.freeze({});

/** Deep equality in which an empty list or map and nothing are the same. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isNone(a) || isNone(b)) return isNone(a) && isNone(b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => alike(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  for (const key in a) if (!alike(a[key], Object.hasOwn(b, key) ? b[key] : undefined)) return false;
  for (const key in b) if (!Object.hasOwn(a, key) && !isNone(b[key])) return false;
  return true;
}

/** Whether a value is nothing, an empty list or an empty map. */
export function isNone(value: unknown): boolean {
  return value === undefined || value === emptyMap || (isList(value) && value.length === 0);
}
