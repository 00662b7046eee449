// The parser's place in a script: characters, lines, comments, operators, and here-documents that wait for their text.
import type { Script, SyntaxProblem, Word } from './ast.ts';

/** Thrown inside the parser only; parseScript() turns it into a problem. */
export class SyntaxFault extends Error {
  constructor(readonly problem: SyntaxProblem) {
    super(problem.detail);
  }
}

export interface PendingDocument {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
  readonly fill: (body: string, line: number) => void;
}

/** What the parser of words needs from the parser of commands. */
export interface Nested {
  /** Commands up to `)`, which is consumed. */
  script(scanner: Scanner): Script;
}

const operators = [
  '<<<',
  '<<-',
  '&>>',
  ';;&',
  '&&',
  '||',
  ';;',
  ';&',
  '|&',
  '<<',
  '>>',
  '<&',
  '>&',
  '<>',
  '>|',
  '&>',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '\n',
]; // longest first
const depthMax = 200;

export class Scanner {
  at = 0;
  /** How deep commands nest: a script of ten thousand parentheses is a problem, not a crash. */
  depth = 0;
  private readonly pending: PendingDocument[] = [];
  private waits = false;

  constructor(
    readonly text: string,
    readonly nested: Nested,
    private readonly firstLine = 1,
  ) {}

  get char(): string {
    return this.text.charAt(this.at);
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  line(at = this.at): number {
    let count = this.firstLine;
    for (let i = this.text.indexOf('\n'); i !== -1 && i < at; i = this.text.indexOf('\n', i + 1)) count++;
    return count;
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Passes over blanks, continued lines and a comment. */
  skipBlanks(): void {
    for (;;) {
      if (this.char === ' ' || this.char === '\t' || this.char === '\r') this.at++;
      else if (this.startsWith('\\\n')) this.at += 2;
      else break;
    }
    if (this.char !== '#') return;
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
  }

  /** The operator that comes next, after blanks; undefined for a word or the end. */
  operator(): string | undefined {
    this.skipBlanks();
    return operators.find((operator) => this.startsWith(operator));
  }

  /** Consumes the operator if it comes next. */
  accept(operator: string): boolean {
    if (this.operator() !== operator) return false;
    this.at += operator.length;
    if (operator === '\n') this.readDocuments();
    return true;
  }

  /** Passes over line ends. */
  skipLines(): void {
    while (this.accept('\n'));
  }

  enter(): void {
    if (++this.depth > depthMax) this.fail({ kind: 'other', detail: 'commands nest too deeply' });
  }

  leave(): void {
    this.depth--;
  }

  expectDocument(document: PendingDocument): void {
    this.pending.push(document);
  }

  /** Reads the here-documents whose redirections the line that has just ended held. */
  readDocuments(): void {
    for (const document of this.pending.splice(0)) {
      const line = this.line();
      const lines: string[] = [];
      let isWhole = false;
      while (!this.ended && !isWhole) {
        const end = this.text.indexOf('\n', this.at);
        const raw = this.text.slice(this.at, end === -1 ? undefined : end);
        this.at = end === -1 ? this.text.length : end + 1;
        const content = document.stripTabs ? raw.replace(/^\t+/, '') : raw;
        isWhole = content === document.delimiter;
        if (!isWhole) lines.push(`${content}\n`);
      }
      this.waits ||= !isWhole;
      document.fill(lines.join(''), line);
    }
  }

  /** Whether a here-document's end has yet to come. */
  get waitsForDocument(): boolean {
    return this.waits || this.pending.length > 0;
  }

  /** The token that comes next, as an error message shows it. */
  token(): string {
    const operator = this.operator();
    if (operator) return operator === '\n' ? 'newline' : operator;
    const start = this.at;
    let end = start;
    while (end < this.text.length && !/[\s;&|<>()]/.test(this.text.charAt(end))) end++;
    return this.text.slice(start, end);
  }

  unexpected(expected?: string): never {
    this.skipBlanks();
    if (this.ended) this.fail({ kind: 'endOfFile', detail: '', expected, incomplete: true });
    this.fail({ kind: 'unexpected', detail: this.token(), expected });
  }

  fail(
    problem: Pick<SyntaxProblem, 'kind' | 'detail'> & {
      expected?: string | undefined;
      incomplete?: boolean;
      line?: number;
    },
  ): never {
    throw new SyntaxFault({
      kind: problem.kind,
      detail: problem.detail,
      expected: problem.expected,
      line: problem.line ?? this.line(),
      incomplete: problem.incomplete ?? false,
    });
  }
}

/** A literal word: quotes removed; for here-document delimiters and function names. */
export function literalOf(word: Word): string {
  return word.parts
    .map((part) => {
      if (part.kind === 'text' || part.kind === 'quoted') return part.text;
      return part.kind === 'double' ? literalOf({ parts: part.parts }) : '';
    })
    .join('');
}
