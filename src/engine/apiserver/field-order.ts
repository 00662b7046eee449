// The server's JSON: fields in the order in which the schema declares them, maps by key, as Go writes them.
import { compareText } from '../../api/go-format.ts';
import { definition, type SchemaType } from '../../api/schema/schema.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { changeAll } from '../../kinds/share.ts';

/** An object, or a list of such objects, of that definition with its fields in order. */
export function ordered(value: JsonObject, definitionName: string | undefined): JsonObject {
  if (isList(value.items) && String(value.kind).endsWith('List')) {
    const { kind = '', apiVersion = '', metadata = {}, ...rest } = value;
    const items = value.items.map((item) => (isObject(item) ? ordered(item, definitionName) : item));
    return { kind, apiVersion, metadata, ...rest, items };
  }
  const fields = definitionName === undefined ? undefined : fieldsOf(definitionName);
  return fields ? byRank(value, fields.ofWhole, partsKept) : byRank(keysSorted(value), untyped, (each) => each);
}

/** An object of no definition: all keys sorted. */
export function keysSorted(value: JsonObject): JsonObject {
  return byKey(value, undefined);
}

/** The value itself where it is in order already, as most of what components write is. */
function inOrder(value: JsonValue, type: SchemaType | undefined): JsonValue {
  if (isList(value)) {
    const items = type?.kind === 'list' ? type.items : undefined;
    if (items && items.kind !== 'object' && items.kind !== 'list') return value;
    return changeAll(value, (each) => inOrder(each, items));
  }
  if (!isObject(value)) return value;
  const fields = type?.kind === 'object' ? fieldsOf(type.definition) : undefined;
  if (fields) return byRank(value, fields.ofPart, inOrder);
  return byKey(value, type?.kind === 'map' ? type.values : undefined);
}

/** A field and its place among those of its definition. */
interface RankedField {
  readonly type: SchemaType | undefined;
  readonly rank: number;
}

type RankedFields = ReadonlyMap<string, RankedField>;

/** Those that the definition does not name come last, as they come. */
function byRank(
  value: JsonObject,
  fields: RankedFields,
  of: (each: JsonValue, type: SchemaType | undefined) => JsonValue,
): JsonObject {
  let isPlaced = true;
  let last = -1;
  let changes: Map<string, JsonValue> | undefined;
  for (const name in value) {
    const each = value[name];
    const field = fields.get(name);
    const rank = field ? field.rank : fields.size;
    if (rank < last || each === undefined) isPlaced = false;
    last = rank;
    if (!field || typeof each !== 'object' || each === null) continue;
    const next = of(each, field.type);
    if (next === each) continue;
    changes ??= new Map();
    changes.set(name, next);
  }
  if (isPlaced && !changes) return value;
  const made: Record<string, JsonValue> = {};
  for (const name of fields.keys()) {
    const each = Object.hasOwn(value, name) ? (changes?.get(name) ?? value[name]) : undefined;
    if (each !== undefined) made[name] = each;
  }
  const others = Object.entries(value).filter(([name, each]) => each !== undefined && !fields.has(name));
  return others.length === 0 ? made : { ...made, ...Object.fromEntries(others) };
}

function byKey(value: JsonObject, values: SchemaType | undefined): JsonObject {
  let isPlaced = true;
  let last = '';
  let changes: Map<string, JsonValue> | undefined;
  for (const key in value) {
    const each = value[key];
    if (each === undefined || key < last) isPlaced = false;
    last = key;
    if (typeof each !== 'object' || each === null) continue;
    const next = inOrder(each, values);
    if (next === each) continue;
    changes ??= new Map();
    changes.set(key, next);
  }
  if (isPlaced && !changes) return value;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return Object.fromEntries(keys.sort(compareText).map((key) => [key, changes?.get(key) ?? value[key] ?? null]));
}

/** Fields of a JSON schema that hold one themselves, or a boolean or a list. */
const schemasOrMore: ReadonlySet<string> = new Set(['items', 'additionalItems', 'additionalProperties']);

/** The fields of a definition as those of a part, and as those of a whole object, which says first what it is. */
interface DefinedFields {
  readonly ofPart: RankedFields;
  readonly ofWhole: RankedFields;
}

const whatItIs: readonly (readonly [string, SchemaType | undefined])[] = [
  ['kind', undefined],
  ['apiVersion', undefined],
];
const untyped: RankedFields = ranked(whatItIs);
const knownFields = new Map<string, DefinedFields | undefined>();

function fieldsOf(name: string): DefinedFields | undefined {
  const found = knownFields.get(name);
  if (found) return found;
  const fields = definition(name)?.fields;
  const typeOf = (field: string, type: SchemaType): SchemaType =>
    name.endsWith('.JSONSchemaProps') && schemasOrMore.has(field) ? { kind: 'object', definition: name } : type;
  const types = fields && [...fields].map(([field, { type }]) => [field, typeOf(field, type)] as const);
  const made = types && { ofPart: ranked(types), ofWhole: ranked([...whatItIs, ...types]) };
  knownFields.set(name, made);
  return made;
}

/** The first place of a name counts. */
function ranked(types: readonly (readonly [string, SchemaType | undefined])[]): RankedFields {
  const fields = new Map<string, RankedField>();
  for (const [name, type] of types) if (!fields.has(name)) fields.set(name, { type, rank: fields.size });
  return fields;
}

const known = new WeakMap<object, { readonly type: SchemaType | undefined; readonly value: JsonValue }>();

/** As inOrder, found again as long as a part is the same: stored objects share what has not changed. */
function partsKept(part: JsonValue, type: SchemaType | undefined): JsonValue {
  if (typeof part !== 'object' || part === null) return part;
  const found = known.get(part);
  if (found && sameType(found.type, type)) return found.value;
  const value = inOrder(part, type);
  known.set(part, { type, value });
  return value;
}

function sameType(a: SchemaType | undefined, b: SchemaType | undefined): boolean {
  return a === b || (a?.kind === 'object' && b?.kind === 'object' && a.definition === b.definition);
}
