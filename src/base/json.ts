// JSON values as plain readonly data, and the few operations on them that everybody needs.

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** Whether a value is a JSON object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. Unlike Array.isArray it keeps the elements' type unknown and readonly. */
export function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Deep equality of two JSON values. An absent key and a key that is undefined are the same. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isList(a)) {
    if (!isList(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
    return true;
  }
  if (!isObject(a) || !isObject(b)) return false;
  let unmatched = 0;
  for (const key in a) {
    if (a[key] === undefined) continue;
    if (!equal(a[key], b[key])) return false; // something inherited is never equal to a JSON value
    unmatched++;
  }
  for (const key in b) if (b[key] !== undefined) unmatched--;
  return unmatched === 0;
}

/** The value under a key that the object itself holds: never something inherited, whatever the key is called. */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Freezes a value and all that it holds. Stops at what is frozen already, so shared structure costs nothing. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) freeze(item);
  }
  return value;
}
