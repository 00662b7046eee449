// The functions that Go templates have by themselves.
import { encodeUtf8 } from '../bytes.ts';
import { isList, isObject } from '../json.ts';
import { goText } from './format.ts';
import { sprintf } from './sprintf.ts';
import { isNumberConstant, isTrue, numberOf, type TemplateValue, typeName } from './template-values.ts';
import { escapeQuery } from './url.ts';

/** What a function says of its arguments; `typeMismatch` ones stand without `error calling NAME: `. */
export class FunctionError extends Error {
  override name = 'FunctionError';
  constructor(
    message: string,
    readonly typeMismatch = false,
  ) {
    super(message);
  }
}

export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  readonly run: (args: readonly TemplateValue[]) => TemplateValue;
}

const unlimited = Number.POSITIVE_INFINITY;

export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { min: 1, max: unlimited, run: (args) => args.at(-1) }],
  ['or', { min: 1, max: unlimited, run: (args) => args.at(-1) }],
  ['not', { min: 1, max: 1, run: ([value]) => !isTrue(value) }],
  ['call', { min: 1, max: unlimited, run: () => refuse('call of nil') }],
  ['index', { min: 1, max: unlimited, run: ([item, ...keys]) => keys.reduce((value, key) => index(value, key), item) }],
  ['slice', { min: 1, max: 4, run: ([item, ...bounds]) => slice(item, bounds) }],
  ['len', { min: 1, max: 1, run: ([value]) => constant(length(value)) }],
  ['print', { min: 0, max: unlimited, run: (args) => print(args) }],
  ['println', { min: 0, max: unlimited, run: (args) => `${args.map(plainText).join(' ')}\n` }],
  [
    'printf',
    {
      min: 1,
      max: unlimited,
      run: ([format, ...args]) => sprintf(textArgument(format), args.map(bare), args.map(typeName)),
    },
  ],
  ['html', { min: 0, max: unlimited, run: (args) => escapeHtml(print(args)) }],
  ['js', { min: 0, max: unlimited, run: (args) => escapeJs(print(args)) }],
  ['urlquery', { min: 0, max: unlimited, run: (args) => escapeQuery(print(args)) }],
  ['eq', { min: 1, max: unlimited, run: (args) => equalToAny(args) }],
  ['ne', { min: 2, max: 2, run: ([a, b]) => !equal(a, b) }],
  ['lt', { min: 2, max: 2, run: ([a, b]) => less(a, b) }],
  ['le', { min: 2, max: 2, run: ([a, b]) => less(a, b) || equal(a, b) }],
  ['gt', { min: 2, max: 2, run: ([a, b]) => !less(a, b) && !equal(a, b) }],
  ['ge', { min: 2, max: 2, run: ([a, b]) => !less(a, b) }],
]);

function refuse(message: string): never {
  throw new FunctionError(message);
}

function constant(number: number): TemplateValue {
  return Object.freeze({ number, type: 'int' });
}

function bare(value: TemplateValue): unknown {
  return isNumberConstant(value) ? value.number : value;
}

function plainText(value: TemplateValue): string {
  return goText(bare(value));
}

/** An argument that has to be a text. */
export function textArgument(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) throw new FunctionError('invalid value; expected string', true);
  throw new FunctionError(`wrong type for value; expected string; got ${typeName(value)}`, true);
}

/** fmt.Sprint: a blank between two operands where neither is a text. */
function print(args: readonly TemplateValue[]): string {
  return args
    .map((arg, i) => (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') + plainText(arg))
    .join('');
}

function length(value: TemplateValue): number {
  if (typeof value === 'string') return encodeUtf8(value).length;
  if (isList(value)) return value.length;
  if (isObject(value) && numberOf(value) === undefined) return Object.keys(value).length;
  return refuse(
    value === undefined || value === null
      ? 'reflect: call of reflect.Value.Type on zero Value'
      : `len of type ${typeName(value)}`,
  );
}

function index(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (value === undefined || value === null) return refuse('index of untyped nil');
  const number = numberOf(key);
  if (isList(value) || typeof value === 'string') {
    if (number === undefined)
      return refuse(
        key === undefined || key === null
          ? 'cannot index slice/array with nil'
          : `cannot index slice/array with type ${typeName(key)}`,
      );
    if (number < 0 || number >= value.length) return refuse(`index out of range: ${number}`);
    return typeof value === 'string' ? constant(value.charCodeAt(number)) : value[number];
  }
  if (isObject(value) && numberOf(value) === undefined) {
    if (typeof key !== 'string') return refuse(`value has type ${typeName(key)}; should be string`);
    return Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return refuse(`can't index item of type ${typeName(value)}`);
}

function slice(value: TemplateValue, bounds: readonly TemplateValue[]): TemplateValue {
  if (!isList(value) && typeof value !== 'string')
    return refuse(
      value === undefined || value === null ? 'slice of untyped nil' : `can't slice item of type ${typeName(value)}`,
    );
  const [from = 0, to = value.length] = bounds.map((bound) => {
    const number = numberOf(bound);
    if (number === undefined) return refuse(`cannot index slice/array with type ${typeName(bound)}`);
    if (number < 0 || number > value.length) return refuse(`index out of range: ${number}`);
    return number;
  });
  if (from > to) return refuse(`invalid slice index: ${from} > ${to}`);
  return value.slice(from, to);
}

type Basic = 'bool' | 'int' | 'float' | 'string';

function basic(value: TemplateValue): Basic | undefined {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (isNumberConstant(value)) return value.type === 'int' ? 'int' : 'float';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return undefined;
}

function equalToAny([first, ...rest]: readonly TemplateValue[]): boolean {
  if (rest.length === 0) return refuse('missing argument for comparison');
  return rest.some((value) => equal(first, value));
}

function equal(a: TemplateValue, b: TemplateValue): boolean {
  const left = basic(a);
  const right = basic(b);
  const nothing = (value: TemplateValue) => value === null || value === undefined;
  if (nothing(a) || nothing(b)) return nothing(a) && nothing(b);
  if (left !== right) return refuse(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  if (left === undefined) return refuse(`non-comparable type ${goText(a)}: ${typeName(a)}`);
  return bare(a) === bare(b);
}

function less(a: TemplateValue, b: TemplateValue): boolean {
  const left = basic(a);
  const right = basic(b);
  if (left === undefined || right === undefined) return refuse('invalid type for comparison');
  if (left !== right) return refuse(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  if (left === 'bool') return refuse('invalid type for comparison');
  return (numberOf(a) ?? 0) < (numberOf(b) ?? 0);
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeHtml(written: string): string {
  return written.replaceAll('\0', '\uFFFD').replace(/[<>&"']/g, (found) => htmlEscapes[found] ?? found);
}

const jsEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

function escapeJs(written: string): string {
  return written.replace(/[\\'"<>&=]|[^ -\u{10ffff}]/gu, (found) => {
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return jsEscapes[found] ?? `\\u${code}`;
  });
}
