// Lists that are sets or maps have no item twice.
import { duplicate, type FieldError, invalid } from '../../api/field-error.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { itemsOf, propertyOf, type Schema, valuesOf } from './schema-node.ts';

/** What is there twice, in a whole resource. */
export function checkListTypes(schema: Schema, value: JsonValue, path = ''): readonly FieldError[] {
  if (isList(value)) {
    const items = itemsOf(schema);
    const inner = items ? value.flatMap((item, i) => checkListTypes(items, item, `${path}[${i}]`)) : [];
    return [...checkList(schema, value, path), ...inner];
  }
  if (!isObject(value)) return [];
  const values = valuesOf(schema);
  return Object.entries(value).flatMap(([key, item]) => {
    const property = propertyOf(schema, key);
    if (property) return checkListTypes(property, item, path === '' ? key : `${path}.${key}`);
    return values ? checkListTypes(values, item, `${path}[${key}]`) : [];
  });
}

function checkList(schema: Schema, list: readonly JsonValue[], path: string): readonly FieldError[] {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return repeated(list).map((i) => duplicate(`${path}[${i}]`, list[i]));
  if (type !== 'map') return [];
  const odd = list.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0) return [invalid(`${path}[${odd}]`, list[odd], 'must be an object for an array of list-type map')];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const identities = list.map((item) => (isObject(item) ? pick(item, keys) : {}));
  return repeated(identities).map((i) => duplicate(`${path}[${i}]`, identities[i]));
}

/** The indexes of what is there for the second time. */
function repeated(list: readonly JsonValue[]): readonly number[] {
  const seen = new Map<string, number>();
  const found: number[] = [];
  for (const [i, item] of list.entries()) {
    const text = JSON.stringify(item);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    if (times === 2) found.push(i);
  }
  return found;
}

function pick(item: JsonObject, keys: readonly string[]): JsonObject {
  const entries = keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key] ?? null] as const);
  return Object.fromEntries(entries);
}
