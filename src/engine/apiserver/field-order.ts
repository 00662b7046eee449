// The server's JSON: fields in the order in which the schema declares them, maps by key, as Go writes them.
import { compareText } from '../../api/go-format.ts';
import { definition, type SchemaType } from '../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** An object, or a list of such objects, of that definition with its fields in order. */
export function ordered(value: JsonObject, definitionName: string | undefined): JsonObject {
  const type: SchemaType | undefined = definitionName ? { kind: 'object', definition: definitionName } : undefined;
  if (isList(value.items) && String(value.kind).endsWith('List')) {
    const { kind = '', apiVersion = '', metadata = {}, ...rest } = value;
    const items = value.items.map((item) => inOrder(item, type));
    return { kind, apiVersion, metadata, ...rest, items };
  }
  const { kind, apiVersion } = value;
  const shown = inOrder(value, type);
  if (!isObject(shown)) return value;
  return { ...(kind !== undefined && { kind }), ...(apiVersion !== undefined && { apiVersion }), ...shown };
}

function inOrder(value: JsonValue, type: SchemaType | undefined): JsonValue {
  if (isList(value)) {
    const items = type?.kind === 'list' ? type.items : undefined;
    return items && items.kind !== 'object' && items.kind !== 'list'
      ? value
      : value.map((each) => inOrder(each, items));
  }
  if (!isObject(value)) return value;
  if (type?.kind === 'map') {
    const { values } = type;
    return byKey(value, (each) => inOrder(each, values));
  }
  const fields = type?.kind === 'object' ? definition(type.definition)?.fields : undefined;
  if (!fields) return byKey(value, (each) => inOrder(each, undefined));
  const made = new Map<string, JsonValue>();
  for (const [name, field] of fields) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    if (own !== undefined) made.set(name, inOrder(own, field.type));
  }
  for (const [name, own] of Object.entries(value)) if (own !== undefined && !made.has(name)) made.set(name, own);
  return Object.fromEntries(made);
}

function byKey(value: JsonObject, of: (each: JsonValue) => JsonValue): JsonObject {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length > 1) entries.sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, each]) => [key, of(each)]));
}
