// JSON merge patches (RFC 7386), applied to objects at hand.
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

export function applyMergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
      continue;
    }
    const before = Object.hasOwn(object, key) ? object[key] : undefined;
    merged[key] = isObject(value) ? applyMergePatch(isObject(before) ? before : {}, value) : value;
  }
  return merged;
}
