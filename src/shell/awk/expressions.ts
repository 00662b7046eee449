// Parses awk's expressions, lowest precedence first.
import { AwkError, type Expression, type Place } from './ast.ts';
import type { Token } from './lexer.ts';

const end: Token = { kind: 'end', text: '' };
const assignments = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=', '**=']);
const depthMax = 200;

export class ExpressionParser {
  protected at = 0;
  /** Inside print: `>` redirects and does not compare. */
  protected inPrint = false;
  private depth = 0;

  constructor(protected readonly tokens: readonly Token[]) {}

  protected get token(): Token {
    return this.tokens[this.at] ?? end;
  }
  protected peek(count: number): readonly Token[] {
    return this.tokens.slice(this.at, this.at + count);
  }
  protected advance(): void {
    this.at++;
  }
  protected isOperator(text: string): boolean {
    return this.token.kind === 'operator' && this.token.text === text;
  }
  protected take(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.at++;
    return true;
  }
  protected takeName(text: string): boolean {
    if (this.token.kind !== 'name' || this.token.text !== text) return false;
    this.at++;
    return true;
  }
  protected takeCall(text: string): boolean {
    if (this.token.kind !== 'call' || this.token.text !== text) return false;
    this.at++;
    return true;
  }
  protected expect(text: string): void {
    if (!this.take(text)) this.unexpected();
  }
  protected unexpected(): never {
    const { text, kind } = this.token;
    throw new AwkError(
      `syntax error at source line 1: unexpected ${kind === 'end' ? 'end of program' : kind === 'line' ? 'newline' : `'${text}'`}`,
    );
  }
  protected skipLines(): void {
    while (this.token.kind === 'line') this.at++;
  }

  protected expression(): Expression {
    if (++this.depth > depthMax) throw new AwkError('expression nests too deeply');
    const value = this.choice();
    this.depth--;
    const operator = this.token.text;
    if (this.token.kind !== 'operator' || !assignments.has(operator)) return value;
    if (value.kind !== 'variable' && value.kind !== 'field' && value.kind !== 'element') this.unexpected();
    this.advance();
    this.skipLines();
    return {
      kind: 'assign',
      place: value,
      operator: operator.slice(0, -1).replace('**', '^'),
      value: this.expression(),
    };
  }

  private choice(): Expression {
    const condition = this.binary(['||'], () => this.binary(['&&'], () => this.membership()));
    if (!this.take('?')) return condition;
    this.skipLines();
    const yes = this.expression();
    this.skipLines();
    this.expect(':');
    this.skipLines();
    return { kind: 'choice', condition, yes, no: this.expression() };
  }

  private binary(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (this.token.kind === 'operator' && operators.includes(this.token.text)) {
      const operator = this.token.text;
      this.advance();
      this.skipLines();
      left = { kind: 'binary', operator, left, right: operand() };
    }
    return left;
  }

  private membership(): Expression {
    let left = this.matching();
    while (this.takeName('in')) {
      left = { kind: 'in', index: left, array: this.token.text };
      this.advance();
    }
    return left;
  }

  private matching(): Expression {
    let left = this.comparison();
    for (;;) {
      const negated = this.isOperator('!') && this.tokens[this.at + 1]?.text === '~';
      if (!negated && !this.isOperator('~')) return left;
      this.at += negated ? 2 : 1;
      left = { kind: 'binary', operator: negated ? '!~' : '~', left, right: this.comparison() };
    }
  }

  private comparison(): Expression {
    const left = this.concatenation();
    const operator = this.token.kind === 'operator' ? this.token.text : '';
    if (!['<', '<=', '==', '!=', '>', '>='].includes(operator) || (operator === '>' && this.inPrint)) return left;
    this.advance();
    return { kind: 'binary', operator, left, right: this.concatenation() };
  }

  protected concatenation(): Expression {
    let left = this.additive();
    while (this.beginsOperand()) left = { kind: 'binary', operator: ' ', left, right: this.additive() };
    return left;
  }

  private beginsOperand(): boolean {
    const { kind, text } = this.token;
    if (kind === 'number' || kind === 'text' || kind === 'call') return true;
    if (kind === 'name') return text !== 'in';
    return (
      kind === 'operator' &&
      ['$', '!', '(', '-', '+', '++', '--'].includes(text) &&
      !(text === '!' && this.tokens[this.at + 1]?.text === '~')
    );
  }

  private additive(): Expression {
    return this.binary(['+', '-'], () => this.binary(['*', '/', '%'], () => this.unary()));
  }

  private unary(): Expression {
    for (const operator of ['!', '-', '+'])
      if (this.take(operator)) return { kind: 'unary', operator, operand: this.unary() };
    return this.power();
  }

  private power(): Expression {
    const base = this.step();
    if (!this.take('^') && !this.take('**')) return base;
    return { kind: 'binary', operator: '^', left: base, right: this.unary() };
  }

  private step(): Expression {
    for (const [operator, by] of [
      ['++', 1],
      ['--', -1],
    ] as const) {
      if (!this.take(operator)) continue;
      return { kind: 'step', place: this.place(this.primary()), by, after: false };
    }
    const value = this.primary();
    if (value.kind !== 'variable' && value.kind !== 'field' && value.kind !== 'element') return value;
    if (this.take('++')) return { kind: 'step', place: value, by: 1, after: true };
    if (this.take('--')) return { kind: 'step', place: value, by: -1, after: true };
    return value;
  }

  private place(value: Expression): Place {
    if (value.kind === 'variable' || value.kind === 'field' || value.kind === 'element') return value;
    return this.unexpected();
  }

  private primary(): Expression {
    const { kind, text } = this.token;
    if (this.take('$'))
      return {
        kind: 'field',
        index:
          this.isOperator('++') || this.isOperator('--')
            ? this.step()
            : this.isOperator('-')
              ? this.unary()
              : this.primary(),
      };
    if (this.take('(')) return this.group();
    if (kind === 'operator' || kind === 'line' || kind === 'end') this.unexpected();
    this.advance();
    if (kind === 'number') return { kind: 'number', value: Number(text) };
    if (kind === 'text') return { kind: 'text', text };
    if (kind === 'regex') return { kind: 'regex', source: text };
    if (kind === 'call') return this.call(text);
    if (text === 'getline') {
      if (this.isOperator('<') || this.token.kind === 'name')
        throw new AwkError('getline with a variable or a file is not supported here');
      return { kind: 'getline' };
    }
    if (text === 'length') return { kind: 'call', name: 'length', values: [] };
    if (!this.take('[')) return { kind: 'variable', name: text };
    return { kind: 'element', array: text, index: this.subscript() };
  }

  /** The index after `[`; several are joined by SUBSEP. */
  protected subscript(): Expression {
    let index = this.expression();
    while (this.take(',')) index = joined(index, this.expression());
    this.expect(']');
    return index;
  }

  private group(): Expression {
    const wasPrint = this.inPrint;
    this.inPrint = false;
    let value = this.expression();
    while (this.take(',')) value = joined(value, this.expression());
    this.expect(')');
    this.inPrint = wasPrint;
    return value.kind === 'variable' || value.kind === 'field' || value.kind === 'element'
      ? { kind: 'unary', operator: 'group', operand: value }
      : value;
  }

  private call(name: string): Expression {
    this.expect('(');
    const wasPrint = this.inPrint;
    this.inPrint = false;
    const values: Expression[] = [];
    for (this.skipLines(); !this.take(')'); this.skipLines()) {
      values.push(this.expression());
      if (!this.isOperator(')')) this.expect(',');
    }
    this.inPrint = wasPrint;
    return { kind: 'call', name, values };
  }
}

function joined(left: Expression, right: Expression): Expression {
  const separator: Expression = { kind: 'variable', name: 'SUBSEP' };
  return { kind: 'binary', operator: ' ', left: { kind: 'binary', operator: ' ', left, right: separator }, right };
}
