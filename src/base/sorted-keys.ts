// JSON with the keys of every object in the order of their bytes, as Go writes its maps.
import { isList, isObject, type JsonValue } from './json.ts';
import { byBytes } from './text-order.ts';

export function withSortedKeys(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(withSortedKeys);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort(byBytes);
  return Object.fromEntries(keys.map((key) => [key, withSortedKeys(value[key] ?? null)]));
}
