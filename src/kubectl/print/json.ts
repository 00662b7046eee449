// JSON as Go's encoding/json writes it: sorted keys, HTML characters escaped.
import { goNumber } from '../../base/go/format.ts';
import { isList, isObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';

/** Keys are sorted unless `sorted` is false. Default indentation: four blanks, as kubectl prints. */
export function formatJson(
  value: unknown,
  options: { readonly indent?: string; readonly sorted?: boolean } = {},
): string {
  const { indent = '    ', sorted = false } = options;
  return write(value, { indent, sorted, margin: indent === '' ? '' : '\n' });
}

interface Style {
  readonly indent: string;
  readonly sorted: boolean;
  readonly margin: string;
}

function write(value: unknown, style: Style): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quoteJson(value);
  if (typeof value === 'number') return goNumber(value);
  if (typeof value === 'boolean') return String(value);
  const inner = { ...style, margin: style.margin + style.indent };
  const space = style.indent === '' ? '' : ' ';
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return `[${inner.margin}${value.map((item) => write(item, inner)).join(`,${inner.margin}`)}${style.margin}]`;
  }
  if (!isObject(value)) return 'null';
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (style.sorted) keys.sort(byBytes);
  if (keys.length === 0) return '{}';
  const fields = keys.map((key) => `${quoteJson(key)}:${space}${write(value[key], inner)}`);
  return `{${inner.margin}${fields.join(`,${inner.margin}`)}${style.margin}}`;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A JSON string with <, >, & and the two line separators escaped. */
export function quoteJson(text: string): string {
  if (!/[^ -\u{10ffff}]|["\\<>&\u2028\u2029]/u.test(text)) return `"${text}"`;
  return `"${text.replace(/[^ -\u{10ffff}]|["\\<>&\u2028\u2029]/gu, (found) => {
    return escapes[found] ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  })}"`;
}
