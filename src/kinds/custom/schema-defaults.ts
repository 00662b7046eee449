// Defaults of a custom resource's schema, and nulls where null is not allowed: in what is sent they count as left out.
import { compareText } from '../../api/go-format.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { itemsOf, type Schema, schemaAt, valuesOf } from './schema-node.ts';

/** The value with what its schema defaults. */
export function withDefaults(value: JsonValue, schema: Schema | undefined): JsonValue {
  return defaulted(value, schema);
}

/** The value without nulls that neither may be there nor become a default. */
export function withoutNulls(value: JsonValue, schema: Schema | undefined): JsonValue {
  if (isList(value)) return value.map((item) => withoutNulls(item, itemsOf(schema)));
  if (!isObject(value)) return value;
  const entries: [string, JsonValue][] = [];
  for (const [key, item] of Object.entries(value)) {
    const inner = schemaAt(schema, key);
    if (isForbiddenNull(item, inner) && inner?.default === undefined) continue;
    entries.push([key, withoutNulls(item, inner)]);
  }
  return Object.fromEntries(entries);
}

function defaulted(value: JsonValue, schema: Schema | undefined): JsonValue {
  if (!schema) return value;
  if (isList(value)) {
    const items = itemsOf(schema);
    return value.map((item) => defaulted(isForbiddenNull(item, items) ? (items?.default ?? item) : item, items));
  }
  if (!isObject(value)) return value;
  const filled = new Map(Object.entries(value));
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || property.default === null) continue;
    const item = filled.get(key);
    if (item === undefined || isForbiddenNull(item, property)) filled.set(key, property.default);
  }
  const values = valuesOf(schema);
  const entries = [...filled].map(([key, item]): [string, JsonValue] => {
    const inner = schemaAt(schema, key);
    const given = inner === values && isForbiddenNull(item, values) ? (values?.default ?? item) : item;
    return [key, defaulted(given, inner)];
  });
  return Object.fromEntries(filled.size > Object.keys(value).length ? entries.sort(byKey) : entries);
}

function byKey([a]: readonly [string, JsonValue], [b]: readonly [string, JsonValue]): number {
  return compareText(a, b);
}

function isForbiddenNull(value: JsonValue | undefined, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}
