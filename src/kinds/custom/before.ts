// Which part of an old object a part of the new one was.
import { equal, isList, isObject, type JsonValue } from '../../base/json.ts';
import type { Schema } from './schema-node.ts';

/** A value that was there before, as far as it can be told which one it was. */
export type Before = { readonly value: JsonValue } | undefined;

/** The item of the same keys, in a list that is a map. */
export function itemBefore(schema: Schema, value: JsonValue, before: Before): Before {
  if (!before || schema['x-kubernetes-list-type'] !== 'map' || !isList(before.value) || !isObject(value))
    return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const old = before.value.find((item) => isObject(item) && keys.every((key) => equal(item[key], value[key])));
  return old === undefined ? undefined : { value: old };
}

/** What was under the same key. */
export function valueBefore(schema: Schema, key: string, before: Before): Before {
  if (!before || schema['x-kubernetes-map-type'] === 'atomic' || !isObject(before.value)) return undefined;
  const old = Object.hasOwn(before.value, key) ? before.value[key] : undefined;
  return old === undefined ? undefined : { value: old };
}
