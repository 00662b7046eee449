// What is wrong with an expression's syntax, as the parser that cel-go is made with words it.

/** What the parser said where, in those words. */
export function syntaxProblem(text: string, summary: string, at: number): string {
  const [, met] = /^Unexpected token: (\w+)$/.exec(summary) ?? [];
  if (met !== undefined && tokens[met]) return unexpected(text, tokens[met]);
  const [, wanted = '', got = ''] = /^Expected (\w+), got (\w+)$/.exec(summary) ?? [];
  if (tokens[wanted]) return missing(text, { wanted: tokens[wanted], got: tokens[got] ?? tokenAt(text, at), at });
  if (/^Unexpected character: '[^{]/.test(summary)) return trailing(text, at);
  return lowerFirst(summary);
}

/** A sentence that goes on from another. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const operand =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const tokens: Readonly<Record<string, string>> = {
  ...{ EOF: '<EOF>', LPAREN: '(', RPAREN: ')', LBRACKET: '[', RBRACKET: ']', LBRACE: '{', RBRACE: '}', DOT: '.' },
  ...{ COMMA: ',', COLON: ':', QUESTION: '?', PLUS: '+', MINUS: '-', MULTIPLY: '*', DIVIDE: '/', MODULO: '%' },
  ...{ EQ: '==', NE: '!=', LT: '<', LE: '<=', GT: '>', GE: '>=', AND: '&&', OR: '||', NOT: '!', IN: 'in' },
};

/** Where an operand should be. Lists and maps may end with a comma, so that only their end is missing. */
function unexpected(text: string, met: string): string {
  const open = met === '<EOF>' && text.trimEnd().endsWith(',') ? innermost(text) : undefined;
  if (open?.sign === '[') return "missing ']' at '<EOF>'";
  if (open?.sign === '{') return "missing '}' at '<EOF>'";
  const expected = startsCall(text) ? operand.replace("'(', ", "'(', ')', ") : operand;
  return `mismatched input '${met}' expecting ${expected}`;
}

/** Whether a call's arguments begin where the text ends: there need not be any. */
function startsCall(text: string): boolean {
  return /\w\s*\(\s*$/.test(text) && !/\bin\s*\(\s*$/.test(text);
}

function missing(
  text: string,
  { wanted, got, at }: { readonly wanted: string; readonly got: string; readonly at: number },
): string {
  const open = innermost(text.slice(0, at));
  const goesOn = wanted === '}' || (wanted === ']' && open !== undefined && !isIndex(text, open.at));
  const expected = goesOn ? `{'${wanted}', ','}` : `'${wanted}'`;
  const next = tokenAt(text, at);
  if (
    next !== '' &&
    text
      .slice(at + next.length)
      .trimStart()
      .startsWith(wanted)
  )
    return `extraneous input '${got}' expecting ${expected}`;
  return goesOn || wanted === ':'
    ? `mismatched input '${got}' expecting ${expected}`
    : `missing '${wanted}' at '${got}'`;
}

/** After an expression that is whole: one token too many, or more. */
function trailing(text: string, at: number): string {
  const token = tokenAt(text, at);
  const alone = text.slice(at + token.length).trim() === '';
  return `${alone ? 'extraneous' : 'mismatched'} input '${token}' expecting <EOF>`;
}

function tokenAt(text: string, at: number): string {
  const token = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w]+(?:\.\d+)?|&&|\|\||[=!<>]=|.)/s;
  return token.exec(text.slice(at))?.[0] ?? '';
}

interface Bracket {
  readonly sign: string;
  readonly at: number;
}

/** The bracket that is still open at the end. */
function innermost(text: string): Bracket | undefined {
  const open: Bracket[] = [];
  for (const { 0: sign, index: at } of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[[\](){}]/gs))
    if ('[({'.includes(sign)) open.push({ sign, at });
    else if ('])}'.includes(sign)) open.pop();
  return open.at(-1);
}

function isIndex(text: string, at: number): boolean {
  return /[\w)\]}"']\s*$/.test(text.slice(0, at)) && !/\bin\s*$/.test(text.slice(0, at));
}
