// Objects that kubectl makes itself, in the order in which Go writes them: maps by key, metadata as its struct has it.
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';

/** Fields that are maps in Go; everything else is a struct, whose fields stand as they were put. */
const mapFields = new Set(
  'annotations binaryData data hard labels limits matchLabels nodeSelector parameters requests selector stringData'.split(
    ' ',
  ),
);

export function inTypedOrder(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, ordered(key, value)]));
}

function ordered(key: string, value: JsonValue | undefined): JsonValue {
  if (isList(value)) return value.map((item) => (isObject(item) ? inTypedOrder(item) : item));
  if (!isObject(value)) return value ?? null;
  if (mapFields.has(key) && Object.values(value).every((held) => typeof held === 'string')) {
    const keys = Object.keys(value).sort(byBytes);
    return Object.fromEntries(keys.map((name) => [name, value[name] ?? null]));
  }
  if (key !== 'metadata') return inTypedOrder(value);
  const names = ['name', 'generateName', 'namespace'];
  const rank = (field: string) => (names.includes(field) ? names.indexOf(field) : names.length);
  const fields = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return inTypedOrder(Object.fromEntries(fields));
}
