// Parses kubectl's JSONPath templates: `{range .items[*]}{.metadata.name}{"\n"}{end}` → nodes.
import { unquote } from '../../base/go/quote.ts';

export type PathNode =
  | { readonly kind: 'list'; readonly nodes: readonly PathNode[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'slice'; readonly params: readonly [SliceParam, SliceParam, SliceParam] }
  | { readonly kind: 'filter'; readonly left: PathNode; readonly right: PathNode; readonly operator: string }
  | { readonly kind: 'literal'; readonly value: number | boolean; readonly float?: boolean }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'union'; readonly nodes: readonly PathNode[] }
  | { readonly kind: 'identifier'; readonly name: string };

export interface SliceParam {
  readonly value: number;
  readonly known: boolean;
  /** `[3]` means `[3:4]`: the end was derived from the start. */
  readonly derived?: boolean;
}

/** The message is client-go's. */
export class JsonPathError extends Error {
  override name = 'JsonPathError';
}

type Nodes = PathNode[];
const nestingMax = 100;

/** The top-level nodes of a template: texts and one list for each `{…}`. */
export function parseJsonPath(template: string): readonly PathNode[] {
  return new Parser(template, 0).parse();
}

class Parser {
  private at = 0;
  private start = 0;
  private readonly root: Nodes = [];

  constructor(
    private readonly input: string,
    private readonly depth: number,
  ) {
    if (depth > nestingMax) throw new JsonPathError('template is nested too deeply');
  }

  parse(): readonly PathNode[] {
    while (this.at < this.input.length) {
      const open = this.input.indexOf('{', this.at);
      const text = this.input.slice(this.at, open < 0 ? undefined : open);
      if (text !== '') this.root.push({ kind: 'text', text });
      if (open < 0) break;
      this.at = open + 1;
      this.start = this.at;
      const nodes: Nodes = [];
      this.root.push({ kind: 'list', nodes });
      this.action(nodes);
    }
    return this.root;
  }

  private next(): string | undefined {
    const code = this.input.codePointAt(this.at);
    if (code === undefined) return undefined;
    const rune = String.fromCodePoint(code);
    this.at += rune.length;
    return rune;
  }

  private consume(): string {
    const text = this.input.slice(this.start, this.at);
    this.start = this.at;
    return text;
  }

  /** Everything up to the closing brace. */
  private action(nodes: Nodes): void {
    for (;;) {
      const rest = this.input.slice(this.at, this.at + 3);
      if (rest.startsWith('}')) {
        this.at += 1;
        this.start = this.at;
        return;
      }
      if (rest === '[?(') this.filter(nodes);
      else if (rest.startsWith('..')) this.recursive(nodes);
      else this.step(nodes);
    }
  }

  private step(nodes: Nodes): void {
    const rune = this.next();
    if (rune === undefined || rune === '\n' || rune === '\r') throw new JsonPathError('unclosed action');
    if (rune === ' ' || rune === '@' || rune === '$') this.consume();
    else if (rune === '[') this.array(nodes);
    else if (rune === '"' || rune === "'") this.quote(nodes, rune);
    else if (rune === '.') this.field(nodes);
    else if (/[+\-\p{Nd}]/u.test(rune)) this.number(nodes);
    else if (/[_\p{L}]/u.test(rune)) this.identifier(nodes);
    else throw new JsonPathError(`unrecognized character in action: ${describeRune(rune)}`);
  }

  private scanToTerminator(escapes: boolean): void {
    while (this.at < this.input.length) {
      const here = this.input.charAt(this.at);
      if (escapes && here === '\\') this.at++;
      else if (/[ \t\r\n.,[\]$@{}]/.test(here)) return;
      this.at++;
    }
  }

  private field(nodes: Nodes): void {
    this.consume();
    this.scanToTerminator(true);
    const name = this.consume();
    nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name: name.replaceAll('\\', '') });
  }

  private identifier(nodes: Nodes): void {
    this.scanToTerminator(false);
    const name = this.consume();
    if (name === 'true' || name === 'false') nodes.push({ kind: 'literal', value: name === 'true' });
    else nodes.push({ kind: 'identifier', name });
  }

  private number(nodes: Nodes): void {
    while (/[.\p{Nd}]/u.test(this.input.charAt(this.at))) this.at++;
    const text = this.consume();
    if (/^[+-]?\d+$/.test(text)) nodes.push({ kind: 'literal', value: Number(text) });
    else if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) nodes.push({ kind: 'literal', value: Number(text), float: true });
    else throw new JsonPathError(`cannot parse number ${text}`);
  }

  private recursive(nodes: Nodes): void {
    if (nodes.at(-1)?.kind === 'recursive') throw new JsonPathError('invalid multiple recursive descent');
    this.at += 2;
    this.consume();
    nodes.push({ kind: 'recursive' });
    if (/[_\p{L}\p{Nd}]/u.test(this.input.charAt(this.at))) this.field(nodes);
  }

  private quote(nodes: Nodes, end: string): void {
    for (;;) {
      const rune = this.next();
      if (rune === undefined || rune === '\n') throw new JsonPathError('unterminated quoted string');
      if (rune === end && this.input[this.at - 2] !== '\\') break;
    }
    nodes.push({ kind: 'text', text: unquoted(this.consume()) });
  }

  private array(nodes: Nodes): void {
    for (;;) {
      const rune = this.next();
      if (rune === undefined || rune === '\n') throw new JsonPathError('unterminated array');
      if (rune === ']') break;
    }
    let text = this.consume().slice(1, -1);
    if (text === '*') text = ':';
    const parts = text.split(',');
    if (parts.length > 1) {
      nodes.push({ kind: 'union', nodes: parts.map((part) => this.inner(`[${part.replace(/^ +| +$/g, '')}]`)) });
      return;
    }
    const key = /^'([^']*)'$/.exec(text);
    if (key) {
      const inner = this.inner(`.${key[1]}`);
      if (inner.kind === 'list') nodes.push(...inner.nodes);
      return;
    }
    nodes.push(sliceNode(text));
  }

  private filter(nodes: Nodes): void {
    this.at += 3;
    this.consume();
    let begin = false;
    let end = false;
    let pair = '';
    for (;;) {
      const rune = this.next();
      if (rune === undefined || rune === '\n') throw new JsonPathError('unterminated filter');
      if (rune === '"' || rune === "'") {
        if (!begin) {
          begin = true;
          pair = rune;
        } else if (this.input[this.at - 2] !== '\\' && rune === pair) end = true;
      } else if (rune === ')' && begin === end) break;
    }
    if (this.next() !== ']') throw new JsonPathError('unclosed array expect ]');
    const text = this.consume().slice(0, -2);
    const parts = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
    const [, left = text, operator = 'exists', right] = parts ?? [];
    nodes.push({
      kind: 'filter',
      left: this.inner(left),
      right: right === undefined ? { kind: 'list', nodes: [] } : this.inner(right),
      operator,
    });
  }

  private inner(text: string): PathNode {
    const [first] = new Parser(`{${text}}`, this.depth + 1).parse();
    return first ?? { kind: 'list', nodes: [] };
  }
}

function sliceNode(text: string): PathNode {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (!match) throw new JsonPathError(`invalid array index ${text}`);
  const [, from = '', to, step] = match;
  const start = slicePart(from);
  const end: SliceParam =
    to === undefined ? { known: true, value: start.value + 1, derived: true } : slicePart(to.slice(1));
  return { kind: 'slice', params: [start, end, slicePart((step ?? '').slice(1))] };
}

function slicePart(text: string): SliceParam {
  if (text === '') return { known: false, value: 0 };
  if (text === '-') throw new JsonPathError(`array index ${text} is not a number`);
  return { known: true, value: Number(text) };
}

/** The text of a literal in either quote. */
function unquoted(quoted: string): string {
  const text = unquote(quoted);
  if (text === undefined) throw new JsonPathError(`unquote string ${quoted} error invalid syntax`);
  return text;
}

/** Go's %#U: `U+0023 '#'` */
function describeRune(rune: string): string {
  const code = (rune.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} '${rune}'`;
}
