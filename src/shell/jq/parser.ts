// Parses jq filters by precedence: | , // = or and comparisons + * then postfix terms.
import { type Filter, JqSyntaxError } from './ast.ts';

const tokenPattern =
  /\s+|#[^\n]*|(?<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?<field>\.[A-Za-z_]\w*)|(?<name>[A-Za-z_]\w*(?:::\w+)*)|(?<variable>\$[A-Za-z_]\w*)|(?<format>@\w+)|(?<operator>\?\/\/|\|=|\+=|-=|\*=|\/=|%=|\/\/=|==|!=|<=|>=|\/\/|\.\.|[-+*/%<>=|,.()[\]{}:;?"])/y;
const depthMax = 200;

export function parseJq(source: string): Filter {
  return new JqParser(source).whole();
}

interface Token {
  readonly kind: 'number' | 'field' | 'name' | 'variable' | 'format' | 'operator' | 'end';
  readonly text: string;
}

const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];
const updates = ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='];

class JqParser {
  private at = 0;
  private depth = 0;
  private token: Token = { kind: 'end', text: '' };

  constructor(private readonly source: string) {
    this.advance();
  }

  whole(): Filter {
    const filter = this.token.kind === 'end' ? ({ kind: 'identity' } as const) : this.pipe();
    if (this.token.kind !== 'end') this.unexpected();
    return filter;
  }

  private advance(): void {
    for (;;) {
      if (this.at >= this.source.length) {
        this.token = { kind: 'end', text: '' };
        return;
      }
      tokenPattern.lastIndex = this.at;
      const match = tokenPattern.exec(this.source);
      if (!match)
        throw new JqSyntaxError(
          `syntax error, unexpected INVALID_CHARACTER at '${this.source.slice(this.at, this.at + 10)}'`,
        );
      this.at = tokenPattern.lastIndex;
      const groups = match.groups ?? {};
      for (const kind of ['number', 'field', 'name', 'variable', 'format', 'operator'] as const) {
        const text = groups[kind];
        if (text === undefined) continue;
        this.token = { kind, text };
        return;
      }
    }
  }

  private unexpected(): never {
    const what = this.token.kind === 'end' ? 'end of file' : `'${this.token.text}'`;
    throw new JqSyntaxError(`syntax error, unexpected ${what} (Unix shell quoting issues?)`);
  }

  private is(text: string): boolean {
    return (this.token.kind === 'operator' || this.token.kind === 'name') && this.token.text === text;
  }
  private take(text: string): boolean {
    if (!this.is(text)) return false;
    this.advance();
    return true;
  }
  private expect(text: string): void {
    if (!this.take(text)) this.unexpected();
  }

  private pipe(): Filter {
    if (++this.depth > depthMax) throw new JqSyntaxError('filter nests too deeply');
    if (this.is('def')) return this.define();
    let left = this.comma();
    if (this.take('|')) left = { kind: 'pipe', left, right: this.pipe() };
    this.depth--;
    return left;
  }

  private define(): Filter {
    this.expect('def');
    const name = this.token.text;
    this.advance();
    const parameters: string[] = [];
    if (this.take('('))
      do {
        parameters.push(this.token.text);
        this.advance();
      } while (this.take(';'));
    if (parameters.length > 0) this.expect(')');
    this.expect(':');
    const body = this.pipe();
    this.expect(';');
    this.depth--;
    return { kind: 'define', name, parameters, body, rest: this.pipe() };
  }

  private variableName(): string {
    if (this.token.kind !== 'variable') this.unexpected();
    const name = this.token.text;
    this.advance();
    return name;
  }

  private comma(): Filter {
    let left = this.alternative();
    while (this.take(',')) left = { kind: 'comma', left, right: this.alternative() };
    return left;
  }

  private alternative(): Filter {
    const left = this.update();
    return this.take('//') ? { kind: 'binary', operator: '//', left, right: this.alternative() } : left;
  }

  private update(): Filter {
    const left = this.level(0);
    if (this.take('as')) {
      const name = this.variableName();
      this.expect('|');
      return { kind: 'bind', source: left, name, body: this.pipe() };
    }
    if (this.token.kind !== 'operator' || !updates.includes(this.token.text)) return left;
    const operator = this.token.text;
    this.advance();
    return { kind: 'update', operator, path: left, value: this.alternative() };
  }

  private level(depth: number): Filter {
    const operators = levels[depth];
    if (!operators) return this.postfix();
    let left = this.level(depth + 1);
    while (operators.some((operator) => this.is(operator))) {
      const operator = this.token.text;
      this.advance();
      left = { kind: 'binary', operator, left, right: this.level(depth + 1) };
    }
    return left;
  }

  private postfix(): Filter {
    let term = this.term();
    for (;;) {
      if (this.token.kind === 'field') {
        const key = this.token.text.slice(1);
        this.advance();
        term = { kind: 'index', of: term, key: { kind: 'literal', value: key } };
      } else if (this.is('[')) term = this.bracket(term);
      else if (this.take('?')) term = { kind: 'try', body: term, handler: undefined };
      else if (this.is('.') && /^\s*["[]/.test(this.source.slice(this.at))) {
        this.advance();
        if (this.is('"')) term = { kind: 'index', of: term, key: this.text(undefined) };
      } else return term;
    }
  }

  private bracket(of: Filter): Filter {
    this.expect('[');
    if (this.take(']')) return { kind: 'each', of };
    if (this.take(':')) {
      const to = this.pipe();
      this.expect(']');
      return { kind: 'slice', of, from: undefined, to };
    }
    const key = this.pipe();
    if (!this.take(':')) {
      this.expect(']');
      return { kind: 'index', of, key };
    }
    const to = this.is(']') ? undefined : this.pipe();
    this.expect(']');
    return { kind: 'slice', of, from: key, to };
  }

  private term(): Filter {
    const { kind, text } = this.token;
    if (kind === 'number') {
      this.advance();
      return { kind: 'literal', value: Number(text) };
    }
    if (kind === 'field') {
      this.advance();
      return { kind: 'index', of: { kind: 'identity' }, key: { kind: 'literal', value: text.slice(1) } };
    }
    if (kind === 'variable') {
      this.advance();
      return { kind: 'variable', name: text };
    }
    if (kind === 'format') {
      this.advance();
      return this.is('"') ? this.text(text) : { kind: 'call', name: text, values: [] };
    }
    if (kind === 'operator') return this.symbol(text);
    if (kind === 'name') return this.word(text);
    return this.unexpected();
  }

  private symbol(text: string): Filter {
    if (text === '"') return this.text(undefined);
    this.advance();
    if (text === '..') return { kind: 'recurse' };
    if (text === '.')
      return this.is('"')
        ? { kind: 'index', of: { kind: 'identity' }, key: this.text(undefined) }
        : { kind: 'identity' };
    if (text === '-') return { kind: 'negate', of: this.postfix() };
    if (text === '(') {
      const inner = this.pipe();
      this.expect(')');
      return inner;
    }
    if (text === '[') {
      if (this.take(']')) return { kind: 'list', of: undefined };
      const of = this.pipe();
      this.expect(']');
      return { kind: 'list', of };
    }
    if (text === '{') return this.object();
    return this.unexpected();
  }

  private word(text: string): Filter {
    this.advance();
    if (text === 'if') return this.condition();
    if (text === 'try') {
      const body = this.postfix();
      return { kind: 'try', body, handler: this.take('catch') ? this.postfix() : undefined };
    }
    if (text === 'reduce') {
      const source = this.postfix();
      this.expect('as');
      const name = this.variableName();
      this.expect('(');
      const start = this.pipe();
      this.expect(';');
      const update = this.pipe();
      this.expect(')');
      return { kind: 'reduce', source, name, start, update };
    }
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
    if (text === 'null') return { kind: 'literal', value: null };
    if (text === 'foreach' || text === 'label' || text === 'import' || text === 'include')
      throw new JqSyntaxError(`${text} is not supported here`);
    const values: Filter[] = [];
    if (this.take('(')) {
      do values.push(this.pipe());
      while (this.take(';'));
      this.expect(')');
    }
    return { kind: 'call', name: text, values };
  }

  private condition(): Filter {
    const condition = this.pipe();
    this.expect('then');
    const then = this.pipe();
    if (this.take('elif')) return { kind: 'if', condition, then, otherwise: this.condition() };
    const otherwise: Filter = this.take('else') ? this.pipe() : { kind: 'identity' };
    this.expect('end');
    return { kind: 'if', condition, then, otherwise };
  }

  private object(): Filter {
    const entries: { key: Filter; value: Filter }[] = [];
    while (!this.take('}')) {
      const { kind, text } = this.token;
      let key: Filter;
      let short: Filter;
      if (this.is('(')) {
        this.advance();
        key = this.pipe();
        short = key;
        this.expect(')');
      } else if (this.is('"')) {
        key = this.text(undefined);
        short = { kind: 'index', of: { kind: 'identity' }, key };
      } else {
        if (kind !== 'name' && kind !== 'variable' && kind !== 'number') this.unexpected();
        this.advance();
        key = { kind: 'literal', value: text.replace(/^\$/, '') };
        short =
          kind === 'variable' ? { kind: 'variable', name: text } : { kind: 'index', of: { kind: 'identity' }, key };
      }
      entries.push({ key, value: this.take(':') ? this.objectValue() : short });
      if (!this.is('}')) this.expect(',');
    }
    return { kind: 'object', entries };
  }

  /** A value in an object: pipes need no brackets, commas do. */
  private objectValue(): Filter {
    const left = this.alternative();
    return this.take('|') ? { kind: 'pipe', left, right: this.objectValue() } : left;
  }

  /** A text with \(…) in it; the opening quote is the current token. */
  private text(format: string | undefined): Filter {
    const parts: (string | Filter)[] = [];
    let plain = '';
    while (this.source.charAt(this.at) !== '"') {
      const char = this.source.charAt(this.at);
      if (char === '') throw new JqSyntaxError('syntax error, unexpected end of file (Unix shell quoting issues?)');
      if (char !== '\\') {
        plain += char;
        this.at++;
        continue;
      }
      const next = this.source.charAt(this.at + 1);
      this.at += 2;
      if (next === '(') {
        parts.push(plain);
        plain = '';
        this.advance();
        parts.push(this.pipe());
        if (!this.is(')')) this.unexpected();
      } else if (next === 'u') {
        plain += String.fromCharCode(Number.parseInt(this.source.slice(this.at, this.at + 4), 16));
        this.at += 4;
      } else plain += { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[next] ?? next;
    }
    this.at++;
    this.advance();
    parts.push(plain);
    return { kind: 'text', parts, format };
  }
}
