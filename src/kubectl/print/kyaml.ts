// KYAML: YAML in braces, with quoted texts, that kubectl prints for `-o kyaml`.
import { isList, isObject } from '../../base/json.ts';
import { naturalOrder } from '../../base/yaml-emit.ts';
import { resolvesToText } from '../../base/yaml-resolve.ts';
import { quoteGo } from '../flag-values.ts';

export function formatKyaml(value: unknown): string {
  return `---\n${write(value, '')}\n`;
}

function write(value: unknown, margin: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quoteGo(value);
  if (isList(value)) return list(value, margin);
  if (!isObject(value)) return String(value);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort(naturalOrder);
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

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_.\-/]*$/.test(key) && resolvesToText(key) ? key : quoteGo(key);
}
