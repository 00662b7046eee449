// The server's JSON, as Go writes it: fields in the order in which the schema declares them, those that are always
// written also where they were never set, and maps by key.
import { compareText } from '../../api/go-format.ts';
import { isEmpty, zero } from '../../api/schema/decode.ts';
import { definition, type Field, type SchemaType } from '../../api/schema/schema.ts';
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
  if (type?.kind === 'any' && !type.schema) return value;
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
interface RankedField extends WrittenField {
  readonly rank: number;
}

/** How a field is written. */
interface WrittenField extends Pick<Field, 'always' | 'pointer'> {
  readonly type: SchemaType | undefined;
  /** What is written where it was never set, if it always is. */
  readonly unset: JsonValue;
}

interface RankedFields {
  readonly byName: ReadonlyMap<string, RankedField>;
  /** How many of them are always written. */
  readonly always: number;
}

/** Those that the definition does not name come last, as they come. */
function byRank(
  value: JsonObject,
  { byName, always }: RankedFields,
  of: (each: JsonValue, type: SchemaType | undefined) => JsonValue,
): JsonObject {
  let isPlaced = true;
  let last = -1;
  let missing = always;
  let changes: Map<string, JsonValue> | undefined;
  for (const name in value) {
    const each = value[name];
    const field = byName.get(name);
    const rank = field ? field.rank : byName.size;
    if (rank < last || !isWritten(field, each)) isPlaced = false;
    last = rank;
    if (field?.always) missing--;
    if (!field || typeof each !== 'object' || each === null) continue;
    const next = of(each, field.type);
    if (next === each) continue;
    changes ??= new Map();
    changes.set(name, next);
  }
  if (isPlaced && missing === 0 && !changes) return value;
  const made: Record<string, JsonValue> = {};
  for (const [name, field] of byName) {
    const each = Object.hasOwn(value, name) ? (changes?.get(name) ?? value[name]) : undefined;
    if (each !== undefined && isWritten(field, each)) made[name] = each;
    else if (field.always) made[name] = field.unset;
  }
  const others = Object.entries(value).filter(([name, each]) => each !== undefined && !byName.has(name));
  return others.length === 0 ? made : { ...made, ...Object.fromEntries(others) };
}

/** Whether Go writes a value as it is: it leaves out what is empty, or writes what was never set as such. */
function isWritten(field: WrittenField | undefined, given: JsonValue | undefined): boolean {
  if (given === undefined) return false;
  if (!field?.type) return true;
  if (given === null) return field.always && field.unset === null;
  return field.always || field.pointer || !isEmpty(given, field.type);
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

const text: WrittenField = { type: undefined, always: false, pointer: false, unset: null };
const whatItIs: readonly (readonly [string, WrittenField])[] = [
  ['kind', text],
  ['apiVersion', text],
];
const untyped: RankedFields = ranked(whatItIs);
const knownFields = new Map<string, DefinedFields | undefined>();

function fieldsOf(name: string): DefinedFields | undefined {
  const found = knownFields.get(name);
  if (found) return found;
  const fields = definition(name)?.fields;
  const written = fields && [...fields.values()].map((field) => [field.name, writtenField(name, field)] as const);
  const made = written && { ofPart: ranked(written), ofWhole: ranked([...whatItIs, ...written]) };
  knownFields.set(name, made);
  return made;
}

function writtenField(of: string, { name, always, pointer, ...field }: Field): WrittenField {
  const isSchema = of.endsWith('.JSONSchemaProps') && schemasOrMore.has(name);
  const type: SchemaType = isSchema ? { kind: 'object', definition: of } : field.type;
  return { type, always, pointer, unset: always && !pointer ? inOrder(zero(type), type) : null };
}

/** The first place of a name counts. */
function ranked(fields: readonly (readonly [string, WrittenField])[]): RankedFields {
  const byName = new Map<string, RankedField>();
  for (const [name, field] of fields) if (!byName.has(name)) byName.set(name, { ...field, rank: byName.size });
  return { byName, always: fields.filter(([, { always }]) => always).length };
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
