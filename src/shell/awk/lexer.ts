// Splits an awk program into tokens. Whether `/` divides or begins an expression depends on the token before.
import { readEscape } from '../syntax/ansi-string.ts';
import { AwkError } from './ast.ts';

export interface Token {
  readonly kind: 'number' | 'text' | 'regex' | 'name' | 'call' | 'operator' | 'line' | 'end';
  readonly text: string;
}

const operators = [
  '**=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '==',
  '<=',
  '>=',
  '!=',
  '&&',
  '||',
  '++',
  '--',
  '>>',
  '**',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
];

export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; ) {
    const rest = source.slice(at, at + 200);
    const blank = /^(?:[ \t\r]|\\\n|#[^\n]*)+/.exec(source.slice(at));
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const char = source.charAt(at);
    if (char === '\n') {
      tokens.push({ kind: 'line', text: '\n' });
      at++;
      continue;
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest)?.[0];
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (number !== undefined) {
      tokens.push({ kind: 'number', text: number });
      at += number.length;
    } else if (name !== undefined) {
      at += name.length;
      tokens.push({ kind: source.charAt(at) === '(' ? 'call' : 'name', text: name });
    } else if (char === '"') at = readString(source, at, tokens);
    else if (char === '/' && regexMayFollow(tokens.at(-1))) at = readRegex(source, at, tokens);
    else {
      const operator = operators.find((candidate) => rest.startsWith(candidate));
      if (!operator) throw new AwkError(`syntax error at source line 1: unexpected character '${char}'`);
      tokens.push({ kind: 'operator', text: operator });
      at += operator.length;
    }
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function regexMayFollow(token: Token | undefined): boolean {
  if (!token || token.kind === 'line') return true;
  return token.kind === 'operator'
    ? ![')', ']', '$', '++', '--'].includes(token.text)
    : token.kind === 'name' && ['print', 'return', 'in'].includes(token.text);
}

function readString(source: string, start: number, tokens: Token[]): number {
  let text = '';
  let at = start + 1;
  while (source.charAt(at) !== '"') {
    if (at >= source.length || source.charAt(at) === '\n') throw new AwkError('non-terminated string');
    if (source.charAt(at) !== '\\') {
      text += source.charAt(at++);
      continue;
    }
    const next = source.charAt(at + 1);
    if (next === '/' || next === '"') {
      text += next;
      at += 2;
      continue;
    }
    const found = readEscape(source, at, { octalNeedsZero: false });
    text += found.text;
    at += found.length;
  }
  tokens.push({ kind: 'text', text });
  return at + 1;
}

function readRegex(source: string, start: number, tokens: Token[]): number {
  let text = '';
  let inSet = false;
  let at = start + 1;
  for (; inSet || source.charAt(at) !== '/'; at++) {
    const char = source.charAt(at);
    if (char === '' || char === '\n') throw new AwkError('non-terminated regular expression');
    if (char === '\\') {
      text += source.charAt(at + 1) === '/' ? '/' : `\\${source.charAt(at + 1)}`;
      at++;
      continue;
    }
    if (char === '[' && !inSet) inSet = true;
    else if (char === ']' && !/\[\^?$/.test(text)) inSet = false;
    text += char;
  }
  tokens.push({ kind: 'regex', text });
  return at + 1;
}
