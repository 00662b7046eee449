// From JSON as somebody sent it to an object as the server keeps it: types checked, unknown fields dropped, zeros
// dropped or added, nulls dropped, quantities and times in canonical form, fields in the server's order: what decoding
// into Go's structs does.
//
//   {"spec":{"containers":[{"image":"a","name":"x","foo":1}]},"kind":"Pod"}
//     ─▶ {"kind":"Pod","metadata":{},"spec":{"containers":[{"name":"x","image":"a","resources":{}}]},"status":{}}

import { encodeBase64, isByte } from '../../base/bytes.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { emptyMap } from '../alike.ts';
import { compareText } from '../go-format.ts';
import { formatMicroTime, formatTime, parseMicroTime, parseTime } from '../meta.ts';
import { parseQuantity, QuantityError } from '../quantity.ts';
import { type ApiError, badRequest } from '../status.ts';
import { explainDecode } from './decode-problems.ts';
import {
  type Definition,
  definition,
  type Field,
  isInteger,
  type SchemaForm,
  type SchemaType,
  schemaFormType,
} from './schema.ts';

/** A decoded object and what was wrong with it. */
export interface Decoded {
  readonly value: JsonObject;
  /** What strict decoding refuses, e.g. `unknown field "spec.foo"`, in the order of the input. */
  readonly problems: readonly string[];
}

/** The value does not fit the schema; the message is Go's. */
export class DecodeError extends Error {
  override name = 'DecodeError';
}

/** Decodes a value as that definition, e.g. `apps.v1.Deployment`. Throws {@link DecodeError}. */
export function decode(definitionName: string, value: JsonValue): Decoded {
  const state = { unknown: false, failed: false };
  const shape = definition(definitionName);
  if (!shape) throw new DecodeError(`no definition ${definitionName}`);
  const decoded = decodeObject(shape, value, state);
  if (!state.unknown && !state.failed && decoded) return { value: decoded, problems: [] };
  const { error, problems } = explainDecode(shape, value);
  if (error !== undefined) throw new DecodeError(error);
  return { value: decoded ?? {}, problems };
}

/** The server's answer to a body that cannot be decoded, or not strictly. */
export function cannotHandle(sent: { readonly version: string; readonly kind: string }, message: string): ApiError {
  return badRequest(`${sent.kind} in version ${quote(sent.version)} cannot be handled as a ${sent.kind}: ${message}`);
}

/** Several problems as one message. */
export function strictDecodingText(problems: readonly string[]): string {
  return `strict decoding error: ${problems.join(', ')}`;
}

interface State {
  unknown: boolean;
  failed: boolean;
}

function decodeObject(shape: Definition, value: JsonValue, state: State): JsonObject | undefined {
  if (!isObject(value)) {
    state.failed = true;
    return undefined;
  }
  const result: Record<string, JsonValue> = {};
  let known = 0;
  for (const field of shape.fields.values()) {
    const { name } = field;
    let given: JsonValue | undefined;
    if (Object.hasOwn(value, name)) {
      known++;
      given = value[name];
    }
    const kept = given === undefined || given === null ? undefined : decodeField(field, given, state);
    if (kept !== undefined) result[name] = kept;
    else if (field.always && !field.pointer) {
      const unset = zero(field.type);
      if (unset !== null) result[name] = unset;
    }
  }
  let keys = 0;
  for (const _ in value) keys++;
  if (keys !== known) state.unknown = true;
  return result;
}

/** The value to keep; undefined when it is zero and zeros are dropped. */
function decodeField(field: Field, given: JsonValue, state: State): JsonValue | undefined {
  const value = decodeValue(field.type, given, state);
  // To validation an empty list or map is not none, nor are bytes that must be there.
  if (field.pointer || value === undefined || isList(value)) return value;
  if (field.always && field.type.kind === 'bytes') return value;
  if (!isEmpty(value, field.type)) return value;
  return field.type.kind === 'map' ? emptyMap : undefined;
}

/** What Go leaves out of fields that say so: zeros, and empty lists and maps. */
export function isEmpty(value: JsonValue, type: SchemaType): boolean {
  if (value === '' || value === 0 || value === false || (isList(value) && value.length === 0)) return true;
  if (type.kind !== 'map' || !isObject(value)) return false;
  for (const _ in value) return false;
  return true;
}

function decodeValue(type: SchemaType, given: JsonValue, state: State): JsonValue | undefined {
  switch (type.kind) {
    case 'any':
      return type.schema ? decodeSchema(type.schema, given, state) : given;
    case 'string':
      return typeof given === 'string' ? given : fail(state);
    case 'boolean':
      return typeof given === 'boolean' ? given : fail(state);
    case 'integer':
      return isInteger(given, type.bits) ? given : fail(state);
    case 'number':
      return typeof given === 'number' ? given : fail(state);
    case 'intOrString':
      return typeof given === 'string' || isInteger(given, 32) ? given : fail(state);
    case 'bytes':
      if (isList(given)) return listedBytes(given) ?? fail(state);
      return typeof given === 'string' && base64.test(given) ? given : fail(state);
    case 'quantity':
      return canonicalQuantity(given) ?? fail(state);
    case 'time':
      return canonicalTime(given, type.micro) ?? fail(state);
    case 'list':
      return decodeList(type.items, given, state);
    case 'map':
      return decodeMap(type.values, given, state);
    case 'object': {
      const shape = definition(type.definition);
      return shape ? decodeObject(shape, given, state) : given;
    }
  }
}

/** The forms decode themselves: unknown fields pass without a word. */
function decodeSchema(form: SchemaForm, given: JsonValue, state: State): JsonValue | undefined {
  const inner: State = { unknown: false, failed: false };
  const value = decodeValue(schemaFormType(form, given), given, inner);
  if (inner.failed) return fail(state);
  if (form === 'bool' || isObject(value)) return value;
  return isList(value) && value.length > 0 ? value : undefined;
}

function decodeList(items: SchemaType, given: JsonValue, state: State): JsonValue | undefined {
  if (!isList(given)) return fail(state);
  return given.map((item) => (item === null ? unset(items) : (decodeValue(items, item, state) ?? null)));
}

function decodeMap(values: SchemaType, given: JsonValue, state: State): JsonValue | undefined {
  if (!isObject(given)) return fail(state);
  if (values.kind === 'string' && isSortedTexts(given)) return given;
  const sorted = Object.entries(given).sort(([a], [b]) => compareText(a, b));
  const entries = sorted.map(([key, item]): [string, JsonValue] => [
    key,
    item === null ? unset(values) : (decodeValue(values, item, state) ?? null),
  ]);
  return Object.fromEntries(entries);
}

/** What a null in a list or a map stands for. */
function unset(type: SchemaType): JsonValue {
  return type.kind === 'bytes' ? '' : zero(type);
}

/** Bytes may be given one by one as well, as Go takes them. */
function listedBytes(given: readonly JsonValue[]): string | undefined {
  const bytes = given.map((item) => item ?? 0);
  return bytes.every(isByte) ? encodeBase64(Uint8Array.from(bytes)) : undefined;
}

/** Whether a map of texts is already as the server writes it: no nulls, sorted by key. */
function isSortedTexts(value: JsonObject): boolean {
  let last = '';
  for (const key in value) {
    if (typeof value[key] !== 'string' || key < last) return false;
    last = key;
  }
  return true;
}

function fail(state: State): undefined {
  state.failed = true;
  return undefined;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function canonicalQuantity(given: JsonValue): string | undefined {
  if (typeof given !== 'string' && typeof given !== 'number') return undefined;
  try {
    return parseQuantity(String(given).trim()).toString();
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
}

function canonicalTime(given: JsonValue, micro: boolean): string | undefined {
  if (typeof given !== 'string') return undefined;
  if (!micro && given.length === 20 && given.endsWith('Z') && parseTime(given) !== undefined) return given;
  const timeMs = micro ? parseMicroTime(given) : parseTime(given);
  if (timeMs === undefined) return undefined;
  if (!micro) return formatTime(timeMs);
  return given.endsWith('Z') ? given : formatMicroTime(timeMs);
}

/** What Go writes for a value that was never set. */
export function zero(type: SchemaType): JsonValue {
  switch (type.kind) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'object':
      return zeroObject(type.definition);
    default:
      return null;
  }
}

const zeroObjects = new Map<string, JsonObject>();

function zeroObject(name: string): JsonObject {
  const known = zeroObjects.get(name);
  if (known) return known;
  const shape = definition(name);
  const made = (shape && decodeObject(shape, {}, { unknown: false, failed: false })) ?? {};
  zeroObjects.set(name, made);
  return made;
}
