// KYAML: YAML in braces, with quoted texts, that kubectl prints for `-o kyaml`.
import { isList, isObject } from '../../base/json.ts';
import { naturalOrder } from '../../base/yaml-emit.ts';
import { resolvesToText } from '../../base/yaml-resolve.ts';

/** `sorted`: by their names; otherwise keys stand as they are. */
export function formatKyaml(value: unknown, sorted = true): string {
  return `---\n${write(sorted ? inOrder(value) : value, '')}\n`;
}

function inOrder(value: unknown): unknown {
  if (isList(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort(naturalOrder);
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])]));
}

function write(value: unknown, margin: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return text(value, margin);
  if (isList(value)) return list(value, margin);
  if (!isObject(value)) return String(value);
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return '{}';
  const inner = `${margin}  `;
  const lines = keys.map((key) => `${inner}${keyText(key)}: ${write(value[key], inner)},\n`);
  return `{\n${lines.join('')}${margin}}`;
}

/** Objects in a list stand cuddled: `[{ … }, { … }]`. */
function list(items: readonly unknown[], margin: string): string {
  if (items.length === 0) return '[]';
  if (items.every((item) => isObject(item) || isList(item)))
    return `[${items.map((item) => write(item, margin)).join(', ')}]`;
  const inner = `${margin}  `;
  return `[\n${items.map((item) => `${inner}${write(item, inner)},\n`).join('')}${margin}]`;
}

/** Several lines stand one below the other; a backslash guards blanks that begin a line. */
function text(value: string, margin: string): string {
  if (!value.includes('\n')) return quoted(value);
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
  const shown = lines.map((line, index) => {
    const ends = index < lines.length - 1 || value.endsWith('\n');
    return `${margin}  ${/^[ \t]/.test(line) ? '\\' : ' '}${escaped(line)}${ends ? '\\n' : ''}\\\n`;
  });
  return `"\\\n${shown.join('')}${margin}  "`;
}

function quoted(value: string): string {
  return `"${escaped(value)}"`;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\0', '\\0'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\v', '\\v'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\x1b', '\\e'],
  ['\x85', '\\N'],
  ['\xa0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
  ['\ufeff', '\\ufeff'],
]);

/** As YAML's double quotes want it; tabs stay. */
function escaped(value: string): string {
  return value.replace(/["\\\p{Cc}\u00a0\u2028\u2029\ufeff]/gu, (found) => {
    const hex = (found.codePointAt(0) ?? 0).toString(16).padStart(2, '0');
    return found === '\t' ? found : (shortEscapes.get(found) ?? `\\x${hex}`);
  });
}

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.\-/]*$/.test(key) && resolvesToText(key) ? key : quoted(key);
}
