// jq's built-in functions.
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { formatDate } from '../text/date-format.ts';
import { compileRegex } from '../text/regex.ts';
import { type Filter, JqError } from './ast.ts';
import { assignPath, getPath, type Path } from './paths.ts';
import { arithmetic, compare, shown, typeName } from './values.ts';

export interface BuiltinCall {
  readonly name: string;
  readonly values: readonly Filter[];
  readonly input: JsonValue;
  readonly run: (filter: Filter, input: JsonValue) => Generator<JsonValue>;
  readonly paths: (filter: Filter, input: JsonValue) => Generator<Path>;
  readonly variables: ReadonlyMap<string, JsonValue>;
}

type Plain = (input: JsonValue) => JsonValue;

function list(value: JsonValue): readonly JsonValue[] {
  if (!isList(value)) throw new JqError(`Cannot iterate over ${value === null ? 'null' : shown(value)}`);
  return value;
}
function object(value: JsonValue): JsonObject {
  if (!isObject(value)) throw new JqError(`${shown(value)} has no keys`);
  return value;
}
function text(value: JsonValue, what: string): string {
  if (typeof value !== 'string') throw new JqError(`${shown(value)} ${what}`);
  return value;
}
function number(value: JsonValue): number {
  if (typeof value !== 'number') throw new JqError(`${shown(value)} number required`);
  return value;
}
const truth = (value: JsonValue) => value !== null && value !== false;
const values = (input: JsonValue) => (isObject(input) ? Object.values(input) : list(input));

function length(input: JsonValue): number {
  if (input === null) return 0;
  if (typeof input === 'string') return [...input].length;
  if (typeof input === 'number') return Math.abs(input);
  if (typeof input === 'boolean') throw new JqError(`${shown(input)} has no length`);
  return isList(input) ? input.length : Object.keys(input).length;
}

function entryKey(entry: JsonObject): string {
  const key = own(entry, 'key') ?? own(entry, 'k') ?? own(entry, 'name') ?? own(entry, 'Name') ?? null;
  return typeof key === 'string' ? key : JSON.stringify(key);
}

function fromEntries(input: JsonValue): JsonValue {
  return Object.fromEntries(
    list(input).map((entry) => [
      entryKey(object(entry)),
      own(object(entry), 'value') ?? own(object(entry), 'v') ?? null,
    ]),
  );
}

function flatten(input: JsonValue, depth: number): readonly JsonValue[] {
  return list(input).flatMap((item) => (isList(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

const plain: Readonly<Record<string, Plain>> = {
  length,
  not: (input) => !truth(input),
  keys: (input) => (isList(input) ? input.map((_, i) => i) : Object.keys(object(input)).sort()),
  keys_unsorted: (input) => (isList(input) ? input.map((_, i) => i) : Object.keys(object(input))),
  to_entries: (input) => Object.entries(object(input)).map(([key, value]) => ({ key, value })),
  from_entries: fromEntries,
  add: (input) => values(input).reduce<JsonValue>((sum, value) => arithmetic('+', sum, value), null),
  any: (input) => list(input).some(truth),
  all: (input) => list(input).every(truth),
  type: typeName,
  sort: (input) => [...list(input)].sort(compare),
  unique: (input) =>
    [...list(input)].sort(compare).filter((item, i, all) => i === 0 || compare(item, all[i - 1] ?? null) !== 0),
  reverse: (input) =>
    typeof input === 'string' ? [...input].reverse().join('') : input === null ? [] : [...list(input)].reverse(),
  min: (input) => [...list(input)].sort(compare)[0] ?? null,
  max: (input) => [...list(input)].sort(compare).at(-1) ?? null,
  first: (input) => list(input)[0] ?? null,
  last: (input) => list(input).at(-1) ?? null,
  flatten: (input) => flatten(input, Number.POSITIVE_INFINITY),
  floor: (input) => Math.floor(number(input)),
  ceil: (input) => Math.ceil(number(input)),
  round: (input) => Math.round(number(input)),
  fabs: (input) => Math.abs(number(input)),
  sqrt: (input) => Math.sqrt(number(input)),
  tostring: (input) => (typeof input === 'string' ? input : JSON.stringify(input)),
  tojson: (input) => JSON.stringify(input),
  fromjson: (input) => parseJson(text(input, 'only strings can be parsed')),
  tonumber: toNumber,
  ascii_downcase: (input) => text(input, 'cannot be lowercased').toLowerCase(),
  ascii_upcase: (input) => text(input, 'cannot be uppercased').toUpperCase(),
  trim: (input) => text(input, 'cannot be trimmed').trim(),
  explode: (input) => [...text(input, 'cannot be exploded')].map((char) => char.codePointAt(0) ?? 0),
  implode: (input) => String.fromCodePoint(...list(input).map(number)),
  transpose: (input) => {
    const rows = list(input).map(list);
    return Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) =>
      rows.map((row) => row[i] ?? null),
    );
  },
  todate: (input) => formatDate(number(input) * 1000, '%Y-%m-%dT%H:%M:%SZ'),
  fromdate: (input) => {
    const ms = Date.parse(text(input, 'cannot be parsed as a date'));
    if (Number.isNaN(ms)) throw new JqError(`date "${String(input)}" does not match format "%Y-%m-%dT%H:%M:%SZ"`);
    return Math.floor(ms / 1000);
  },
};

function toNumber(input: JsonValue): JsonValue {
  if (typeof input === 'number') return input;
  const value = typeof input === 'string' && input.trim() !== '' ? Number(input) : Number.NaN;
  if (Number.isNaN(value)) throw new JqError(`${shown(input)} cannot be parsed as a number`);
  return value;
}

function parseJson(source: string): JsonValue {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new JqError(`${error instanceof Error ? error.message : String(error)} (while parsing '${source}')`);
  }
}

const typeFilters: Readonly<Record<string, (type: string) => boolean>> = {
  strings: (type) => type === 'string',
  numbers: (type) => type === 'number',
  objects: (type) => type === 'object',
  arrays: (type) => type === 'array',
  booleans: (type) => type === 'boolean',
  nulls: (type) => type === 'null',
  values: (type) => type !== 'null',
  scalars: (type) => type !== 'object' && type !== 'array',
  iterables: (type) => type === 'object' || type === 'array',
};

export function* callBuiltin(call: BuiltinCall): Generator<JsonValue> {
  const { name, values: given, input } = call;
  if (given.length === 0) {
    const run = Object.hasOwn(plain, name) ? plain[name] : undefined;
    const filter = Object.hasOwn(typeFilters, name) ? typeFilters[name] : undefined;
    if (name === 'env') yield call.variables.get('$ENV') ?? {};
    else if (name === 'error')
      throw new JqError(typeof input === 'string' ? input : `${JSON.stringify(input)} (not a string)`);
    else if (run) yield run(input);
    else if (name.startsWith('@')) yield formatText(name, input);
    else if (!filter) throw new JqError(`${name}/0 is not defined`);
    else if (filter(typeName(input))) yield input;
    return;
  }
  if (yield* withFilters(call)) return;
  const [first, second] = given;
  const argument = function* (filter: Filter | undefined) {
    if (filter) yield* call.run(filter, input);
  };
  for (const a of argument(first)) {
    if (name === 'range' && !second) yield* withTwo(name, { input, a: 0, b: a });
    else if (!second) yield withValue(name, input, a);
    else for (const b of argument(second)) yield* withTwo(name, { input, a, b });
  }
}

/** Functions whose arguments run on something else than the input. True when `name` was one of them. */
function* withFilters({ name, values: given, input, run, paths }: BuiltinCall): Generator<JsonValue, boolean> {
  const [first, second] = given;
  if (!first) return false;
  const each = (item: JsonValue) => [...run(first, item)];
  const keyed = () =>
    list(input)
      .map((item) => ({ item, key: each(item) }))
      .sort((a, b) => compare(a.key, b.key));
  const groups = () => {
    const result: { key: JsonValue; items: JsonValue[] }[] = [];
    for (const { item, key } of keyed()) {
      const last = result.at(-1);
      if (last && compare(last.key, key) === 0) last.items.push(item);
      else result.push({ key, items: [item] });
    }
    return result;
  };
  if (name === 'map') yield values(input).flatMap(each);
  else if (name === 'map_values')
    yield isList(input)
      ? input.flatMap((item) => each(item).slice(0, 1))
      : Object.fromEntries(
          Object.entries(object(input)).flatMap(([key, item]) =>
            each(item)
              .slice(0, 1)
              .map((value) => [key, value]),
          ),
        );
  else if (name === 'with_entries')
    yield fromEntries(Object.entries(object(input)).flatMap(([key, value]) => each({ key, value })));
  else if (name === 'sort_by') yield keyed().map(({ item }) => item);
  else if (name === 'group_by') yield groups().map(({ items }) => items);
  else if (name === 'unique_by') yield groups().map(({ items }) => items[0] ?? null);
  else if (name === 'min_by') yield keyed()[0]?.item ?? null;
  else if (name === 'max_by') yield keyed().at(-1)?.item ?? null;
  else if (name === 'any' && !second) yield values(input).some((item) => each(item).some(truth));
  else if (name === 'all' && !second) yield values(input).every((item) => each(item).every(truth));
  else if (name === 'add') yield each(input).reduce<JsonValue>((sum, value) => arithmetic('+', sum, value), null);
  else if (name === 'del')
    yield [...paths(first, input)]
      .sort(compare)
      .reverse()
      .reduce((value, path) => assignPath(value, path, undefined), input);
  else if (name === 'path') yield* paths(first, input);
  else if (name === 'isempty') yield each(input).length === 0;
  else if (name === 'limit' && second) yield* [...run(second, input)].slice(0, Number(each(input)[0] ?? 0));
  else if (name === 'last') yield each(input).at(-1) ?? null;
  else return false;
  return true;
}

function withValue(name: string, input: JsonValue, a: JsonValue): JsonValue {
  switch (name) {
    case 'has':
      return isList(input) ? Number(a) < input.length && Number(a) >= 0 : own(object(input), String(a)) !== undefined;
    case 'in':
      return isList(a) ? Number(input) < a.length : own(object(a), String(input)) !== undefined;
    case 'join':
      return list(input)
        .map((item) => (item === null ? '' : typeof item === 'string' ? item : JSON.stringify(item)))
        .join(text(a, 'cannot be used as a separator'));
    case 'split':
      return input === '' ? [] : text(input, 'cannot be split').split(text(a, 'cannot be used to split'));
    case 'test':
      return matcher(a).match(text(input, 'cannot be matched, as it is not a string')) !== undefined;
    case 'startswith':
      return text(input, 'startswith() requires string inputs').startsWith(
        text(a, 'startswith() requires string inputs'),
      );
    case 'endswith':
      return text(input, 'endswith() requires string inputs').endsWith(text(a, 'endswith() requires string inputs'));
    case 'ltrimstr':
      return typeof input === 'string' && typeof a === 'string' && input.startsWith(a) ? input.slice(a.length) : input;
    case 'rtrimstr':
      return typeof input === 'string' && typeof a === 'string' && a !== '' && input.endsWith(a)
        ? input.slice(0, -a.length)
        : input;
    case 'contains':
      return contains(input, a);
    case 'inside':
      return contains(a, input);
    case 'index':
      return typeof input === 'string'
        ? nullIfNegative(input.indexOf(String(a)))
        : nullIfNegative(list(input).findIndex((item) => compare(item, a) === 0));
    case 'flatten':
      return flatten(input, number(a));
    case 'getpath':
      return getPath(input, list(a));
    case 'error':
      throw new JqError(typeof a === 'string' ? a : `${JSON.stringify(a)} (not a string)`);
    case 'strftime':
      return formatDate(number(input) * 1000, text(a, 'strftime/1 requires a string format'));
    default:
      throw new JqError(`${name}/1 is not defined`);
  }
}

function nullIfNegative(at: number): JsonValue {
  return at < 0 ? null : at;
}

const rangeMax = 1_000_000;

function* withTwo(
  name: string,
  { input, a, b }: { readonly input: JsonValue; readonly a: JsonValue; readonly b: JsonValue },
): Generator<JsonValue> {
  if (name === 'range') for (let i = number(a), n = 0; i < number(b) && n < rangeMax; i++, n++) yield i;
  else if (name === 'test')
    yield matcher(a, String(b)).match(text(input, 'cannot be matched, as it is not a string')) !== undefined;
  else if (name === 'setpath') yield assignPath(input, list(a), b);
  else if (name === 'sub' || name === 'gsub')
    yield substitute(text(input, 'cannot be matched, as it is not a string'), a, {
      by: text(b, 'cannot be used as replacement'),
      all: name === 'gsub',
    });
  else throw new JqError(`${name}/2 is not defined`);
}

/** jq's expressions are Perl's; those beyond POSIX's extended ones are refused by the parser. */
function matcher(pattern: JsonValue, flags = '') {
  const source = text(pattern, 'cannot be matched, as it is not a string')
    .replaceAll('\\d', '[0-9]')
    .replaceAll('(?:', '(');
  return compileRegex(source, { extended: true, ignoreCase: flags.includes('i') });
}

function substitute(
  input: string,
  pattern: JsonValue,
  { by, all }: { readonly by: string; readonly all: boolean },
): string {
  const regex = matcher(pattern);
  let result = '';
  let copied = 0;
  for (let at = 0; at <= input.length; ) {
    const found = regex.match(input, at);
    if (!found) break;
    const whole = found.groups[0] ?? '';
    result += input.slice(copied, found.index) + by;
    copied = found.index + whole.length;
    if (!all) break;
    at = whole === '' ? copied + 1 : copied;
  }
  return result + input.slice(copied);
}

function contains(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
  if (isList(a) && isList(b))
    return b.every((wanted) => a.some((item) => typeName(item) === typeName(wanted) && contains(item, wanted)));
  if (isObject(a) && isObject(b))
    return Object.entries(b).every(
      ([key, wanted]) => own(a, key) !== undefined && contains(own(a, key) ?? null, wanted),
    );
  if (typeName(a) !== typeName(b))
    throw new JqError(`${shown(a)} and ${shown(b)} cannot have their containment checked`);
  return compare(a, b) === 0;
}

/** @base64, @csv and their like. */
export function formatText(format: string, value: JsonValue): string {
  const plainText = typeof value === 'string' ? value : JSON.stringify(value);
  const cells = (quote: (item: string) => string, separator: string) =>
    list(value)
      .map((item) => (typeof item === 'string' ? quote(item) : item === null ? '' : JSON.stringify(item)))
      .join(separator);
  switch (format) {
    case '@text':
      return plainText;
    case '@json':
      return JSON.stringify(value);
    case '@base64':
      return encodeBase64(encodeUtf8(plainText));
    case '@base64d':
      return decodeUtf8(decodeBase64(plainText.padEnd(Math.ceil(plainText.length / 4) * 4, '=')) ?? new Uint8Array());
    case '@csv':
      return cells((item) => `"${item.replaceAll('"', '""')}"`, ',');
    case '@tsv':
      return cells((item) => item.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n'), '\t');
    case '@html':
      return plainText.replace(
        /[&<>'"]/g,
        (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;' })[char] ?? '&quot;',
      );
    case '@uri':
      return encodeURIComponent(plainText).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      );
    case '@sh':
      return (isList(value) ? value : [value])
        .map((item) => (typeof item === 'string' ? `'${item.replaceAll("'", "'\\''")}'` : JSON.stringify(item)))
        .join(' ');
    default:
      throw new JqError(`${format.slice(1)} is not a valid format`);
  }
}
