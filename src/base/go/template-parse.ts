// Parses Go templates (text/template) into nodes.

import { unquote } from './quote.ts';
import { lexTemplate, type Token } from './template-lex.ts';

/** `at` is the offset of a node, `text` how it is written: both stand in errors. */
export interface Located {
  readonly at: number;
  readonly text: string;
}

export type Operand = Located &
  (
    | { readonly kind: 'dot' }
    | { readonly kind: 'nil' }
    | { readonly kind: 'field'; readonly names: readonly string[] }
    | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'constant'; readonly value: string | boolean | TemplateNumber }
    | { readonly kind: 'pipe'; readonly pipe: Pipe }
    | { readonly kind: 'chain'; readonly base: Operand; readonly names: readonly string[] }
  );

export interface TemplateNumber {
  readonly number: number;
  readonly type: 'int' | 'float64';
}

export interface Command extends Located {
  readonly operands: readonly Operand[];
}

export interface Pipe extends Located {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

export type TemplateNode = Located &
  (
    | { readonly kind: 'text' }
    | { readonly kind: 'action'; readonly pipe: Pipe }
    | {
        readonly kind: 'if' | 'range' | 'with';
        readonly pipe: Pipe;
        readonly body: readonly TemplateNode[];
        readonly otherwise: readonly TemplateNode[];
      }
    | { readonly kind: 'template'; readonly name: string; readonly pipe: Pipe | undefined }
    | { readonly kind: 'break' | 'continue' }
  );

export interface ParsedTemplate {
  readonly main: readonly TemplateNode[];
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** The message begins with `template: NAME:LINE:` as Go's does. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

const nestingMax = 200;

/** What a template is called, and the functions that it may call. */
export interface TemplateTerms {
  readonly name: string;
  readonly functions: ReadonlyMap<string, unknown>;
}

export function parseTemplate(text: string, terms: TemplateTerms): ParsedTemplate {
  return new Parser(text, terms).parse();
}

type End = 'end' | 'else' | 'eof';

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly defined = new Map<string, readonly TemplateNode[]>();
  private variables: string[] = ['$'];
  private loops = 0;
  private depth = 0;

  constructor(
    private readonly input: string,
    private readonly terms: TemplateTerms,
  ) {
    this.tokens = lexTemplate(input);
  }

  parse(): ParsedTemplate {
    const { nodes, end } = this.list();
    if (end !== 'eof') this.fail(`unexpected {{${end}}}`);
    return { main: nodes, defined: this.defined };
  }

  private fail(message: string): never {
    const token = this.tokens[Math.min(this.at, this.tokens.length - 1)];
    throw new TemplateError(`template: ${this.terms.name}:${token?.line ?? 1}: ${message}`);
  }

  private peek(): Token {
    const token = this.tokens[Math.min(this.at, this.tokens.length - 1)];
    if (!token) return this.fail('unexpected EOF');
    if (token.kind === 'error') this.fail(token.text);
    return token;
  }

  private next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  private skipSpace(): Token {
    while (this.peek().kind === 'space') this.at++;
    return this.peek();
  }

  private unexpected(token: Token, context: string): never {
    const shown =
      token.kind === 'eof' ? 'EOF' : token.kind === 'keyword' ? `<${token.text}>` : JSON.stringify(token.text);
    return this.fail(`unexpected ${shown} in ${context}`);
  }

  private list(): { readonly nodes: readonly TemplateNode[]; readonly end: End } {
    if (++this.depth > nestingMax) this.fail('template is nested too deeply');
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.next();
      if (token.kind === 'eof') {
        if (this.depth > 1) this.fail('unexpected EOF');
        this.depth--;
        return { nodes, end: 'eof' };
      }
      if (token.kind === 'text') nodes.push({ kind: 'text', at: token.at, text: token.text });
      else {
        const node = this.action();
        if (node === 'end' || node === 'else') {
          this.depth--;
          return { nodes, end: node };
        }
        if (node) nodes.push(node);
      }
    }
  }

  private action(): TemplateNode | 'end' | 'else' | undefined {
    const token = this.skipSpace();
    if (token.kind === 'keyword') {
      this.at++;
      return this.keyword(token);
    }
    const pipe = this.pipe('command', 'right');
    return { kind: 'action', pipe, at: token.at, text: `{{${pipe.text}}}` };
  }

  private keyword(token: Token): TemplateNode | 'end' | 'else' | undefined {
    switch (token.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.control(token, token.text);
      case 'end':
        this.closing('end');
        return 'end';
      case 'else':
        if (this.skipSpace().kind === 'keyword' && ['if', 'with'].includes(this.peek().text)) return 'else';
        this.closing('else');
        return 'else';
      case 'define':
        return this.define();
      case 'break':
      case 'continue':
        if (this.loops === 0) this.fail(`{{${token.text}}} outside {{range}}`);
        this.closing(`{{${token.text}}}`);
        return { kind: token.text, at: token.at, text: `{{${token.text}}}` };
      default:
        return this.template(token.text === 'block');
    }
  }

  private closing(context: string): void {
    const token = this.skipSpace();
    if (token.kind !== 'right') this.unexpected(token, context);
    this.at++;
  }

  private control(token: Token, kind: 'if' | 'range' | 'with'): TemplateNode {
    const scope = this.variables.length;
    const pipe = this.pipe(kind, 'right');
    if (kind === 'range') this.loops++;
    const { nodes: body, end } = this.list();
    if (kind === 'range') this.loops--;
    let otherwise: readonly TemplateNode[] = [];
    if (end === 'else') {
      const chained = this.peek();
      if (chained.kind === 'keyword' && chained.text === kind && kind !== 'range') {
        this.at++;
        otherwise = [this.control(chained, kind)];
        this.variables = this.variables.slice(0, scope);
        return { kind, pipe, body, otherwise, at: token.at, text: `{{${kind} ${pipe.text}}}` };
      }
      if (chained.kind === 'keyword') this.unexpected(chained, 'else');
      const other = this.list();
      if (other.end === 'else') this.fail('expected end; found {{else}}');
      otherwise = other.nodes;
    }
    this.variables = this.variables.slice(0, scope);
    return { kind, pipe, body, otherwise, at: token.at, text: `{{${kind} ${pipe.text}}}` };
  }

  private name(context: string): string {
    const token = this.skipSpace();
    if (token.kind !== 'string') this.unexpected(token, context);
    this.at++;
    return unquote(token.text) ?? this.fail(`invalid syntax`);
  }

  private define(): undefined {
    const name = this.name('define clause');
    this.closing('define clause');
    this.body(name);
    return undefined;
  }

  private body(name: string): void {
    const outer = this.variables;
    this.variables = ['$'];
    const { nodes, end } = this.list();
    if (end !== 'end') this.fail(`unexpected {{${end}}} in define clause`);
    this.variables = outer;
    this.defined.set(name, nodes);
  }

  private template(block: boolean): TemplateNode {
    const context = block ? 'block clause' : 'template clause';
    const { at } = this.skipSpace();
    const name = this.name(context);
    let pipe: Pipe | undefined;
    if (this.skipSpace().kind === 'right') this.at++;
    else pipe = this.pipe(context, 'right');
    if (block) this.body(name);
    return { kind: 'template', name, pipe, at, text: `{{template ${JSON.stringify(name)}}}` };
  }

  private pipe(context: string, end: 'right' | 'close'): Pipe {
    const start = this.skipSpace().at;
    const declared = this.declaration(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.skipSpace();
      if (token.kind === end) {
        const text = this.input.slice(start, token.at).trim();
        this.at++;
        if (commands.length === 0) this.fail(`missing value for ${context}`);
        return { ...declared, commands, at: start, text };
      }
      if (
        ['bool', 'char', 'dot', 'field', 'identifier', 'number', 'nil', 'string', 'variable', 'open'].includes(
          token.kind,
        )
      )
        commands.push(this.command(end));
      else this.unexpected(token, context);
    }
  }

  private declaration(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const names: string[] = [];
    const start = this.at;
    while (this.skipSpace().kind === 'variable') {
      names.push(this.next().text);
      const sign = this.skipSpace();
      if (sign.kind === 'comma' && context === 'range' && names.length < 2) {
        this.at++;
        continue;
      }
      if (sign.kind === 'declare' || sign.kind === 'assign') {
        this.at++;
        for (const name of names) {
          if (sign.kind === 'declare') this.variables.push(name);
          else this.known(name);
        }
        return { variables: names, assigns: sign.kind === 'assign' };
      }
      break;
    }
    this.at = start;
    return { variables: [], assigns: false };
  }

  private known(name: string): void {
    if (!this.variables.includes(name)) this.fail(`undefined variable ${JSON.stringify(name)}`);
  }

  private command(end: 'right' | 'close'): Command {
    const start = this.skipSpace().at;
    const operands: Operand[] = [];
    for (;;) {
      const operand = this.operand();
      if (operand) operands.push(operand);
      const token = this.peek();
      if (token.kind === 'space') {
        this.at++;
        const after = this.skipSpace();
        if (after.kind !== 'pipe' && after.kind !== end) continue;
      }
      const after = this.peek();
      if (after.kind === 'pipe') {
        this.at++;
      } else if (after.kind !== end) this.unexpected(after, 'operand');
      if (operands.length === 0) this.fail('empty command');
      return { operands, at: start, text: operands.map(({ text }) => text).join(' ') };
    }
  }

  private operand(): Operand | undefined {
    const base = this.term();
    if (!base) return undefined;
    const names: string[] = [];
    let text = base.text;
    const { at } = this.peek();
    while (this.peek().kind === 'field') {
      const token = this.next();
      names.push(token.text.slice(1));
      text += token.text;
    }
    if (names.length === 0) return base;
    if (base.kind === 'field') return { ...base, names: [...base.names, ...names], text, at };
    if (base.kind === 'variable') return { ...base, names, text, at };
    if (base.kind === 'constant' || base.kind === 'nil' || base.kind === 'dot')
      this.fail(`unexpected . after term ${JSON.stringify(base.text)}`);
    return { kind: 'chain', base, names, at, text };
  }

  private term(): Operand | undefined {
    const token = this.peek();
    const at = { at: token.at, text: token.text };
    switch (token.kind) {
      case 'identifier':
        this.at++;
        if (!this.terms.functions.has(token.text)) this.fail(`function ${JSON.stringify(token.text)} not defined`);
        return { kind: 'function', name: token.text, ...at };
      case 'dot':
        this.at++;
        return { kind: 'dot', ...at };
      case 'nil':
        this.at++;
        return { kind: 'nil', ...at };
      case 'variable':
        this.at++;
        this.known(token.text);
        return { kind: 'variable', name: token.text, names: [], ...at };
      case 'field':
        this.at++;
        return { kind: 'field', names: [token.text.slice(1)], ...at };
      case 'open': {
        this.at++;
        const pipe = this.pipe('parenthesized pipeline', 'close');
        return { kind: 'pipe', pipe, at: token.at, text: `(${pipe.text})` };
      }
      default:
        return this.constant(token);
    }
  }

  private constant(token: Token): Operand | undefined {
    const at = { at: token.at, text: token.text };
    const constant = (value: string | boolean | TemplateNumber): Operand => {
      this.at++;
      return { kind: 'constant', value, ...at };
    };
    if (token.kind === 'bool') return constant(token.text === 'true');
    if (token.kind === 'string') return constant(unquote(token.text) ?? this.fail('invalid syntax'));
    if (token.kind === 'char') {
      const rune = unquote(token.text) ?? this.fail(`malformed character constant: ${token.text}`);
      return constant({ number: rune.codePointAt(0) ?? 0, type: 'int' });
    }
    if (token.kind !== 'number') return undefined;
    const plain = token.text.replaceAll('_', '');
    const isInteger = /^[+-]?(0[xXbBoO][0-9a-fA-F]+|[0-9]+)$/.test(plain);
    const size = Number(plain.replace(/^[+-]/, '').replace(/^0([0-7]+)$/, '0o$1'));
    if (Number.isNaN(size)) this.fail(`illegal number syntax: ${JSON.stringify(token.text)}`);
    return constant({ number: plain.startsWith('-') ? -size : size, type: isInteger ? 'int' : 'float64' });
  }
}
