// Tokens of Go templates: text outside `{{ }}`, words and signs inside.

export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'dot'
  | 'nil'
  | 'bool'
  | 'number'
  | 'string'
  | 'char'
  | 'pipe'
  | 'assign'
  | 'declare'
  | 'open'
  | 'close'
  | 'comma'
  | 'space'
  | 'sign'
  | 'error'
  | 'eof';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in the template. */
  readonly at: number;
  readonly line: number;
}

const keywords = new Set(['break', 'continue', 'define', 'block', 'if', 'else', 'end', 'range', 'template', 'with']);

/** All tokens up to the end or the first error. */
export function lexTemplate(input: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const push = (kind: TokenKind, text: string) => {
    tokens.push({ kind, text, at, line });
    at += text.length;
    line += text.split('\n').length - 1;
  };
  const fail = (message: string) => {
    tokens.push({ kind: 'error', text: message, at, line });
    return tokens;
  };
  let trimNext = false;
  for (;;) {
    const open = input.indexOf('{{', at);
    let text = input.slice(at, open < 0 ? undefined : open);
    const trimRight = open >= 0 && /^\{\{-[ \t\r\n]/.test(input.slice(open, open + 4));
    const skipped = trimNext ? text.length - text.trimStart().length : 0;
    at += skipped;
    line += text.slice(0, skipped).split('\n').length - 1;
    text = text.slice(skipped);
    const kept = trimRight ? text.replace(/[ \t\r\n]+$/, '') : text;
    if (kept !== '') push('text', kept);
    const lost = text.slice(kept.length);
    at += lost.length;
    line += lost.split('\n').length - 1;
    if (open < 0) {
      push('eof', '');
      return tokens;
    }
    const comment = /^\{\{(?:-[ \t\r\n]+)?\/\*/.exec(input.slice(open));
    if (comment) {
      const end = input.indexOf('*/', open + comment[0].length);
      const close = end < 0 ? null : /^(?:\s+-\}\}|\}\})/.exec(input.slice(end + 2));
      if (end < 0) return fail('unclosed comment');
      if (!close) return fail('comment ends before closing delimiter');
      const whole = input.slice(open, end + 2 + close[0].length);
      at += whole.length;
      line += whole.split('\n').length - 1;
      trimNext = close[0].includes('-');
      continue;
    }
    push('left', trimRight ? '{{-' : '{{');
    const problem = lexAction(input, () => at, push);
    if (problem !== undefined) return fail(problem);
    trimNext = tokens.at(-1)?.text.includes('-') ?? false;
  }
}

const signs: readonly (readonly [RegExp, TokenKind])[] = [
  [/^[ \t\r\n]+/, 'space'],
  [/^:=/, 'declare'],
  [/^=/, 'assign'],
  [/^\|/, 'pipe'],
  [/^\(/, 'open'],
  [/^\)/, 'close'],
  [/^,/, 'comma'],
  [/^"(?:[^"\\\n]|\\.)*"/, 'string'],
  [/^`[^`]*`/, 'string'],
  [/^'(?:[^'\\\n]|\\.)*'/, 'char'],
  [/^\$[\p{L}\p{Nd}_]*/u, 'variable'],
  [/^\.[\p{L}_][\p{L}\p{Nd}_]*/u, 'field'],
  [
    /^[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)/,
    'number',
  ],
  [/^\./, 'dot'],
  [/^[\p{L}_][\p{L}\p{Nd}_]*/u, 'identifier'],
  [/^[!#%&*+,\-/;<=>?@[\\\]^{}~]/, 'sign'],
];

/** Pushes the tokens up to the closing delimiter; returns what is wrong, if anything is. */
function lexAction(
  input: string,
  where: () => number,
  push: (kind: TokenKind, text: string) => void,
): string | undefined {
  let depth = 0;
  for (;;) {
    const rest = input.slice(where());
    const close = /^(?:[ \t\r\n]+-\}\}|\}\})/.exec(rest);
    if (close) {
      if (depth > 0) return 'unclosed left paren';
      push('right', close[0]);
      return undefined;
    }
    if (rest === '') return 'unclosed action';
    const found = signs
      .map(([pattern, kind]) => ({ text: pattern.exec(rest)?.[0], kind }))
      .find(({ text }) => text !== undefined);
    const text = found?.text;
    if (!found || text === undefined) return unknownSign(rest);
    if (found.kind === 'open') depth++;
    if (found.kind === 'close' && --depth < 0) return 'unexpected right paren';
    const bad = badNeighbour(found.kind, text, rest);
    if (bad) return bad;
    push(wordKind(found.kind, text), text);
  }
}

function wordKind(kind: TokenKind, text: string): TokenKind {
  if (kind !== 'identifier') return kind;
  if (keywords.has(text)) return 'keyword';
  if (text === 'nil') return 'nil';
  return text === 'true' || text === 'false' ? 'bool' : kind;
}

/** A number or word must not run into a letter or an odd sign. */
function badNeighbour(kind: TokenKind, text: string, rest: string): string | undefined {
  const next = rest.slice(text.length, text.length + 1);
  if (kind === 'number' && /[\p{L}\p{Nd}_]/u.test(next)) return `bad number syntax: "${text}${next}"`;
  if (['field', 'variable', 'identifier'].includes(kind) && next !== '' && !/[\s.,|:=()}]/.test(next))
    return `bad character ${describe(next)}`;
  return undefined;
}

function unknownSign(rest: string): string {
  const sign = rest.charAt(0);
  if (sign === '"') return 'unterminated quoted string';
  if (sign === '`') return 'unterminated raw quoted string';
  if (sign === "'") return 'unterminated character constant';
  if (sign === ':') return 'expected :=';
  return `unrecognized character in action: ${describe(sign)}`;
}

function describe(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')} '${sign}'`;
}
