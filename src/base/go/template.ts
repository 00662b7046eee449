// Runs Go templates over objects as text/template does.
import { isList, isObject } from '../json.ts';
import { byBytes } from '../text-order.ts';
import { goText } from './format.ts';
import { FunctionError, type TemplateFunction, templateFunctions } from './template-functions.ts';
import {
  type Command,
  type Located,
  type Operand,
  type ParsedTemplate,
  type Pipe,
  parseTemplate,
  TemplateError,
  type TemplateNode,
} from './template-parse.ts';
import { isTrue, numberOf, type TemplateValue, typeName, valueText } from './template-values.ts';

export { TemplateError } from './template-parse.ts';

const callsMax = 1000;
const stepsMax = 5_000_000;

export interface TemplateOptions {
  /** As errors have it. */
  readonly name: string;
  /** What a program adds to Go's own functions. */
  readonly functions?: ReadonlyMap<string, TemplateFunction>;
  /** What is wrong with a field that the data lack; without this, they show `<no value>`. */
  readonly missing?: (field: string) => string;
}

export class GoTemplate {
  private readonly parsed: ParsedTemplate;
  private readonly functions: ReadonlyMap<string, TemplateFunction>;

  /** Throws TemplateError for what does not parse. */
  constructor(
    private readonly source: string,
    private readonly options: TemplateOptions,
  ) {
    this.functions = new Map([...templateFunctions, ...(options.functions ?? [])]);
    this.parsed = parseTemplate(source, { name: options.name, functions: this.functions });
  }

  /** The text so far and, where execution failed, why. */
  execute(data: unknown): { readonly text: string; readonly problem?: string } {
    const run = new Run(this.source, this.parsed, { ...this.options, functions: this.functions });
    try {
      run.template(this.options.name, this.parsed.main, data);
      return { text: run.text };
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { text: run.text, problem: error.message };
    }
  }
}

interface Variable {
  readonly name: string;
  value: TemplateValue;
}

type Flow = 'next' | 'break' | 'continue';

class Run {
  text = '';
  private scope: Variable[] = [];
  private current = '';
  private calls = 0;
  private steps = 0;

  constructor(
    private readonly source: string,
    private readonly parsed: ParsedTemplate,
    private readonly options: TemplateOptions & Required<Pick<TemplateOptions, 'functions'>>,
  ) {}

  template(name: string, nodes: readonly TemplateNode[], dot: TemplateValue): void {
    const outer = { scope: this.scope, current: this.current };
    this.scope = [{ name: '$', value: dot }];
    this.current = name;
    this.list(nodes, dot);
    this.scope = outer.scope;
    this.current = outer.current;
  }

  private fail(node: Located, message: string): never {
    const before = this.source.slice(0, node.at);
    const line = before.split('\n').length;
    const column = node.at - (before.lastIndexOf('\n') + 1);
    throw new TemplateError(
      `template: ${this.options.name}:${line}:${column}: executing ${JSON.stringify(this.current)} at <${node.text}>: ${message}`,
    );
  }

  private list(nodes: readonly TemplateNode[], dot: TemplateValue): Flow {
    for (const node of nodes) {
      if (++this.steps > stepsMax) this.fail(node, 'template takes too many steps');
      const flow = this.node(node, dot);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  private node(node: TemplateNode, dot: TemplateValue): Flow {
    switch (node.kind) {
      case 'text':
        this.text += node.text;
        return 'next';
      case 'action': {
        const value = this.pipe(node.pipe, dot);
        if (node.pipe.variables.length === 0) this.text += valueText(value);
        return 'next';
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'template':
        this.call(node, dot);
        return 'next';
      case 'range':
        return this.range(node, dot);
      default:
        return this.branch(node, dot);
    }
  }

  private call(node: Extract<TemplateNode, { readonly kind: 'template' }>, dot: TemplateValue): void {
    const nodes = this.parsed.defined.get(node.name);
    if (!nodes) this.fail(node, `template ${JSON.stringify(node.name)} not defined`);
    if (++this.calls > callsMax) this.fail(node, 'exceeded maximum template depth (100000)');
    this.template(node.name, nodes, node.pipe ? this.pipe(node.pipe, dot) : undefined);
    this.calls--;
  }

  private branch(node: Extract<TemplateNode, { readonly kind: 'if' | 'range' | 'with' }>, dot: TemplateValue): Flow {
    const mark = this.scope.length;
    const value = this.pipe(node.pipe, dot);
    const flow = isTrue(value)
      ? this.list(node.body, node.kind === 'with' ? value : dot)
      : this.list(node.otherwise, dot);
    this.scope.length = mark;
    return flow;
  }

  private range(node: Extract<TemplateNode, { readonly kind: 'if' | 'range' | 'with' }>, dot: TemplateValue): Flow {
    const mark = this.scope.length;
    const value = this.pipe(node.pipe, dot);
    const entries = this.entries(node.pipe, value);
    for (const [key, item] of entries) {
      this.bindRange(node.pipe, key, item);
      const inner = this.scope.length;
      const flow = this.list(node.body, item);
      this.scope.length = inner;
      if (flow === 'break') break;
    }
    this.scope.length = mark;
    return entries.length === 0 ? this.list(node.otherwise, dot) : 'next';
  }

  private entries(pipe: Pipe, value: TemplateValue): readonly (readonly [TemplateValue, TemplateValue])[] {
    const count = numberOf(value);
    if (isList(value)) return value.map((item, i) => [i, item]);
    if (count !== undefined && Number.isInteger(count))
      return Array.from({ length: Math.min(Math.max(count, 0), stepsMax) }, (_, i) => [i, i]);
    if (isObject(value) && count === undefined)
      return Object.keys(value)
        .sort(byBytes)
        .map((key) => [key, value[key]]);
    if (value === null || value === undefined) return [];
    const last = pipe.commands.at(-1)?.operands.at(-1) ?? pipe;
    return this.fail(last, `range can't iterate over ${goText(value)}`);
  }

  private bindRange(pipe: Pipe, key: TemplateValue, item: TemplateValue): void {
    const [first, second] = pipe.variables;
    if (first === undefined) return;
    const values = second === undefined ? [item] : [key, item];
    pipe.variables.forEach((name, i) => {
      this.assign(name, values[i]);
    });
  }

  private assign(name: string, value: TemplateValue): void {
    const held = this.scope.findLast((variable) => variable.name === name);
    if (held) held.value = value;
  }

  private pipe(pipe: Pipe, dot: TemplateValue): TemplateValue {
    let value: TemplateValue;
    pipe.commands.forEach((command, i) => {
      value = this.command(command, dot, i > 0 ? { value } : undefined);
    });
    for (const name of pipe.variables) {
      if (pipe.assigns) this.assign(name, value);
      else this.scope.push({ name, value });
    }
    return value;
  }

  private command(
    command: Command,
    dot: TemplateValue,
    piped: { readonly value: TemplateValue } | undefined,
  ): TemplateValue {
    const [first, ...args] = command.operands;
    if (!first) return undefined;
    if (first.kind === 'function') return this.function(first.name, command, args, dot, piped);
    if (
      (args.length > 0 || piped) &&
      (first.kind === 'constant' || first.kind === 'dot' || first.kind === 'nil' || first.kind === 'pipe')
    )
      this.fail(first, `can't give argument to non-function ${first.text}`);
    if (first.kind === 'nil') this.fail(first, 'nil is not a command');
    const value = this.operand(first, dot);
    if (args.length > 0 || piped) {
      const name = 'names' in first ? (first.names.at(-1) ?? first.text) : first.text;
      this.fail(first, `${name} is not a method but has arguments`);
    }
    return value;
  }

  private function(
    name: string,
    command: Command,
    args: readonly Operand[],
    dot: TemplateValue,
    piped: { readonly value: TemplateValue } | undefined,
  ): TemplateValue {
    if (name === 'and' || name === 'or') return this.shortCircuit(name, command, args, dot, piped);
    const values = args.map((arg) => (arg.kind === 'nil' ? null : this.operand(arg, dot)));
    if (piped) values.push(piped.value);
    const called = this.options.functions.get(name);
    if (!called) return this.fail(command, `${JSON.stringify(name)} is not a defined function`);
    const { min, max, run } = called;
    if (values.length < min || values.length > max) {
      const want = max === Number.POSITIVE_INFINITY ? `at least ${min}` : String(min);
      this.fail(command.operands[0] ?? command, `wrong number of args for ${name}: want ${want} got ${values.length}`);
    }
    try {
      return run(values);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      if (!error.typeMismatch) return this.fail(command, `error calling ${name}: ${error.message}`);
      const [arg] = args;
      const constant = arg?.kind === 'constant';
      return this.fail(arg ?? command, constant ? `expected string; found ${arg.text}` : error.message);
    }
  }

  private shortCircuit(
    name: 'and' | 'or',
    command: Command,
    args: readonly Operand[],
    dot: TemplateValue,
    piped: { readonly value: TemplateValue } | undefined,
  ): TemplateValue {
    if (args.length === 0 && !piped) this.fail(command, `wrong number of args for ${name}: want at least 1 got 0`);
    let value: TemplateValue;
    for (const arg of args) {
      value = this.operand(arg, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return piped ? piped.value : value;
  }

  private operand(operand: Operand, dot: TemplateValue): TemplateValue {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'constant':
        return typeof operand.value === 'object' ? Object.freeze(operand.value) : operand.value;
      case 'pipe':
        return this.pipe(operand.pipe, dot);
      case 'field':
        return this.fields(operand, dot, operand.names);
      case 'variable':
        return this.fields(operand, this.variable(operand.name), operand.names, true);
      case 'chain':
        return this.fields(operand, this.operand(operand.base, dot), operand.names, true);
      case 'function':
        return this.function(
          operand.name,
          { operands: [operand], at: operand.at, text: operand.text },
          [],
          dot,
          undefined,
        );
    }
  }

  private variable(name: string): TemplateValue {
    return this.scope.findLast((variable) => variable.name === name)?.value;
  }

  /** `concrete`: the start has lost its interface type, which shows in errors. */
  private fields(node: Located, start: TemplateValue, names: readonly string[], concrete = false): TemplateValue {
    return names.reduce<TemplateValue>(
      (value, name, i) =>
        this.field(node, value, { name, type: i === 0 && concrete ? typeName(value) : 'interface {}' }),
      start,
    );
  }

  private field(
    node: Located,
    value: TemplateValue,
    { name, type }: { readonly name: string; readonly type: string },
  ): TemplateValue {
    if (value === undefined) {
      if (this.options.missing) this.fail(node, `nil data; no entry for key ${JSON.stringify(name)}`);
      return undefined;
    }
    if (value === null) return this.fail(node, `nil pointer evaluating interface {}.${name}`);
    if (!isObject(value) || numberOf(value) !== undefined)
      return this.fail(node, `can't evaluate field ${name} in type ${type}`);
    if (Object.hasOwn(value, name)) return value[name];
    return this.options.missing ? this.fail(node, this.options.missing(name)) : undefined;
  }
}
