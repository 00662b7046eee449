// Why a value does not fit the schema, in the words of Go's JSON decoder. Slow and in the order of the input: only
// called for what does not fit.
//
//   json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
//                                                       struct        └ path without list indexes
//   unknown field "spec.containers[0].imagee"

import { isByte } from '../../base/bytes.ts';
import { goNumber } from '../../base/go/format.ts';
import { jsonKind } from '../../base/go/json-kind.ts';
import { quote } from '../../base/go/quote.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { goJson } from '../go-format.ts';
import { parseMicroTime, parseTime } from '../meta.ts';
import { quantityProblem } from '../quantity.ts';
import { embeddedField } from './embedded.ts';
import {
  type Definition,
  definition,
  goTypeOf,
  isInteger,
  type SchemaForm,
  type SchemaType,
  schemaFormType,
} from './schema.ts';

/** The first error that ends decoding, and all that only strict decoding minds. */
export interface DecodeProblems {
  readonly error: string | undefined;
  readonly problems: readonly string[];
}

/** Go's decoder lists no more than this. */
const problemsMax = 100;

/** Explains what {@link decode} stumbled over. */
export function explainDecode(shape: Definition, value: JsonValue): DecodeProblems {
  const explainer = new Explainer();
  explainer.object(shape, value, {
    struct: '',
    path: '',
    strictPath: '',
    goType: goTypeOf({ kind: 'object', definition: shape.name }),
  });
  return { error: explainer.hardError ?? explainer.firstError, problems: explainer.problems };
}

/** Where we are: the Go struct whose field it is, the path for type errors, the path with indexes, the Go type. */
interface Place {
  readonly struct: string;
  readonly path: string;
  readonly strictPath: string;
  readonly goType: string;
}

class Explainer {
  /** The first mismatch of types: decoding goes on after it. */
  firstError: string | undefined;
  /** An error of a type with a decoder of its own (quantity, time): decoding ends there. */
  hardError: string | undefined;
  readonly problems: string[] = [];

  object(shape: Definition, value: JsonValue, place: Place): void {
    if (!isObject(value)) {
      this.mismatch(value, place);
      return;
    }
    const struct = shape.name.slice(shape.name.lastIndexOf('.') + 1);
    for (const [name, given] of Object.entries(value)) {
      if (this.hardError !== undefined) return;
      const field = shape.fields.get(name);
      const strictPath = join(place.strictPath, name);
      if (!field) {
        if (this.problems.length < problemsMax) this.problems.push(`unknown field ${quote(strictPath)}`);
      } else if (given !== null) {
        const path = join(place.path, embeddedField(struct, name));
        this.value(field.type, given, { struct, path, strictPath, goType: field.goType });
      }
    }
  }

  private value(type: SchemaType, given: JsonValue, place: Place): void {
    if (type.kind === 'list') this.list(type.items, given, place);
    else if (type.kind === 'map') this.map(type.values, given, place);
    else if (type.kind === 'bytes') this.bytes(given, place);
    else if (type.kind === 'any') this.schema(type.schema, given, place);
    else if (type.kind === 'quantity') this.quantity(given);
    else if (type.kind === 'time') this.time(given, type.micro, place);
    else if (type.kind === 'object') {
      const shape = definition(type.definition);
      if (shape) this.object(shape, given, place);
    } else if (type.kind === 'intOrString') {
      if (typeof given !== 'string' && !isInteger(given, 32)) this.hardMismatch(given, { ...place, goType: 'int32' });
    } else if (type.kind === 'integer') {
      if (!isInteger(given, type.bits)) this.mismatch(given, place);
    } else if (typeof given !== type.kind) this.mismatch(given, place);
  }

  private list(items: SchemaType, given: JsonValue, place: Place): void {
    if (!isList(given)) {
      this.mismatch(given, place);
      return;
    }
    const goType = place.goType.startsWith('[]') ? place.goType.slice(2) : goTypeOf(items);
    for (const [i, item] of given.entries()) {
      if (this.hardError !== undefined) return;
      if (item !== null) this.value(items, item, { ...place, strictPath: `${place.strictPath}[${i}]`, goType });
    }
  }

  private map(values: SchemaType, given: JsonValue, place: Place): void {
    if (!isObject(given)) {
      this.mismatch(given, place);
      return;
    }
    const goType = /^map\[[\w.]+\](.*)$/.exec(place.goType)?.[1] ?? goTypeOf(values);
    for (const [key, item] of Object.entries(given)) {
      if (this.hardError !== undefined) return;
      if (item !== null) this.value(values, item, { ...place, strictPath: join(place.strictPath, key), goType });
    }
  }

  /** A type with a decoder of its own, within which only mismatches are told. */
  private schema(form: SchemaForm | undefined, given: JsonValue, place: Place): void {
    if (!form) return;
    const type = schemaFormType(form, given);
    if (type.kind === 'boolean' && typeof given !== 'boolean') this.hardError = 'boolean or JSON schema expected';
    const inner = new Explainer();
    inner.value(type, given, { ...place, goType: goTypeOf(type) });
    this.hardError ??= inner.hardError ?? inner.firstError;
  }

  private bytes(given: JsonValue, place: Place): void {
    if (isList(given)) {
      for (const item of given) if (item !== null && !isByte(item)) this.mismatch(item, { ...place, goType: 'uint8' });
      return;
    }
    const at = typeof given === 'string' ? illegalBase64At(given) : undefined;
    if (typeof given !== 'string') this.mismatch(given, place);
    else if (at !== undefined) this.firstError ??= `illegal base64 data at input byte ${at}`;
  }

  private quantity(given: JsonValue): void {
    this.hardError = quantityProblem(typeof given === 'string' ? given.trim() : goJson(given));
  }

  private time(given: JsonValue, micro: boolean, place: Place): void {
    if (typeof given !== 'string') {
      this.hardMismatch(given, { ...place, goType: 'string' });
      return;
    }
    if ((micro ? parseMicroTime(given) : parseTime(given)) !== undefined) return;
    const layout = micro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    this.hardError = `parsing time ${quote(given)} as ${quote(layout)}: cannot parse ${timeRest(given, micro)}`;
  }

  private mismatch(given: JsonValue, place: Place): void {
    this.firstError ??= mismatchText(given, place);
  }

  private hardMismatch(given: JsonValue, place: Place): void {
    this.hardError ??= mismatchText(given, place);
  }
}

function mismatchText(given: JsonValue, { struct, path, goType }: Place): string {
  const where = struct === '' ? `Go value of type ${goType}` : `Go struct field ${struct}.${path} of type ${goType}`;
  return `json: cannot unmarshal ${valueText(given, goType)} into ${where}`;
}

function valueText(given: JsonValue, goType: string): string {
  const kind = jsonKind(given);
  return typeof given === 'number' && /^u?int\d+$/.test(goType) ? `${kind} ${goNumber(given)}` : kind;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Where base64 first goes wrong; undefined when it does not. Line breaks do not count. */
function illegalBase64At(text: string): number | undefined {
  const bad = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  const padding = text.indexOf('=');
  if (bad && (padding < 0 || bad.index < padding)) return bad.index;
  const clean = text.replace(/[\r\n]/g, '');
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(clean)) return undefined;
  if (padding < 0) return Math.floor(text.length / 4) * 4;
  return (text.length - padding) % 4 === 0 || padding % 4 < 2 ? padding : Math.min(padding + 1, text.length);
}

/** Go names the part of the layout that it could not find and what stands there instead. */
function timeRest(text: string, micro: boolean): string {
  const parts: readonly (readonly [string, RegExp])[] = [
    ['2006', /^\d{4}/],
    ['-', /^-/],
    ['01', /^\d\d/],
    ['-', /^-/],
    ['02', /^\d\d/],
    ['T', /^T/],
    ['15', /^\d\d/],
    [':', /^:/],
    ['04', /^\d\d/],
    [':', /^:/],
    ['05', micro ? /^\d\d/ : /^\d\d(?:\.\d+)?/],
    ...(micro ? ([['.000000', /^\.\d{6}/]] as const) : []),
    ['Z07:00', /^(?:Z|[+-]\d\d:\d\d)/],
  ];
  let rest = text;
  for (const [name, pattern] of parts) {
    const match = pattern.exec(rest);
    if (!match) return `${quote(rest)} as ${quote(name)}`;
    rest = rest.slice(match[0].length);
  }
  return rest === '' ? quote(text) : `extra text: ${quote(rest)}`;
}

/** The paths of keys that a JSON text gives twice in one object, in order; `value` is what JSON.parse made of it. */
export function duplicateFields(text: string, value: JsonValue): readonly string[] {
  if (keysWritten(text) === keysOf(value)) return [];
  const found: string[] = [];
  const levels: { readonly keys: Set<string> | undefined; name: string; index: number }[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  let last = '';
  for (const [match] of text.matchAll(token)) {
    const level = levels[levels.length - 1];
    if (match === '{') levels.push({ keys: new Set(), name: '', index: 0 });
    else if (match === '[') levels.push({ keys: undefined, name: '', index: 0 });
    else if (match === '}' || match === ']') levels.pop();
    else if (match === ',' && level) level.index++;
    else if (match === ':' && level?.keys) {
      level.name = unquote(last);
      if (level.keys.has(level.name) && found.length < problemsMax) {
        const path = levels.map(({ keys, name, index }) => (keys ? `.${name}` : `[${index}]`)).join('');
        found.push(`duplicate field ${quote(path.replace(/^\./, ''))}`);
      }
      level.keys.add(level.name);
    }
    last = match;
  }
  return found;
}

/** How many keys a well-formed JSON text gives. */
function keysWritten(text: string): number {
  let count = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quoteMark) quoted = !quoted;
    else if (unit === backslash) at++;
    else if (unit === colon && !quoted) count++;
  }
  return count;
}

/** How many keys there are in a value. */
function keysOf(value: JsonValue): number {
  let count = 0;
  if (isList(value)) for (const item of value) count += keysOf(item);
  else if (isObject(value)) for (const key in value) count += 1 + keysOf(value[key] ?? null);
  return count;
}

const [quoteMark, backslash, colon] = [34, 92, 58];

function unquote(text: string): string {
  const value: unknown = JSON.parse(text);
  return typeof value === 'string' ? value : '';
}
