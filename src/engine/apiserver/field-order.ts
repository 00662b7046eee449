// The server's JSON: fields in the order in which the schema declares them, maps by key, as Go writes them.
import { compareText } from '../../api/go-format.ts';
import { definition, type SchemaType } from '../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { changeAll } from '../../kinds/share.ts';

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

/** An object of no definition: all keys sorted. */
export function keysSorted(value: JsonObject): JsonObject {
  const shown = inOrder(value, undefined);
  return isObject(shown) ? shown : value;
}

/** The value itself where it is in order already, as most of what components write is. */
function inOrder(value: JsonValue, type: SchemaType | undefined, depth = keptDepth): JsonValue {
  if (isList(value)) {
    const items = type?.kind === 'list' ? type.items : undefined;
    if (items && items.kind !== 'object' && items.kind !== 'list') return value;
    return changeAll(value, (each) => inOrder(each, items));
  }
  if (!isObject(value)) return value;
  if (type?.kind === 'object') {
    const fields = fieldsOf(type.definition);
    if (fields) return byRank(value, fields, depth);
  }
  const values = type?.kind === 'map' ? type.values : undefined;
  return rebuilt(value, keysInOrder(value, compareText), (each) => inOrder(each, values));
}

function byRank(value: JsonObject, fields: ReadonlyMap<string, RankedField>, depth: number): JsonObject {
  const rank = (name: string): number => fields.get(name)?.rank ?? fields.size;
  const keys = keysInOrder(value, (a, b) => rank(a) - rank(b));
  return rebuilt(value, keys, (each, name) => {
    const field = fields.get(name);
    if (!field) return each;
    return depth < keptDepth ? kept(each, field.type, depth + 1) : inOrder(each, field.type);
  });
}

/** A field and its place among those of its definition. */
interface RankedField {
  readonly type: SchemaType;
  readonly rank: number;
}

/** Fields of a JSON schema that hold one themselves, or a boolean or a list. */
const schemasOrMore: ReadonlySet<string> = new Set(['items', 'additionalItems', 'additionalProperties']);

const rankedFields = new Map<string, ReadonlyMap<string, RankedField> | undefined>();

function fieldsOf(name: string): ReadonlyMap<string, RankedField> | undefined {
  const found = rankedFields.get(name);
  if (found) return found;
  const fields = definition(name)?.fields;
  const typeOf = (field: string, type: SchemaType): SchemaType =>
    name.endsWith('.JSONSchemaProps') && schemasOrMore.has(field) ? { kind: 'object', definition: name } : type;
  const ranked =
    fields && new Map([...fields].map(([field, { type }], rank) => [field, { type: typeOf(field, type), rank }]));
  rankedFields.set(name, ranked);
  return ranked;
}

/** The keys that have a value. Equal ones stay as they come. */
function keysInOrder(value: JsonObject, compare: (a: string, b: string) => number): readonly string[] {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  for (let i = 1; i < keys.length; i++) if (compare(keys[i - 1] ?? '', keys[i] ?? '') > 0) return keys.sort(compare);
  return keys;
}

/** The value with those keys, in that order, each run through `of`; the same one where that changes nothing. */
function rebuilt(
  value: JsonObject,
  keys: readonly string[],
  of: (each: JsonValue, key: string) => JsonValue,
): JsonObject {
  const made: [string, JsonValue][] = [];
  let same = true;
  let at = 0;
  for (const own in value) if (same && keys[at++] !== own) same = false;
  for (const key of keys) {
    const each = value[key] ?? null;
    const next = of(each, key);
    same &&= next === each;
    made.push([key, next]);
  }
  return same ? value : Object.fromEntries(made);
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
