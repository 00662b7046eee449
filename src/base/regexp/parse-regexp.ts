// Reads a regular expression in Go's syntax (RE2).
import { classEscape, type Folding, parseSet, readEscape } from './parse-set.ts';
import { fail, type RegexpNode } from './regexp-syntax.ts';

/** `(?imsU)`: case, lines, dot and newline, greed. */
interface Flags extends Folding {
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const noFlags: Flags = { i: false, m: false, s: false, U: false };
const depthMax = 1000;
const repeatMax = 1000;

/** Throws GoRegexpError. */
export function parseRegexp(pattern: string): RegexpNode {
  return new Parser(pattern).whole();
}

class Parser {
  private at = 0;
  private flags = noFlags;
  private depth = 0;
  private groups = 0;

  constructor(private readonly pattern: string) {}

  whole(): RegexpNode {
    const node = this.choice();
    if (this.at < this.pattern.length) fail('unexpected )', this.pattern);
    checkRepeats(node, this.pattern);
    return node;
  }

  private choice(): RegexpNode {
    if (++this.depth > depthMax) fail('expression nests too deeply', this.pattern);
    const flags = this.flags;
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    this.flags = flags;
    this.depth--;
    const [only, another] = options;
    return only && !another ? only : { kind: 'choice', options };
  }

  private sequence(): RegexpNode {
    const parts: RegexpNode[] = [];
    for (;;) {
      const next = this.pattern.charAt(this.at);
      if (next === '' || next === '|' || next === ')') break;
      const start = this.at;
      const quoted = this.quoted();
      if (quoted) parts.push(...quoted);
      else {
        const part = this.atom();
        if (part) parts.push(this.repeated(part, start));
      }
    }
    const [only, another] = parts;
    if (!only) return { kind: 'empty' };
    return another ? { kind: 'sequence', parts } : only;
  }

  /** `\Q…\E`: as it is; the last character may be repeated. */
  private quoted(): readonly RegexpNode[] | undefined {
    if (!this.pattern.startsWith('\\Q', this.at)) return undefined;
    const end = this.pattern.indexOf('\\E', this.at);
    const text = this.pattern.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.pattern.length : end + 2;
    const nodes = [...text].map((character) => this.literal(character.codePointAt(0) ?? 0));
    const last = nodes.pop();
    return last ? [...nodes, this.repeated(last, this.at)] : [];
  }

  /** Undefined where it only sets flags. */
  private atom(): RegexpNode | undefined {
    const { pattern } = this;
    const character = String.fromCodePoint(pattern.codePointAt(this.at) ?? 0);
    if ('*+?'.includes(character)) fail('missing argument to repetition operator', character);
    if (character === '{' && bounds.test(pattern.slice(this.at)))
      fail('missing argument to repetition operator', bounds.exec(pattern.slice(this.at))?.[0] ?? '{');
    if (character === '(') return this.group();
    if (character === '[') {
      const { set, end } = parseSet(pattern, this.at, this.flags);
      this.at = end;
      return { kind: 'set', set };
    }
    if (character === '\\') return this.escape();
    this.at += character.length;
    switch (character) {
      case '^':
        return { kind: 'assert', what: this.flags.m ? 'line start' : 'text start' };
      case '$':
        return { kind: 'assert', what: this.flags.m ? 'line end' : 'text end' };
      case '.':
        return anyCharacter(this.flags.s);
      default:
        return this.literal(character.codePointAt(0) ?? 0);
    }
  }

  private literal(code: number): RegexpNode {
    const set = { negated: false, ranges: [[code, code]] as const, sets: [], fold: this.flags.i };
    return { kind: 'set', set };
  }

  private escape(): RegexpNode {
    const { pattern } = this;
    const letter = pattern.charAt(this.at + 1);
    const what = Object.hasOwn(assertions, letter) ? assertions[letter] : undefined;
    if (what) {
      this.at += 2;
      return { kind: 'assert', what };
    }
    const known = classEscape(pattern, this.at, this.flags);
    if (known) {
      this.at = known.end;
      return { kind: 'set', set: known.set };
    }
    const { code, end } = readEscape(pattern, this.at);
    this.at = end;
    return this.literal(code);
  }

  private group(): RegexpNode | undefined {
    const { pattern } = this;
    const rest = pattern.slice(this.at);
    const named = /^\(\?P?<(\w+)>/.exec(rest);
    if (named) this.at += named[0].length;
    else if (rest.startsWith('(?')) {
      const found = /^\(\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest);
      if (!found || found[0] === '(?)') return fail(perlProblem(rest), perlPart(rest));
      const [text, on = '', off = '', end] = found;
      this.at += text.length;
      const outer = this.flags;
      this.flags = withFlags(this.flags, on, off);
      if (end === ')') return undefined;
      const inner = this.inside();
      this.flags = outer;
      return inner;
    } else this.at++;
    const group = ++this.groups;
    return { kind: 'capture', part: this.inside(), group };
  }

  private inside(): RegexpNode {
    const inner = this.choice();
    if (!this.take(')')) fail('missing closing )', this.pattern);
    return inner;
  }

  private repeated(part: RegexpNode, start: number): RegexpNode {
    const { pattern } = this;
    const before = this.at;
    const found = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(pattern.slice(this.at));
    if (!found) return part;
    const [operator, least = '', comma, most = ''] = found;
    this.at += operator.length;
    const lazy = this.take('?');
    const [min, max] = limits(operator, { least, comma, most });
    if (min > repeatMax || (max ?? 0) > repeatMax || (max !== undefined && max < min))
      fail('invalid repeat count', operator);
    const again = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(pattern.slice(this.at));
    if (again) fail('invalid nested repetition operator', pattern.slice(before, this.at) + again[0]);
    if (part.kind === 'assert' && start === before) fail('missing argument to repetition operator', operator);
    return { kind: 'repeat', part, min, max, greedy: lazy === this.flags.U };
  }

  private take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }
}

const bounds = /^\{\d+(?:,\d*)?\}/;

const assertions: Readonly<Record<string, (RegexpNode & { kind: 'assert' })['what']>> = {
  A: 'text start',
  z: 'text end',
  b: 'word boundary',
  B: 'no word boundary',
};

function anyCharacter(withNewline: boolean): RegexpNode {
  const ranges = withNewline ? [] : ([[10, 10]] as const);
  return { kind: 'set', set: { negated: true, ranges, sets: [], fold: false } };
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (name: keyof Flags): boolean => !off.includes(name) && (on.includes(name) || flags[name]);
  return { i: value('i'), m: value('m'), s: value('s'), U: value('U') };
}

function limits(
  operator: string,
  { least, comma, most }: { readonly least: string; readonly comma: string | undefined; readonly most: string },
): readonly [number, number | undefined] {
  if (operator === '*') return [0, undefined];
  if (operator === '+') return [1, undefined];
  if (operator === '?') return [0, 1];
  if (comma === undefined) return [Number(least), Number(least)];
  return [Number(least), most === '' ? undefined : Number(most)];
}

function perlProblem(rest: string): string {
  return /^\(\?P</.test(rest) ? 'invalid named capture' : 'invalid or unsupported Perl syntax';
}

/** As much of a group's beginning as Go shows. */
function perlPart(rest: string): string {
  return /^\(\?(?:<?[=!]|P?<[^>]*>?|[imsU-]*.?)/.exec(rest)?.[0] ?? rest;
}

/** Repeats within repeats may not come to more than a single one may. */
function checkRepeats(node: RegexpNode, pattern: string, left = repeatMax): void {
  switch (node.kind) {
    case 'sequence':
      for (const part of node.parts) checkRepeats(part, pattern, left);
      return;
    case 'choice':
      for (const option of node.options) checkRepeats(option, pattern, left);
      return;
    case 'capture':
      checkRepeats(node.part, pattern, left);
      return;
    case 'repeat': {
      const times = Math.max(node.min, node.max ?? 0);
      if (times > 1 && times > left) fail('invalid repeat count', `{${node.min}${repeatEnd(node)}}`);
      checkRepeats(node.part, pattern, times > 1 ? Math.floor(left / times) : left);
    }
  }
}

function repeatEnd({ min, max }: { readonly min: number; readonly max: number | undefined }): string {
  return max === min ? '' : `,${max ?? ''}`;
}
