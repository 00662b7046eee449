// KYAML: YAML in braces, with quoted texts, that kubectl prints for `-o kyaml`.
import { isList, isObject } from '../../base/json.ts';
import { naturalOrder } from '../../base/yaml-emit.ts';
import { resolvesToText } from '../../base/yaml-resolve.ts';

/** How the keys of an object stand. */
type Order = (keys: readonly string[]) => readonly string[];

/** `sorted`: by their names; otherwise keys stand as they are. */
export function formatKyaml(value: unknown, sorted = true): string {
  const order: Order = sorted ? (keys) => [...keys].sort(naturalOrder) : (keys) => keys;
  return `---\n${write(value, '', order)}\n`;
}

function write(value: unknown, margin: string, order: Order): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return text(value, margin);
  if (isList(value)) return list(value, margin, order);
  if (!isObject(value)) return String(value);
  const keys = order(Object.keys(value).filter((key) => value[key] !== undefined));
  if (keys.length === 0) return '{}';
  const inner = `${margin}  `;
  const lines = keys.map((key) => `${inner}${keyText(key)}: ${write(value[key], inner, order)},\n`);
  return `{\n${lines.join('')}${margin}}`;
}

/** Objects in a list stand cuddled: `[{ … }, { … }]`. */
function list(items: readonly unknown[], margin: string, order: Order): string {
  if (items.length === 0) return '[]';
  if (items.every((item) => isObject(item) || isList(item)))
    return `[${items.map((item) => write(item, margin, order)).join(', ')}]`;
  const inner = `${margin}  `;
  return `[\n${items.map((item) => `${inner}${write(item, inner, order)},\n`).join('')}${margin}]`;
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

/** Words that some reader of YAML or of Go takes for something else than text. */
const ambiguous = /^(y|n|t|f|yes|no|on|off|true|false|null|inf|infinity|nan)$/i;

function keyText(key: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/.test(key) && resolvesToText(key) && !ambiguous.test(key);
  return plain ? key : quoted(key);
}
