// POSIX regular expressions for grep, sed, awk, jq and [[ =~ ]]: run by JavaScript's engine where that is safe, else by
// a matcher with a step limit, so that no expression can take the tab down.
import { parseRegex, type RegexNode } from './regex-syntax.ts';

export interface RegexMatch {
  readonly index: number;
  /** The whole match, then the groups. */
  readonly groups: readonly (string | undefined)[];
}

export interface Regex {
  readonly groups: number;
  /** The leftmost match at or after `from`. */
  match(text: string, from?: number): RegexMatch | undefined;
}

export interface RegexOptions {
  readonly extended: boolean;
  readonly ignoreCase?: boolean;
}

/** A match that took too long. */
export class RegexLimit extends Error {
  override name = 'RegexLimit';
  constructor() {
    super('exceeded the limit of matching steps');
  }
}

const stepsMax = 2_000_000;

/** Throws RegexError. */
export function compileRegex(source: string, options: RegexOptions): Regex {
  const { tree, groups } = parseRegex(source, options.extended);
  if (nestedRepeats(tree) > 1 || unboundedRepeats(tree) > 4)
    return { groups, match: slowMatcher(tree, groups, options) };
  const flags = options.ignoreCase ? 'gsui' : 'gsu';
  const regex = new RegExp(toJavaScript(tree), flags);
  return {
    groups,
    match(text, from = 0) {
      regex.lastIndex = from;
      const found = regex.exec(text);
      return found ? { index: found.index, groups: [...found] } : undefined;
    },
  };
}

/** Text as an expression that matches just it. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** How deep unbounded repetitions nest: two and more can backtrack exponentially. */
function nestedRepeats(node: RegexNode): number {
  if (node.kind === 'repeat') return nestedRepeats(node.body) + (node.max - node.min > 8 ? 1 : 0);
  if (node.kind === 'group') return nestedRepeats(node.body);
  if (node.kind === 'sequence' || node.kind === 'choice') return Math.max(0, ...node.parts.map(nestedRepeats));
  return 0;
}

function unboundedRepeats(node: RegexNode): number {
  if (node.kind === 'repeat')
    return unboundedRepeats(node.body) + (node.max === Number.POSITIVE_INFINITY && node.body.kind === 'any' ? 1 : 0);
  if (node.kind === 'group') return unboundedRepeats(node.body);
  if (node.kind === 'sequence' || node.kind === 'choice')
    return node.parts.reduce((sum, part) => sum + unboundedRepeats(part), 0);
  return 0;
}

function toJavaScript(node: RegexNode): string {
  switch (node.kind) {
    case 'char':
      return node.char.replace(/[\\^$.|?*+()[\]{}/]/, '\\$&');
    case 'set':
    case 'boundary':
      return node.source;
    case 'any':
      return '.';
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'group':
      return `(${toJavaScript(node.body)})`;
    case 'back':
      return `(?:\\${node.number})`;
    case 'repeat': {
      const times = node.max === Number.POSITIVE_INFINITY ? `{${node.min},}` : `{${node.min},${node.max}}`;
      return `(?:${toJavaScript(node.body)})${times}`;
    }
    case 'sequence':
      return node.parts.map(toJavaScript).join('');
    case 'choice':
      return `(?:${node.parts.map(toJavaScript).join('|')})`;
  }
}

type Next = (at: number) => boolean;

/** A backtracking matcher that counts its steps. */
function slowMatcher(tree: RegexNode, groupCount: number, { ignoreCase = false }: RegexOptions): Regex['match'] {
  const sets = new Map<string, RegExp>();
  const fold = (char: string) => (ignoreCase ? char.toLowerCase() : char);
  return (text, from = 0) => {
    let steps = 0;
    let captures: (string | undefined)[] = [];
    const test = (source: string, at: number) => {
      const set = sets.get(source) ?? new RegExp(source, ignoreCase ? 'ui' : 'u');
      sets.set(source, set);
      return set.test(text.charAt(at));
    };
    const run = (node: RegexNode, at: number, next: Next): boolean => {
      if (++steps > stepsMax) throw new RegexLimit();
      switch (node.kind) {
        case 'char':
          return fold(text.substr(at, node.char.length)) === fold(node.char) && next(at + node.char.length);
        case 'any':
          return at < text.length && next(at + 1);
        case 'set':
          return at < text.length && test(node.source, at) && next(at + 1);
        case 'start':
          return at === 0 && next(at);
        case 'end':
          return at === text.length && next(at);
        case 'boundary':
          return boundaryAt(node.source, text, at) && next(at);
        case 'back': {
          const held = captures[node.number] ?? '';
          return text.startsWith(held, at) && next(at + held.length);
        }
        case 'group':
          return group(node, captures, { at, next, run, text });
        case 'sequence':
          return sequence(node.parts, 0, { at, next, run });
        case 'choice':
          return node.parts.some((part) => run(part, at, next));
        case 'repeat':
          return repeat(node, { at, next, run }, 0);
      }
    };
    for (let index = from; index <= text.length; index++) {
      captures = new Array<string | undefined>(groupCount + 1).fill(undefined);
      let end = index;
      const found = run(tree, index, (at) => {
        end = at;
        return true;
      });
      if (found) return { index, groups: [text.slice(index, end), ...captures.slice(1)] };
    }
    return undefined;
  };
}

/** Matches a group and remembers what it held; forgets it when the rest does not match. */
function group(
  node: Extract<RegexNode, { kind: 'group' }>,
  captures: (string | undefined)[],
  walk: Walk & { readonly text: string },
): boolean {
  const old = captures[node.number];
  const done = walk.run(node.body, walk.at, (end) => {
    const inner = captures[node.number];
    captures[node.number] = walk.text.slice(walk.at, end);
    if (walk.next(end)) return true;
    captures[node.number] = inner;
    return false;
  });
  if (!done) captures[node.number] = old;
  return done;
}

interface Walk {
  readonly at: number;
  readonly next: Next;
  readonly run: (node: RegexNode, at: number, next: Next) => boolean;
}

function sequence(parts: readonly RegexNode[], i: number, { at, next, run }: Walk): boolean {
  const part = parts[i];
  return part ? run(part, at, (end) => sequence(parts, i + 1, { at: end, next, run })) : next(at);
}

const repeatDepthMax = 1500;

function repeat(node: Extract<RegexNode, { kind: 'repeat' }>, { at, next, run }: Walk, count: number): boolean {
  if (count > repeatDepthMax) throw new RegexLimit();
  const again = () =>
    count < node.max &&
    run(node.body, at, (end) => (end > at || count < node.min) && repeat(node, { at: end, next, run }, count + 1));
  if (count < node.min) return again();
  return again() || next(at);
}

function boundaryAt(source: string, text: string, at: number): boolean {
  const isWord = (i: number) => /\w/.test(text.charAt(i));
  const before = at > 0 && isWord(at - 1);
  const after = isWord(at);
  if (source === '\\b') return before !== after;
  if (source === '\\B') return before === after;
  return source.includes('=\\w') && !source.includes('<=') ? !before && after : before && !after;
}
