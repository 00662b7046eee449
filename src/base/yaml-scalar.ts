// YAML text scalars in go-yaml v2's (libyaml's) choice of style: plain, 'single', "double" or | block, folded at 80.
import { resolvesToText } from './yaml-resolve.ts';

interface Place {
  /** Indentation of the mapping or list that holds it. */
  readonly indent: number;
  /** Column at which it begins, for folding. */
  readonly column: number;
  /** It is a key: one line. */
  readonly key?: boolean;
}

const widthMax = 80;

export function emitScalar(text: string, place: Place): string {
  const { plain, single, block } = analyze(text);
  const wantsBlock = text.includes('\n');
  const wantsPlain = !wantsBlock && resolvesToText(text);
  if (wantsBlock && block && !place.key) return literal(text, place.indent + 2);
  if (wantsPlain && plain && text !== '') return fold(text, place);
  if (wantsPlain && single) return singleQuoted(text, place);
  return doubleQuoted(text, place);
}

/** Which styles can hold a text. */
function analyze(text: string): { readonly plain: boolean; readonly single: boolean; readonly block: boolean } {
  const special = /[^\n\x20-\x7e\x85\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(text);
  const spaceBreak = / [\n\x85\u2028\u2029]/.test(text);
  const breakSpace = /[\n\x85\u2028\u2029] /.test(text);
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const indicators =
    /^(---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[-?:](\s|$)/.test(text) ||
    /:(\s|$)/.test(text) ||
    /\s#/.test(text);
  const breaks = /[\n\x85\u2028\u2029]/.test(text);
  return {
    plain: !special && !spaceBreak && !breakSpace && !edges && !indicators && !breaks,
    single: !special && !spaceBreak && !breakSpace,
    block: !special && !spaceBreak && !text.endsWith(' '),
  };
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = text.endsWith('\n') ? (text === '\n' || text.endsWith('\n\n') ? '+' : '') : '-';
  const pad = ' '.repeat(indent);
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`;
}

/** Breaks at a single blank once the line is longer than 80. */
function fold(text: string, { indent, column, key }: Place): string {
  if (key || column + text.length <= widthMax) return text;
  const pad = `\n${' '.repeat(indent + 2)}`;
  let out = '';
  let at = column;
  let spaces = false;
  for (let i = 0; i < text.length; i++) {
    const here = text.charAt(i);
    const inner = i > 0 && i < text.length - 1;
    if (here === ' ' && !spaces && at > widthMax && inner && text[i + 1] !== ' ') {
      out += pad;
      at = indent + 2;
      spaces = true;
      continue;
    }
    out += here;
    if (!isTrailingSurrogate(here)) at++;
    spaces = here === ' ';
  }
  return out;
}

function singleQuoted(text: string, place: Place): string {
  if (!text.includes('\n')) {
    return `'${fold(text.replaceAll("'", "''"), { ...place, column: place.column + 1 })}'`;
  }
  return `'${text.replaceAll("'", "''").replaceAll('\n', `\n\n${' '.repeat(place.indent + 2)}`)}'`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string, { indent, column, key }: Place): string {
  const pad = `\n${' '.repeat(indent + 2)}`;
  const runes = [...text];
  let out = '"';
  let at = column + 1;
  let spaces = false;
  runes.forEach((rune, i) => {
    if (rune === ' ' && !key && !spaces && at > widthMax && i > 0 && i < runes.length - 1) {
      out += pad;
      at = indent + 2;
      if (runes[i + 1] === ' ') {
        out += '\\';
        at++;
      }
      spaces = true;
      return;
    }
    const written = escapeRune(rune);
    out += written;
    at += written.length > 2 || written.startsWith('\\') ? written.length : 1;
    spaces = rune === ' ';
  });
  return `${out}"`;
}

function escapeRune(rune: string): string {
  const short = shortEscapes[rune];
  if (short !== undefined) return short;
  const code = rune.codePointAt(0) ?? 0;
  if (
    code === 0xfeff ||
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xd800 && code < 0xe000) ||
    code > 0xfffd
  ) {
    if (code <= 0xff) return `\\x${hex(code, 2)}`;
    if (code <= 0xffff) return `\\u${hex(code, 4)}`;
    return `\\U${hex(code, 8)}`;
  }
  return rune;
}

function hex(code: number, width: number): string {
  return code.toString(16).toUpperCase().padStart(width, '0');
}

function isTrailingSurrogate(unit: string): boolean {
  return unit >= '\udc00' && unit <= '\udfff';
}
