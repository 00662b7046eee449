// Values as Go prints them: %q for strings, encoding/json for the rest. Messages of the API quote values so.
import { isList, isObject, type JsonValue } from '../base/json.ts';

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** Go's strconv.Quote: `a"b` becomes `"a\"b"`; what cannot be printed becomes \x.., \u.... or \U......... */
export function quote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let quoted = '';
  for (const character of text)
    quoted += escapes[character] ?? (isPrintable(character) ? character : escapeRune(character));
  return `"${quoted}"`;
}

/** Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrintable(character: string): boolean {
  return character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

/** encoding/json of a value: maps sorted by key, `<`, `>` and `&` escaped as Go does. */
export function goJson(value: JsonValue | undefined): string {
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'number') return goNumber(value);
  if (isList(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isObject(value)) return String(value ?? null);
  const object = value;
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  return `{${keys
    .sort(compareText)
    .map((key) => `${jsonString(key)}:${goJson(object[key])}`)
    .join(',')}}`;
}

/** By code point, as Go sorts strings. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A number as encoding/json and %v write it: exponents have two digits. */
export function goNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function escapeRune(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code >= 0xd800 && code < 0xe000) return '\\ufffd';
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

const jsonEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
function jsonString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (character) => jsonEscapes[character] ?? character);
}
