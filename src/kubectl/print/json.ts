// JSON as Go's encoding/json writes it: sorted keys, HTML characters escaped.
import { isList, isObject } from '../../base/json.ts';

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
  if (typeof value === 'number') return formatNumber(value);
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

/** Go's float format: integers in full, exponents below 1e-6 and from 1e21. */
export function formatNumber(value: number): string {
  return String(value)
    .replace(/e([+-])(\d)$/, 'e$10$2')
    .replace(/e\+0?(\d+)/, (_, digits: string) => `e+${digits.padStart(2, '0')}`);
}

/** Order of Go's sort of strings: by UTF-8 bytes, which is by code point. */
export function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; ; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (Number.isNaN(x)) return -1;
    if (Number.isNaN(y)) return 1;
    const surrogates = (x >= 0xd800 && x <= 0xdfff) !== (y >= 0xd800 && y <= 0xdfff);
    return surrogates ? ((a.codePointAt(i) ?? 0) < (b.codePointAt(i) ?? 0) ? -1 : 1) : x < y ? -1 : 1;
  }
}
