// Reads what stands for one character in a regular expression: `[^a-z\d]`, `\w`, `\pL`, `\x41`.
import { type CharacterSet, fail } from './regexp-syntax.ts';

/** Whether upper and lower case are the same. */
export interface Folding {
  readonly i: boolean;
}

type Ranges = CharacterSet['ranges'];

const perl: Readonly<Record<string, Ranges>> = {
  d: [[48, 57]],
  s: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
};

const posix: Readonly<Record<string, Ranges>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: [[48, 57]],
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

/** The set that begins with `[` at `start`. Throws GoRegexpError. */
export function parseSet(
  pattern: string,
  start: number,
  flags: Folding,
): { readonly set: CharacterSet; readonly end: number } {
  let at = start + 1;
  const negated = pattern[at] === '^';
  if (negated) at++;
  const ranges: [number, number][] = [];
  const sets: CharacterSet[] = [];
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) fail('missing closing ]', pattern.slice(start));
    const named = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(at, at + namedMax));
    if (named) {
      const [text, not, name = ''] = named;
      const known = Object.hasOwn(posix, name) ? posix[name] : undefined;
      if (!known) return fail('invalid character class range', text);
      sets.push({ negated: not === '^', ranges: known, sets: [], fold: false });
      at += text.length;
      continue;
    }
    const escaped = classEscape(pattern, at, flags);
    if (escaped) {
      sets.push(escaped.set);
      at = escaped.end;
      continue;
    }
    const from = at;
    const low = readCharacter(pattern, at, start);
    at = low.end;
    let high = low;
    if (pattern[at] === '-' && pattern[at + 1] !== ']' && at + 1 < pattern.length) {
      high = readCharacter(pattern, at + 1, start);
      at = high.end;
    }
    if (high.code < low.code) fail('invalid character class range', pattern.slice(from, at));
    ranges.push([low.code, high.code]);
  }
  return { set: { negated, ranges, sets, fold: flags.i }, end: at + 1 };
}

/** Longer than any `[:name:]`. */
const namedMax = 16;

function readCharacter(pattern: string, at: number, start: number): { readonly code: number; readonly end: number } {
  if (at >= pattern.length) fail('missing closing ]', pattern.slice(start));
  if (pattern[at] === '\\') return readEscape(pattern, at);
  const code = pattern.codePointAt(at) ?? 0;
  return { code, end: at + (code > 0xffff ? 2 : 1) };
}

/** `\d`, `\W`, `\pL`, `\p{Greek}`, `\PN`; undefined: it is something else. Throws GoRegexpError. */
export function classEscape(
  pattern: string,
  at: number,
  flags: Folding,
): { readonly set: CharacterSet; readonly end: number } | undefined {
  if (pattern[at] !== '\\') return undefined;
  const letter = pattern.charAt(at + 1);
  const known = Object.hasOwn(perl, letter.toLowerCase()) ? perl[letter.toLowerCase()] : undefined;
  if (known) {
    const negated = letter !== letter.toLowerCase();
    return { set: { negated, ranges: known, sets: [], fold: false }, end: at + 2 };
  }
  if (letter !== 'p' && letter !== 'P') return undefined;
  const found = /^\\[pP](?:\{(\^?)([^}]*)\}|([A-Za-z]))/.exec(pattern.slice(at));
  if (!found) return fail('invalid character class range', pattern.slice(at, at + 2));
  const [text, not, name = found[3] ?? ''] = found;
  const unicode = unicodeClass(name);
  if (!unicode) return fail('invalid character class range', text);
  const negated = (letter === 'P') !== (not === '^');
  return { set: { negated, ranges: [], sets: [], unicode, fold: flags.i }, end: at + text.length };
}

function unicodeClass(name: string): RegExp | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  for (const property of [name === 'Any' ? 'Any' : `General_Category=${name}`, `Script=${name}`])
    try {
      return new RegExp(`^\\p{${property}}$`, 'u');
    } catch {
      // No property of that name.
    }
  return undefined;
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** An escape that stands for one character. Throws GoRegexpError. */
export function readEscape(pattern: string, at: number): { readonly code: number; readonly end: number } {
  const letter = pattern.charAt(at + 1);
  if (letter === '') fail('trailing backslash at end of expression', '');
  if (Object.hasOwn(controls, letter)) return { code: controls[letter] ?? 0, end: at + 2 };
  const rest = pattern.slice(at);
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest);
  const code = hex ? Number.parseInt(hex[1] ?? hex[2] ?? '', 16) : Number.NaN;
  if (hex && code <= 0x10ffff) return { code, end: at + hex[0].length };
  const octal = /^\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  if (octal) return { code: Number.parseInt(octal[0].slice(1), 8), end: at + octal[0].length };
  const plain = pattern.codePointAt(at + 1) ?? 0;
  if (/\w/.test(letter) || plain > 127) fail('invalid escape sequence', `\\${String.fromCodePoint(plain)}`);
  return { code: plain, end: at + 2 };
}
