// Parses awk programs: rules and statements. Expressions are in expressions.ts.
import {
  AwkError,
  type AwkFunction,
  type AwkProgram,
  type Block,
  type Expression,
  type Rule,
  type Statement,
  type Target,
} from './ast.ts';
import { ExpressionParser } from './expressions.ts';
import { tokenize } from './lexer.ts';

export function parseAwk(source: string): AwkProgram {
  return new AwkParser(tokenize(source)).program();
}

class AwkParser extends ExpressionParser {
  program(): AwkProgram {
    const begin: Block[] = [];
    const end: Block[] = [];
    const rules: Rule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (this.skipEnds(); this.token.kind !== 'end'; this.skipEnds()) {
      if (this.takeName('function') || this.takeName('func')) this.functionDefinition(functions);
      else if (this.takeName('BEGIN')) begin.push(this.braced());
      else if (this.takeName('END')) end.push(this.braced());
      else rules.push(this.rule());
    }
    return { begin, rules, end, functions };
  }

  private functionDefinition(functions: Map<string, AwkFunction>): void {
    const name = this.token.text;
    this.advance();
    this.expect('(');
    const parameters: string[] = [];
    while (!this.take(')')) {
      parameters.push(this.token.text);
      this.advance();
      this.take(',');
    }
    this.skipLines();
    functions.set(name, { parameters, body: this.braced() });
  }

  private rule(): Rule {
    const isAction = this.isOperator('{');
    const pattern = isAction ? undefined : this.expression();
    const until = pattern && this.take(',') ? this.expression() : undefined;
    return { pattern, until, body: this.isOperator('{') ? this.braced() : undefined };
  }

  private skipEnds(): void {
    while (this.token.kind === 'line' || this.isOperator(';')) this.advance();
  }

  private braced(): Block {
    this.expect('{');
    const statements: Statement[] = [];
    for (this.skipEnds(); !this.take('}'); this.skipEnds()) {
      if (this.token.kind === 'end') throw new AwkError('syntax error at source line 1: missing }');
      statements.push(this.statement());
    }
    return statements;
  }

  /** One statement or a block, after if, while and for. */
  private body(): Block {
    this.skipLines();
    if (this.take(';')) return [];
    return [this.statement()];
  }

  private statement(): Statement {
    if (this.isOperator('{')) return { kind: 'block', body: this.braced() };
    if (this.takeName('if')) return this.ifStatement();
    if (this.takeName('while')) {
      const condition = this.bracketed();
      return { kind: 'while', condition, body: this.body(), checkAfter: false };
    }
    if (this.takeName('do')) {
      const body = this.body();
      this.skipEnds();
      if (!this.takeName('while')) this.unexpected();
      const condition = this.bracketed();
      return this.ended({ kind: 'while', condition, body, checkAfter: true });
    }
    if (this.takeName('for')) return this.forStatement();
    return this.ended(this.simple());
  }

  private ended(statement: Statement): Statement {
    if (this.token.kind === 'line' || this.isOperator(';')) this.advance();
    else if (!this.isOperator('}') && this.token.kind !== 'end') this.unexpected();
    return statement;
  }

  private bracketed(): Expression {
    this.expect('(');
    const condition = this.expression();
    this.expect(')');
    return condition;
  }

  private ifStatement(): Statement {
    const condition = this.bracketed();
    const then = this.body();
    const before = this.at;
    this.skipEnds();
    if (this.takeName('else')) return { kind: 'if', condition, then, otherwise: this.body() };
    this.at = before;
    return { kind: 'if', condition, then, otherwise: [] };
  }

  private forStatement(): Statement {
    this.expect('(');
    const [name, keyword, array, close] = this.peek(4);
    if (name?.kind === 'name' && keyword?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.at += 4;
      return { kind: 'forIn', name: name.text, array: array.text, body: this.body() };
    }
    const first = this.isOperator(';') ? undefined : this.simple();
    this.expect(';');
    const condition = this.isOperator(';') ? undefined : this.expression();
    this.expect(';');
    const next = this.isOperator(')') ? undefined : this.simple();
    this.expect(')');
    return { kind: 'for', first, condition, next, body: this.body() };
  }

  private simple(): Statement {
    if (this.takeName('print') || this.takeCall('print')) return this.print('print');
    if (this.takeName('printf') || this.takeCall('printf')) return this.print('printf');
    for (const kind of ['next', 'break', 'continue'] as const) if (this.takeName(kind)) return { kind };
    for (const kind of ['exit', 'return'] as const)
      if (this.takeName(kind) || this.takeCall(kind))
        return { kind, value: this.atStatementEnd() ? undefined : this.expression() };
    if (this.takeName('delete')) {
      const array = this.token.text;
      this.advance();
      if (!this.take('[')) return { kind: 'delete', array, index: undefined };
      return { kind: 'delete', array, index: this.subscript() };
    }
    return { kind: 'expression', value: this.expression() };
  }

  private atStatementEnd(): boolean {
    return this.token.kind === 'line' || this.token.kind === 'end' || this.isOperator(';') || this.isOperator('}');
  }

  private print(kind: 'print' | 'printf'): Statement {
    const values: Expression[] = [];
    this.inPrint = true;
    const closes = this.isOperator('(') && this.bracketEndsPrint();
    if (closes) this.advance();
    if (closes) this.inPrint = false;
    while (
      !this.atStatementEnd() &&
      !this.isOperator('>') &&
      !this.isOperator('>>') &&
      !this.isOperator('|') &&
      !this.isOperator(')')
    ) {
      values.push(this.expression());
      if (!this.take(',')) break;
      this.skipLines();
    }
    if (closes) this.expect(')');
    this.inPrint = false;
    return { kind, values, target: this.target() };
  }

  /** Whether the bracket that opens here closes where the statement (or its redirection) goes on. */
  private bracketEndsPrint(): boolean {
    let depth = 0;
    for (const [i, token] of this.tokens.slice(this.at).entries()) {
      if (token.kind !== 'operator') continue;
      if (token.text === '(') depth++;
      else if (token.text === ')' && --depth === 0) {
        const after = this.tokens[this.at + i + 1];
        return (
          !after || after.kind === 'line' || after.kind === 'end' || [';', '}', '>', '>>', '|'].includes(after.text)
        );
      }
    }
    return false;
  }

  private target(): Target | undefined {
    if (this.isOperator('|')) throw new AwkError('output to a command (print | "cmd") is not supported here');
    const operator = this.take('>>') ? '>>' : this.take('>') ? '>' : undefined;
    return operator && { operator, file: this.concatenation() };
  }
}
