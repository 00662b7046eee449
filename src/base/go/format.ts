// Values as Go's fmt package prints them: %v and %#v of decoded JSON.
import { isList, isObject } from '../json.ts';
import { byBytes } from '../text-order.ts';
import { quote } from './quote.ts';

/** %v: `map[a:1 b:[x y]]`, `<nil>` */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return goNumber(value);
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value))
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${goText(value[key])}`)
      .join(' ')}]`;
  return String(value);
}

/** %#v: `map[string]interface {}{"a":1, "b":[]interface {}{"x"}}` */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return goNumber(value);
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value))
    return `map[string]interface {}{${sortedKeys(value)
      .map((key) => `${quote(key)}:${goSyntax(value[key])}`)
      .join(', ')}}`;
  return String(value);
}

/** A number as encoding/json and %v write it: exponents have two digits. */
export function goNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function sortedKeys(value: object): readonly string[] {
  return Object.keys(value).sort(byBytes);
}
