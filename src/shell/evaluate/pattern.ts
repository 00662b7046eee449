// Shell patterns (*, ?, [a-z], and a backslash in front of what is literal), matched in time linear in text × pattern.

type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' | 'star' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly matches: (char: string) => boolean };

export type Pattern = readonly Token[];

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /\p{L}/u,
  digit: /[0-9]/,
  alnum: /[\p{L}0-9]/u,
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[0-9A-Fa-f]/,
};

export function compilePattern(source: string): Pattern {
  const tokens: Token[] = [];
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '[') {
      const set = compileSet(source, i);
      if (set) i = set.end;
      tokens.push(set?.token ?? { kind: 'char', char });
    } else if (char === '\\' && i + 1 < source.length) tokens.push({ kind: 'char', char: source.charAt(++i) });
    else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

/** The bracket expression at `start`; undefined when it does not close. */
function compileSet(source: string, start: number): { readonly token: Token; readonly end: number } | undefined {
  let i = start + 1;
  const negated = source.charAt(i) === '!' || source.charAt(i) === '^';
  if (negated) i++;
  const ranges: [string, string][] = [];
  const named: RegExp[] = [];
  for (let first = true; i < source.length; first = false) {
    if (source.charAt(i) === ']' && !first) {
      const matches = (char: string) =>
        ranges.some(([low, high]) => char >= low && char <= high) || named.some((set) => set.test(char));
      return { token: { kind: 'set', negated, matches }, end: i };
    }
    const name = /^\[:([a-z]+):\]/.exec(source.slice(i, i + 12));
    if (name) {
      named.push(classes[name[1] ?? ''] ?? /[^\s\S]/);
      i += name[0].length;
      continue;
    }
    if (source.charAt(i) === '\\') i++;
    const low = source.charAt(i++);
    const isRange = source.charAt(i) === '-' && source.charAt(i + 1) !== ']' && i + 1 < source.length;
    ranges.push([low, isRange ? source.charAt(i + 1) : low]);
    if (isRange) i += 2;
  }
  return undefined;
}

export function matchesPattern(pattern: Pattern, text: string): boolean {
  return acceptedEnds(pattern, text, 0).whole;
}

/** Where the shortest and the longest match that begins at `from` end; undefined without a match. */
export function matchPrefix(
  pattern: Pattern,
  text: string,
  from = 0,
): { readonly shortest: number; readonly longest: number } | undefined {
  const { shortest, longest } = acceptedEnds(pattern, text, from);
  return shortest === undefined || longest === undefined ? undefined : { shortest, longest };
}

/** Where the shortest or longest match that ends at the end of the text begins. */
export function matchSuffix(pattern: Pattern, text: string, kind: 'shortest' | 'longest'): number | undefined {
  for (let i = 0; i <= text.length; i++) {
    const from = kind === 'longest' ? i : text.length - i;
    if (acceptedEnds(pattern, text, from).whole) return from;
  }
  return undefined;
}

/** Runs the pattern as an automaton: `states` holds how many tokens may be behind us. */
function acceptedEnds(pattern: Pattern, text: string, from: number) {
  let states = new Set<number>();
  let shortest: number | undefined;
  let longest: number | undefined;
  const add = (to: Set<number>, state: number) => {
    to.add(state);
    for (let i = state; pattern[i]?.kind === 'star'; i++) to.add(i + 1);
  };
  add(states, 0);
  for (let at = from; ; at++) {
    if (states.has(pattern.length)) {
      shortest ??= at;
      longest = at;
    }
    if (at >= text.length || states.size === 0) break;
    const char = text.charAt(at);
    const next = new Set<number>();
    for (const state of states) {
      const token = pattern[state];
      if (!token) continue;
      if (token.kind === 'star') add(next, state);
      else if (
        token.kind === 'any' ||
        (token.kind === 'char' && token.char === char) ||
        (token.kind === 'set' && token.matches(char) !== token.negated)
      )
        add(next, state + 1);
    }
    states = next;
  }
  return { shortest, longest, whole: longest === text.length };
}

/** Text with a backslash in front of everything that a pattern would read. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\!^-]/g, '\\$&');
}

export function hasPattern(source: string): boolean {
  return /(^|[^\\])(\\\\)*[*?[]/.test(source);
}
