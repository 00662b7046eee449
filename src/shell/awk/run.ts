// Runs an awk program: BEGIN, the rules on every line, END.

import { formatPrintf } from '../text/printf.ts';
import { compileRegex, type Regex } from '../text/regex.ts';
import { AwkError, type AwkProgram, type Block, type Expression, type Place, type Statement } from './ast.ts';
import { type Caller, callFunction } from './functions.ts';
import { arithmetic, toBoolean, toNumber, toText, type Value } from './values.ts';

/** What a running program reads and writes. */
export interface AwkIo {
  nextLine(): Promise<string | undefined>;
  print(text: string, target?: { readonly operator: '>' | '>>'; readonly file: string }): Promise<void>;
  fileName(): string;
  step(): void;
}

class Leave {
  constructor(
    readonly kind: 'next' | 'exit' | 'return' | 'break' | 'continue',
    readonly value: Value = 0,
  ) {}
}

type Cell = { kind: 'value'; value: Value } | { kind: 'array'; entries: Map<string, Value> };
const unset: Value = { input: '' };
const callDepthMax = 500;

export class AwkRun implements Caller {
  private readonly globals = new Map<string, Cell>();
  private locals: Map<string, Cell>[] = [];
  private readonly regexes = new Map<string, Regex>();
  private readonly ranges = new Set<number>();
  private record = '';
  private fields: string[] | undefined = [];
  private lineNumber = 0;

  constructor(
    private readonly program: AwkProgram,
    private readonly io: AwkIo,
    variables: ReadonlyMap<string, string>,
  ) {
    const standard: [string, Value][] = [
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['SUBSEP', '\x1c'],
      ['RSTART', 0],
      ['RLENGTH', -1],
    ];
    for (const [name, value] of standard) this.setVariable(name, value);
    for (const [name, text] of variables) this.setVariable(name, { input: text });
  }

  async run(): Promise<number> {
    let status = 0;
    const guarded = async (work: () => Promise<void>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        if (!(error instanceof Leave) || error.kind !== 'exit') throw error;
        status = toNumber(error.value);
        return false;
      }
    };
    const { begin, rules, end } = this.program;
    const goesOn = await guarded(async () => {
      for (const block of begin) await this.block(block);
      if (rules.length > 0 || end.length > 0) while (await this.readRecord()) await this.applyRules();
    });
    if (goesOn || end.length > 0)
      await guarded(async () => {
        for (const block of end) await this.block(block);
      });
    return status;
  }

  private async readRecord(): Promise<boolean> {
    const line = await this.io.nextLine();
    if (line === undefined) return false;
    this.lineNumber++;
    this.setRecord(line);
    return true;
  }

  private async applyRules(): Promise<void> {
    try {
      for (const [i, { pattern, until, body }] of this.program.rules.entries()) {
        this.io.step();
        const inRange = this.ranges.has(i);
        if (!inRange && pattern && !toBoolean(await this.evaluate(pattern))) continue;
        if (until) {
          if (toBoolean(await this.evaluate(until))) this.ranges.delete(i);
          else this.ranges.add(i);
        }
        if (body) await this.block(body);
        else await this.io.print(`${this.record}\n`);
      }
    } catch (error) {
      if (!(error instanceof Leave) || error.kind !== 'next') throw error;
    }
  }

  private setRecord(line: string): void {
    this.record = line;
    this.fields = undefined;
  }

  private split(): string[] {
    this.fields ??= this.splitText(this.record, toText(this.getVariable('FS')));
    return this.fields;
  }

  splitText(text: string, separator: string): string[] {
    if (text === '') return [];
    if (separator === ' ')
      return text
        .trim()
        .split(/\s+/)
        .filter((field) => field !== '');
    if (separator === '') return [...text];
    if (separator.length === 1 && separator !== '\\') return text.split(separator);
    const regex = this.regex(separator);
    const parts: string[] = [];
    let from = 0;
    for (let at = 0; at <= text.length; ) {
      const match = regex.match(text, at);
      if (!match) break;
      const length = match.groups[0]?.length ?? 0;
      if (length === 0) {
        at = match.index + 1;
        continue;
      }
      parts.push(text.slice(from, match.index));
      from = match.index + length;
      at = from;
    }
    return [...parts, text.slice(from)];
  }

  regex(source: string): Regex {
    const known = this.regexes.get(source);
    if (known) return known;
    const regex = compileRegex(source, { extended: true });
    this.regexes.set(source, regex);
    return regex;
  }

  private cell(name: string): Cell | undefined {
    return this.locals.at(-1)?.get(name) ?? this.globals.get(name);
  }

  getVariable(name: string): Value {
    if (name === 'NR' || name === 'FNR') return this.lineNumber;
    if (name === 'NF') return this.split().length;
    if (name === 'FILENAME') return this.io.fileName();
    const cell = this.cell(name);
    return cell?.kind === 'value' ? cell.value : unset;
  }

  setVariable(name: string, value: Value): void {
    if (name === 'NR') this.lineNumber = toNumber(value);
    else if (name === 'NF') {
      const fields = this.split();
      const count = Math.min(10_000, Math.max(0, toNumber(value)));
      while (fields.length < count) fields.push('');
      fields.length = count;
      this.rebuild(fields);
    } else {
      const local = this.locals.at(-1);
      (local?.has(name) ? local : this.globals).set(name, { kind: 'value', value });
    }
  }

  array(name: string): Map<string, Value> {
    const cell = this.cell(name);
    if (cell?.kind === 'array') return cell.entries;
    const entries = new Map<string, Value>();
    const local = this.locals.at(-1);
    (local?.has(name) ? local : this.globals).set(name, { kind: 'array', entries });
    return entries;
  }

  private rebuild(fields: string[]): void {
    this.record = fields.join(toText(this.getVariable('OFS')));
    this.fields = fields;
  }

  private async read(place: Place): Promise<Value> {
    if (place.kind === 'variable') return this.getVariable(place.name);
    const index = await this.evaluate(place.index);
    if (place.kind === 'element') {
      const entries = this.array(place.array);
      const key = toText(index);
      if (!entries.has(key)) entries.set(key, unset);
      return entries.get(key) ?? unset;
    }
    const number = toNumber(index);
    if (number < 0) throw new AwkError(`attempt to access field ${number}`);
    return { input: number === 0 ? this.record : (this.split()[number - 1] ?? '') };
  }

  async write(place: Place, value: Value): Promise<void> {
    if (place.kind === 'variable') {
      this.setVariable(place.name, value);
      return;
    }
    const index = await this.evaluate(place.index);
    if (place.kind === 'element') this.array(place.array).set(toText(index), value);
    else if (toNumber(index) === 0) this.setRecord(toText(value));
    else {
      const number = toNumber(index);
      if (number < 0 || number > 10_000) throw new AwkError(`attempt to access field ${number}`);
      const fields = this.split();
      while (fields.length < number) fields.push('');
      fields[number - 1] = toText(value);
      this.rebuild(fields);
    }
  }

  private async block(block: Block): Promise<void> {
    for (const statement of block) await this.statement(statement);
  }

  private async statement(statement: Statement): Promise<void> {
    this.io.step();
    switch (statement.kind) {
      case 'expression':
        await this.evaluate(statement.value);
        return;
      case 'print':
      case 'printf':
        return this.print(statement);
      case 'if':
        return this.block(toBoolean(await this.evaluate(statement.condition)) ? statement.then : statement.otherwise);
      case 'while':
        return this.loop(statement.body, { condition: statement.condition, checkAfter: statement.checkAfter });
      case 'for':
        if (statement.first) await this.statement(statement.first);
        return this.loop(statement.body, { condition: statement.condition, next: statement.next });
      case 'forIn':
        for (const key of [...this.array(statement.array).keys()]) {
          this.setVariable(statement.name, { input: key });
          if (!(await this.once(statement.body))) return;
        }
        return;
      case 'delete':
        if (statement.index) this.array(statement.array).delete(toText(await this.evaluate(statement.index)));
        else this.array(statement.array).clear();
        return;
      case 'block':
        return this.block(statement.body);
      case 'exit':
      case 'return':
        throw new Leave(
          statement.kind,
          statement.value ? await this.evaluate(statement.value) : statement.kind === 'exit' ? 0 : unset,
        );
      default:
        throw new Leave(statement.kind);
    }
  }

  /** Runs a loop's body; false when it was left by break. */
  private async once(body: Block): Promise<boolean> {
    try {
      await this.block(body);
    } catch (error) {
      if (!(error instanceof Leave) || (error.kind !== 'break' && error.kind !== 'continue')) throw error;
      return error.kind === 'continue';
    }
    return true;
  }

  private async loop(
    body: Block,
    {
      condition,
      next,
      checkAfter,
    }: { condition: Expression | undefined; next?: Statement | undefined; checkAfter?: boolean },
  ): Promise<void> {
    for (let first = true; ; first = false) {
      this.io.step();
      if (!(first && checkAfter) && condition && !toBoolean(await this.evaluate(condition))) return;
      if (!(await this.once(body))) return;
      if (next) await this.statement(next);
    }
  }

  private async print({ kind, values, target }: Extract<Statement, { kind: 'print' | 'printf' }>): Promise<void> {
    const texts: string[] = [];
    for (const value of values) texts.push(toText(await this.evaluate(value)));
    const [format = '', ...rest] = texts;
    const line = values.length === 0 ? this.record : texts.join(toText(this.getVariable('OFS')));
    const text =
      kind === 'printf'
        ? formatPrintf(format.replaceAll('\\', '\\\\'), rest).text
        : line + toText(this.getVariable('ORS'));
    if (!target) return this.io.print(text);
    return this.io.print(text, { operator: target.operator, file: toText(await this.evaluate(target.file)) });
  }

  async evaluate(expression: Expression): Promise<Value> {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'text':
        return expression.text;
      case 'variable':
      case 'field':
      case 'element':
        return this.read(expression);
      case 'regex':
        return this.regex(expression.source).match(this.record) ? 1 : 0;
      case 'unary':
        return this.unary(expression.operator, await this.evaluate(expression.operand));
      case 'binary':
        return this.binary(expression);
      case 'assign': {
        const right = await this.evaluate(expression.value);
        const value =
          expression.operator === ''
            ? right
            : arithmetic(expression.operator, await this.read(expression.place), right);
        await this.write(expression.place, value);
        return value;
      }
      case 'step': {
        const old = toNumber(await this.read(expression.place));
        await this.write(expression.place, old + expression.by);
        return expression.after ? old : old + expression.by;
      }
      case 'choice':
        return this.evaluate(toBoolean(await this.evaluate(expression.condition)) ? expression.yes : expression.no);
      case 'in':
        return this.array(expression.array).has(toText(await this.evaluate(expression.index))) ? 1 : 0;
      case 'getline':
        return (await this.readRecord()) ? 1 : 0;
      case 'call':
        return this.call(expression);
    }
  }

  private unary(operator: string, value: Value): Value {
    if (operator === '!') return toBoolean(value) ? 0 : 1;
    if (operator === 'group') return value;
    return operator === '-' ? -toNumber(value) : toNumber(value);
  }

  private async binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): Promise<Value> {
    const a = await this.evaluate(left);
    if (operator === '&&') return toBoolean(a) && toBoolean(await this.evaluate(right)) ? 1 : 0;
    if (operator === '||') return toBoolean(a) || toBoolean(await this.evaluate(right)) ? 1 : 0;
    if (operator === '~' || operator === '!~') {
      const source = right.kind === 'regex' ? right.source : toText(await this.evaluate(right));
      return (this.regex(source).match(toText(a)) !== undefined) === (operator === '~') ? 1 : 0;
    }
    const b = await this.evaluate(right);
    if (operator === ' ') return toText(a) + toText(b);
    return arithmetic(operator, a, b);
  }

  private async call(expression: Extract<Expression, { kind: 'call' }>): Promise<Value> {
    const own = this.program.functions.get(expression.name);
    if (!own) return callFunction(this, expression);
    if (this.locals.length >= callDepthMax) throw new AwkError(`function ${expression.name}: nesting level exceeded`);
    const frame = new Map<string, Cell>();
    for (const [i, name] of own.parameters.entries()) {
      const given = expression.values[i];
      const cell = given?.kind === 'variable' ? this.cell(given.name) : undefined;
      frame.set(
        name,
        cell?.kind === 'array' ? cell : { kind: 'value', value: given ? await this.evaluate(given) : unset },
      );
    }
    this.locals.push(frame);
    try {
      await this.block(own.body);
      return unset;
    } catch (error) {
      if (error instanceof Leave && error.kind === 'return') return error.value;
      throw error;
    } finally {
      this.locals.pop();
    }
  }
}
