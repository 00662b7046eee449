// JSON values as YAML in go-yaml v2's style, which kubectl prints: sorted keys, two blanks, block text for lines.
import { isList, isObject } from './json.ts';
import { emitScalar } from './yaml-scalar.ts';

/** The YAML of a value, with a line break at its end. */
export function emitYaml(value: unknown): string {
  if (isList(value) && value.length > 0) return emitList(value, 0);
  if (isObject(value) && hasKeys(value)) return emitMap(value, 0);
  return `${inline(value, -2, 0)}\n`;
}

function emitMap(object: Readonly<Record<string, unknown>>, indent: number): string {
  const pad = ' '.repeat(indent);
  let text = '';
  for (const key of Object.keys(object).sort(naturalOrder)) {
    const value = object[key];
    if (value === undefined) continue;
    const name =
      key.length > 128 || key.includes('\n')
        ? `? ${emitScalar(key, { indent, column: indent, key: true })}\n${pad}`
        : emitScalar(key, { indent, column: indent, key: true });
    text += `${pad}${name}:${after(value, indent, indent + name.length + 2)}`;
  }
  return text;
}

function emitList(list: readonly unknown[], indent: number): string {
  const pad = ' '.repeat(indent);
  return list
    .map((item) => {
      if (isObject(item) && hasKeys(item)) return `${pad}- ${emitMap(item, indent + 2).slice(indent + 2)}`;
      if (isList(item) && item.length > 0) return `${pad}- ${emitList(item, indent + 2).slice(indent + 2)}`;
      return `${pad}- ${inline(item, indent, indent + 2)}\n`;
    })
    .join('');
}

/** What follows `key:`. Lists stand at their key's own indentation. */
function after(value: unknown, indent: number, column: number): string {
  if (isObject(value) && hasKeys(value)) return `\n${emitMap(value, indent + 2)}`;
  if (isList(value) && value.length > 0) return `\n${emitList(value, indent)}`;
  return ` ${inline(value, indent, column)}\n`;
}

function inline(value: unknown, indent: number, column: number): string {
  if (value === null || value === undefined) return 'null';
  if (isList(value)) return '[]';
  if (isObject(value)) return '{}';
  if (typeof value === 'number') return number(value);
  return typeof value === 'string' ? emitScalar(value, { indent, column }) : String(value);
}

function hasKeys(object: Readonly<Record<string, unknown>>): boolean {
  for (const key in object) if (object[key] !== undefined) return true;
  return false;
}

function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** go-yaml's order of keys: digits as numbers, letters after everything else. */
export function naturalOrder(a: string, b: string): number {
  const x = [...a];
  const y = [...b];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const left = x[i] ?? '';
    const right = y[i] ?? '';
    if (left === right) continue;
    const leftLetter = letter.test(left);
    const rightLetter = letter.test(right);
    if (leftLetter && rightLetter) return order(left, right);
    if (leftLetter || rightLetter) return rightLetter ? -1 : 1;
    const leftDigits = digitsAt(x, i);
    const rightDigits = digitsAt(y, i);
    const lead = (left === '0' || right === '0') && afterNonZeroDigit(x, i) ? '1' : '0';
    const difference = BigInt(lead + leftDigits) - BigInt(lead + rightDigits);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
    if (leftDigits.length !== rightDigits.length) return leftDigits.length - rightDigits.length;
    return order(left, right);
  }
  return x.length - y.length;
}

const letter = /\p{L}/u;

function order(a: string, b: string): number {
  return (a.codePointAt(0) ?? 0) < (b.codePointAt(0) ?? 0) ? -1 : 1;
}

function digitsAt(runes: readonly string[], start: number): string {
  let end = start;
  while (end < runes.length && /[0-9]/.test(runes[end] ?? '')) end++;
  return runes.slice(start, end).join('');
}

function afterNonZeroDigit(runes: readonly string[], at: number): boolean {
  for (let i = at - 1; i >= 0 && /[0-9]/.test(runes[i] ?? ''); i--) if (runes[i] !== '0') return true;
  return false;
}
