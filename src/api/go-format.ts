// Values as Go's encoding/json writes them: messages of the API show values so.
import { goNumber } from '../base/go/format.ts';
import { isList, isObject, type JsonValue } from '../base/json.ts';

/** encoding/json of a value: maps sorted by key, `<`, `>` and `&` escaped as Go does. */
export function goJson(value: JsonValue | undefined): string {
  if (typeof value === 'string') return jsonText(value);
  if (typeof value === 'number') return goNumber(value);
  if (isList(value)) return `[${value.map(goJson).join(',')}]`;
  if (!isObject(value)) return String(value ?? null);
  const object = value;
  const keys = Object.keys(object).filter((key) => object[key] !== undefined);
  return `{${keys
    .sort(compareText)
    .map((key) => `${jsonText(key)}:${goJson(object[key])}`)
    .join(',')}}`;
}

/** encoding/json of a value whose keys are in their order already. */
export function jsonText(value: JsonValue): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => jsonEscapes[character] ?? character);
}

/** By code point, as Go sorts strings. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const jsonEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};
