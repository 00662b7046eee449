// The server's JSON: fields in the order in which the schema declares them, maps by key, as Go writes them.
import { compareText } from '../../api/go-format.ts';
import { definition, type SchemaType } from '../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';

/** An object, or a list of such objects, of that definition with its fields in order. */
export function ordered(value: JsonObject, definitionName: string | undefined): JsonObject {
  const type: SchemaType | undefined = definitionName ? { kind: 'object', definition: definitionName } : undefined;
  if (isList(value.items) && String(value.kind).endsWith('List')) {
    const { kind = '', apiVersion = '', metadata = {}, ...rest } = value;
    const items = value.items.map((item) => inOrder(item, type, 0));
    return { kind, apiVersion, metadata, ...rest, items };
  }
  const { kind, apiVersion } = value;
  const shown = inOrder(value, type, 0);
  if (!isObject(shown)) return value;
  return { ...(kind !== undefined && { kind }), ...(apiVersion !== undefined && { apiVersion }), ...shown };
}

function inOrder(value: JsonValue, type: SchemaType | undefined, depth = keptDepth): JsonValue {
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
  const made: Record<string, JsonValue> = {};
  for (const [name, field] of fields) {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    if (own !== undefined) made[name] = depth < keptDepth ? kept(own, field.type, depth + 1) : inOrder(own, field.type);
  }
  for (const name of Object.keys(value)) {
    const own = value[name];
    if (own !== undefined && !Object.hasOwn(made, name))
      Object.defineProperty(made, name, { value: own, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

/** How deep parts are remembered: spec and status, and what metadata holds. */
const keptDepth = 2;
const known = new WeakMap<object, { readonly type: SchemaType; readonly value: JsonValue }>();

/** As inOrder, found again as long as the part is the same: stored objects share what has not changed. */
function kept(value: JsonValue, type: SchemaType, depth: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  const found = known.get(value);
  if (found && sameType(found.type, type)) return found.value;
  const made = inOrder(value, type, depth);
  known.set(value, { type, value: made });
  return made;
}

function sameType(a: SchemaType, b: SchemaType): boolean {
  return a === b || (a.kind === 'object' && b.kind === 'object' && a.definition === b.definition);
}

function byKey(value: JsonObject, of: (each: JsonValue) => JsonValue): JsonObject {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  if (entries.length > 1) entries.sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, each]) => [key, of(each)]));
}
