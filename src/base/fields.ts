// Reads fields of JSON objects by dotted path, with the zero value of the wanted type where there is none.
//
//   textAt(pod, 'spec.nodeName')   'worker-1', or '' before the pod is bound
import { isList, isObject, type JsonObject, type JsonValue, own } from './json.ts';

/** The value at a path of field names, or undefined. Keys that hold a dot cannot be named: use {@link own} for them. */
export function at(value: JsonValue | undefined, path: string): JsonValue | undefined {
  let here: JsonValue | undefined = value;
  for (const name of path.split('.')) {
    if (!isObject(here)) return undefined;
    here = own(here, name);
  }
  return here;
}

/** The text at a path; '' where there is none. */
export function textAt(value: JsonValue | undefined, path: string): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}

/** The number at a path, or undefined. */
export function numberAt(value: JsonValue | undefined, path: string): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

/** Whether the value at a path is `true`. */
export function flagAt(value: JsonValue | undefined, path: string): boolean {
  return at(value, path) === true;
}

/** The list at a path; empty where there is none. */
export function listAt(value: JsonValue | undefined, path: string): readonly JsonValue[] {
  const found = at(value, path);
  return isList(found) ? found : [];
}

/** The texts of the list at a path. */
export function textsAt(value: JsonValue | undefined, path: string): readonly string[] {
  return listAt(value, path).filter((item) => typeof item === 'string');
}

/** The objects of the list at a path. */
export function objectsAt(value: JsonValue | undefined, path: string): readonly JsonObject[] {
  return listAt(value, path).filter(isObject);
}

/** The object at a path, or undefined. */
export function objectAt(value: JsonValue | undefined, path: string): JsonObject | undefined {
  const found = at(value, path);
  return isObject(found) ? found : undefined;
}

/** The entries with text values of the object at a path (labels, annotations), sorted by key. */
export function entriesAt(value: JsonValue | undefined, path: string): readonly (readonly [string, string])[] {
  const entries: (readonly [string, string])[] = [];
  for (const [key, item] of Object.entries(objectAt(value, path) ?? {})) {
    if (typeof item === 'string') entries.push([key, item]);
  }
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
