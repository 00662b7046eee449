// Why a strategically merged object does not fit the schema. The server restores it from a map without a JSON text in
// between, and that has words of its own:
//
//   {metadata: {labels: str}}  ─▶  cannot restore map from string
import { isList, isObject, type JsonValue, own } from '../../base/json.ts';
import { goJson } from '../go-format.ts';
import { parseMicroTime, parseTime } from '../meta.ts';
import { quantityProblem } from '../quantity.ts';
import { explainDecode } from './decode-problems.ts';
import { type Definition, definition, goTypeOf, isInteger, type SchemaType } from './schema.ts';

/** The first mismatch in the order of the server's fields; undefined when everything fits. Unknown fields are none. */
export function restoreProblem(definitionName: string, value: JsonValue): string | undefined {
  return problemOf({ kind: 'object', definition: definitionName }, value, '');
}

function problemOf(type: SchemaType, value: JsonValue, goType: string): string | undefined {
  if (value === null) return undefined;
  switch (type.kind) {
    case 'any':
      return undefined;
    case 'object':
      if (!isObject(value)) return `cannot restore struct from: ${kindOf(value)}`;
      return first(definition(type.definition), (field) =>
        problemOf(field.type, own(value, field.name) ?? null, field.goType),
      );
    case 'map':
      if (!isObject(value)) return `cannot restore map from ${kindOf(value)}`;
      return firstOf(Object.values(value), (item) => problemOf(type.values, item, goTypeOf(type.values)));
    case 'list':
      if (!isList(value)) return `cannot restore slice from ${kindOf(value)}`;
      return firstOf(value, (item) => problemOf(type.items, item, goTypeOf(type.items)));
    case 'bytes':
      return typeof value === 'string' ? undefined : `cannot restore slice from ${kindOf(value)}`;
    case 'quantity':
      return quantityProblem(typeof value === 'string' ? value.trim() : goJson(value));
    case 'time':
    case 'intOrString':
      return customProblem(type, value);
    default:
      return scalarProblem(type, value, goType);
  }
}

function first(
  shape: Definition | undefined,
  check: (field: { readonly name: string; readonly type: SchemaType; readonly goType: string }) => string | undefined,
): string | undefined {
  return firstOf([...(shape?.fields.values() ?? [])], check);
}

function firstOf<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Types with a JSON form of their own are decoded from JSON after all. */
function customProblem(type: SchemaType, value: JsonValue): string | undefined {
  const fits = type.kind === 'time' ? typeof value === 'string' : typeof value === 'string' || isInteger(value, 32);
  const parse = type.kind === 'time' && type.micro ? parseMicroTime : parseTime;
  if (fits && (type.kind !== 'time' || parse(String(value)) !== undefined)) return undefined;
  const field = { name: 'value', type, required: false, always: false, pointer: false, goType: '' };
  const { error } = explainDecode({ name: 'v1.Value', fields: new Map([['value', field]]), atomic: false }, { value });
  return error?.replace('Go struct field Value.value', 'Go value');
}

/** Numbers can be made strings in Go, so that is "cannot convert"; all other mismatches have no conversion at all. */
function scalarProblem(type: SchemaType, value: JsonValue, goType: string): string | undefined {
  const goKind = type.kind === 'integer' ? `int${type.bits}` : type.kind === 'boolean' ? 'bool' : goTypeOf(type);
  const fits =
    type.kind === 'integer' || type.kind === 'number' ? typeof value === 'number' : typeof value === type.kind;
  if (fits && (type.kind !== 'integer' || Number.isInteger(value))) return undefined;
  const whole = typeof value === 'number' && Number.isInteger(value);
  if (whole && type.kind === 'string') return `cannot convert int64 to ${goType || 'string'}`;
  if (typeof value === 'number' && type.kind === 'integer') return `cannot convert float64 to ${goKind}`;
  return `unrecognized type: ${goKind}`;
}

/** Go's kind of a JSON value. */
function kindOf(value: JsonValue): string {
  if (isList(value)) return 'slice';
  if (isObject(value)) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
