// Reads an expression in CEL. Where its syntax is wrong nothing is read: others tell of that.
import type { Entry, Expression, ExpressionProblem, Item } from './expression.ts';
import { expandMacro } from './macros.ts';

/** The expression, or what is wrong with its macros and literals; undefined: its syntax is wrong. */
export type Parsed = { readonly expression: Expression; readonly problems: readonly ExpressionProblem[] } | undefined;

/** Parses a text. */
export function parseExpression(text: string): Parsed {
  const tokens = tokenize(text);
  if (!tokens) return undefined;
  const parser = new Parser(tokens, text.length);
  try {
    const expression = parser.conditional();
    return parser.isAtEnd ? { expression, problems: parser.problems } : undefined;
  } catch (error) {
    if (error instanceof SyntaxMistake) return undefined;
    throw error;
  }
}

class SyntaxMistake extends Error {}

interface Token {
  readonly kind: 'name' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'sign';
  readonly text: string;
  readonly at: number;
}

const quoted = String.raw`'''(?:[^\\]|\\.)*?'''|"""(?:[^\\]|\\.)*?"""|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*"`;
const raw = String.raw`'''[^]*?'''|"""[^]*?"""|'[^'\n\r]*'|"[^"\n\r]*"`;
const rules: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s|\/\/[^\n]*)+/y],
  ['bytes', new RegExp(`[bB](?:[rR](?:${raw})|(?:${quoted}))`, 'sy')],
  ['string', new RegExp(`[rR](?:${raw})|(?:${quoted})`, 'sy')],
  ['double', /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y],
  ['uint', /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ['int', /0x[0-9a-fA-F]+|\d+/y],
  ['name', /[A-Za-z_]\w*|`[\w./-]+`/y],
  ['sign', /&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}]/y],
];

function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const length = at;
    for (const [kind, rule] of rules) {
      rule.lastIndex = at;
      const [found] = rule.exec(text) ?? [];
      if (!found) continue;
      if (kind !== 'space') tokens.push({ kind, text: found, at });
      at += found.length;
      break;
    }
    if (at === length) return undefined;
  }
  return tokens;
}

const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while in'.split(' '),
);
const words: Readonly<Record<string, string>> = { true: 'bool', false: 'bool', null: 'null' };
const relations = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
/** Deeper expressions are not read. */
const depthMax = 250;

class Parser {
  readonly problems: ExpressionProblem[] = [];
  private next = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  get isAtEnd(): boolean {
    return this.next === this.tokens.length;
  }

  conditional(): Expression {
    if (++this.depth > depthMax) throw new SyntaxMistake();
    const test = this.chain('||', () => this.chain('&&', () => this.relation()));
    const question = this.take('?');
    this.depth--;
    if (!question) return test;
    const yes = this.chain('||', () => this.chain('&&', () => this.relation()));
    this.need(':');
    return this.operator('_?_:_', question.at, test, yes, this.conditional());
  }

  private chain(sign: string, read: () => Expression): Expression {
    let left = read();
    for (let token = this.take(sign); token; token = this.take(sign))
      left = this.operator(`_${sign}_`, token.at, left, read());
    return left;
  }

  private relation(): Expression {
    let left = this.sum();
    for (;;) {
      const token = this.tokens[this.next];
      if (!token || token.kind === 'string' || !relations.has(token.text)) return left;
      this.next++;
      left = this.operator(token.text === 'in' ? '@in' : `_${token.text}_`, token.at, left, this.sum());
    }
  }

  private sum(): Expression {
    return this.left(['+', '-'], () => this.left(['*', '/', '%'], () => this.unary()));
  }

  private left(signs: readonly string[], read: () => Expression): Expression {
    let left = read();
    for (;;) {
      const token = this.tokens[this.next];
      if (token?.kind !== 'sign' || !signs.includes(token.text)) return left;
      this.next++;
      left = this.operator(`_${token.text}_`, token.at, left, read());
    }
  }

  private unary(): Expression {
    const first = this.tokens[this.next];
    if (first?.kind !== 'sign' || (first.text !== '!' && first.text !== '-')) return this.member();
    let count = 0;
    for (; this.take(first.text); ) count++;
    const number = this.tokens[this.next];
    if (first.text === '-' && count === 1 && (number?.kind === 'int' || number?.kind === 'double')) {
      this.next++;
      return this.suffixes(this.number(number, `-${number.text}`, first.at));
    }
    const inner = this.member();
    return count % 2 === 0 ? inner : this.operator(`${first.text}_`, first.at, inner);
  }

  private member(): Expression {
    return this.suffixes(this.primary());
  }

  private suffixes(start: Expression): Expression {
    let of = start;
    for (;;) {
      const dot = this.take('.');
      if (dot) {
        const how = this.take('?') ? 'optional' : 'get';
        const name = this.name();
        const open = how === 'get' ? this.take('(') : undefined;
        of = open ? this.call(name, of, open.at) : { kind: 'field', of, name, how, at: dot.at };
        continue;
      }
      const bracket = this.take('[');
      if (bracket) {
        const sign = this.take('?') ? '_[?_]' : '_[_]';
        const index = this.conditional();
        this.need(']');
        of = this.operator(sign, bracket.at, of, index);
        continue;
      }
      const brace = this.tokens[this.next];
      const name = brace?.text === '{' && brace.kind === 'sign' ? messageName(of) : undefined;
      if (name === undefined || !brace) return of;
      this.next++;
      of = { kind: 'message', name, values: this.fields(), at: brace.at };
    }
  }

  private primary(): Expression {
    const token = this.tokens[this.next++];
    if (!token) throw new SyntaxMistake();
    const { kind, text, at } = token;
    if (kind === 'string' || kind === 'bytes') return { kind: 'constant', type: kind, text, at };
    if (kind === 'int' || kind === 'uint' || kind === 'double') return this.number(token, text, at);
    if (text === '(') {
      const inner = this.conditional();
      this.need(')');
      return inner;
    }
    if (text === '[') return { kind: 'list', items: this.items(']', () => this.item()), at };
    if (text === '{') return { kind: 'map', entries: this.items('}', () => this.entry()), at };
    if (kind === 'sign' && text === '.') return this.primary();
    if (kind !== 'name') throw new SyntaxMistake();
    const type = Object.hasOwn(words, text) ? words[text] : undefined;
    if (type) return { kind: 'constant', type, text, at };
    if (reserved.has(text) || text.startsWith('`')) throw new SyntaxMistake();
    const open = this.take('(');
    return open ? this.call(text, undefined, open.at) : { kind: 'name', name: text, at };
  }

  private call(name: string, target: Expression | undefined, at: number): Expression {
    const args = this.items(')', () => this.conditional());
    const made = expandMacro({ name, target, args, at });
    if (made && 'kind' in made) return made;
    if (made) this.problems.push(made);
    return { kind: 'call', name, target, args, at };
  }

  private number({ kind }: Token, text: string, at: number): Expression {
    const digits = text.replace(/[uU]$/, '');
    if (kind === 'double') return { kind: 'constant', type: 'double', text, at };
    const value = text.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
    const [least, most] = kind === 'uint' ? [0n, 2n ** 64n] : [-(2n ** 63n), 2n ** 63n];
    if (value < least || value >= most) this.problems.push({ what: `invalid ${kind} literal`, at });
    return { kind: 'constant', type: kind === 'uint' ? 'uint' : 'int', text, at };
  }

  private item(): Item {
    const optional = this.take('?') !== undefined;
    return { optional, value: this.conditional() };
  }

  private entry(): Entry {
    const optional = this.take('?') !== undefined;
    const key = this.conditional();
    this.need(':');
    return { optional, key, value: this.conditional() };
  }

  private fields(): readonly Expression[] {
    return this.items('}', () => {
      this.take('?');
      this.name();
      this.need(':');
      return this.conditional();
    });
  }

  /** Separated by commas; one may follow the last of a list or a map. */
  private items<T>(close: string, read: () => T): readonly T[] {
    const found: T[] = [];
    while (!this.take(close)) {
      found.push(read());
      if (this.take(',')) {
        if (close === ')' && this.tokens[this.next]?.text === ')') throw new SyntaxMistake();
        continue;
      }
      this.need(close);
      break;
    }
    return found;
  }

  private name(): string {
    const token = this.tokens[this.next++];
    if (token?.kind !== 'name' || Object.hasOwn(words, token.text) || token.text === 'in') throw new SyntaxMistake();
    return token.text.replace(/^`|`$/g, '');
  }

  private operator(name: string, at: number, ...args: readonly Expression[]): Expression {
    return { kind: 'call', name, target: undefined, args, at };
  }

  private take(sign: string): Token | undefined {
    const token = this.tokens[this.next];
    if (token?.text !== sign || token.kind !== 'sign') return undefined;
    this.next++;
    return token;
  }

  private need(sign: string): void {
    if (!this.take(sign)) throw new SyntaxMistake(`at ${this.tokens[this.next]?.at ?? this.end}`);
  }
}

/** `a.b.C`, before a brace. */
function messageName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'field' || expression.how !== 'get') return undefined;
  const before = messageName(expression.of);
  return before === undefined ? undefined : `${before}.${expression.name}`;
}
