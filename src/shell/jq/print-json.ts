// jq's output: JSON as it was, sorted, in ASCII alone, on one line, or in colours.
import { isList, isObject, type JsonValue } from '../../base/json.ts';

export interface JsonForm {
  readonly compact: boolean;
  readonly sortKeys: boolean;
  /** Other characters as `\\uXXXX`. */
  readonly ascii: boolean;
  readonly indent: number | '\t';
}

export function printJson(value: JsonValue, { compact, sortKeys, ascii, indent }: JsonForm): string {
  const text = JSON.stringify(sortKeys ? sorted(value) : value, null, compact ? undefined : indent);
  return ascii ? escaped(text) : text;
}

function sorted(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

function escaped(text: string): string {
  // One UTF-16 unit at a time: what is beyond becomes two.
  return text.replace(/[^ -~\s]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const colors = { null: '1;30', plain: '0;39', text: '0;32', container: '1;39', key: '34;1' } as const;
const reset = '\x1b[0m';
const paint = (color: keyof typeof colors): string => `\x1b[${colors[color]}m`;

/** Each piece in the colour of its type, with the codes where jq 1.7 sets them. */
export function printColored(value: JsonValue, form: JsonForm): string {
  return colored(form.sortKeys ? sorted(value) : value, form, 0);
}

function colored(value: JsonValue, form: JsonForm, depth: number): string {
  const leaf = (item: JsonValue): string => printJson(item, { ...form, compact: true });
  if (!isList(value) && !isObject(value)) {
    const color = value === null ? 'null' : typeof value === 'string' ? 'text' : 'plain';
    return paint(color) + leaf(value) + reset;
  }
  const frame = paint('container');
  const space = form.indent === '\t' ? '\t' : ' '.repeat(form.indent);
  const isWide = !form.compact && form.indent !== 0;
  const line = (level: number): string => (isWide ? `\n${space.repeat(level)}` : '');
  if (isList(value)) {
    if (value.length === 0) return `${frame}[]${reset}`;
    const items = value.map(
      (item, i) => `${i > 0 ? `${frame},` : ''}${line(depth + 1)}${colored(item, form, depth + 1)}`,
    );
    return `${frame}[${items.join('')}${frame}${line(depth)}${frame}]${reset}`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return `${frame}{}${reset}`;
  const fields = entries.map(([key, item], i) => {
    const name = `${reset}${paint('key')}${leaf(key)}${reset}`;
    const colon = `${frame}:${isWide ? ' ' : ''}${reset}`;
    return `${i > 0 ? ',' : ''}${line(depth + 1)}${name}${colon}${colored(item, form, depth + 1)}${frame}`;
  });
  return `${frame}{${fields.join('')}${line(depth)}${frame}}${reset}`;
}
