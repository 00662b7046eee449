// Checks the types of an expression as cel-go does, and says what does not fit in its words.
import { GoRegexpError, goRegexp } from '../../../base/go-regexp.ts';
import { parseTime } from '../../../base/time.ts';
import { overloadsOf } from './declarations.ts';
import type { Expression, ExpressionProblem, Loop } from './expression.ts';
import {
  bool,
  dyn,
  error,
  isLoose,
  isMoreGeneral,
  isVariable,
  Mapping,
  same,
  type Type,
  type,
  typeText,
} from './types.ts';

/** The type of an expression, and what is wrong with it. */
export interface Checked {
  readonly type: Type;
  readonly problems: readonly ExpressionProblem[];
}

/** Checks an expression whose variables have these types. */
export function checkTypes(expression: Expression, variables: ReadonlyMap<string, Type>): Checked {
  const checker = new Checker();
  const found = checker.check(expression, variables);
  if (checker.problems.length === 0) {
    checker.problems.push(...checker.mixed);
    checkLiterals(expression, checker.problems);
  }
  return { type: checker.mapping.resolve(found), problems: checker.problems };
}

type Scope = ReadonlyMap<string, Type>;

const typeNames = new Set('bool bytes double int string uint list map type dyn null_type'.split(' '));
const messages = new Map([
  ['google.protobuf.Duration', type('duration')],
  ['google.protobuf.Timestamp', type('timestamp')],
]);

class Checker {
  readonly problems: ExpressionProblem[] = [];
  /** Literals of several types, which only matter where all else is right. */
  readonly mixed: ExpressionProblem[] = [];
  readonly mapping = new Mapping();
  /** How deep in what is formatted we are: values of all types stand side by side there. */
  private formatted = 0;

  check(expression: Expression, scope: Scope): Type {
    switch (expression.kind) {
      case 'constant':
        return type(expression.type);
      case 'name':
        return this.name(expression.name, expression.at, scope);
      case 'field':
        return this.field(expression, scope);
      case 'call':
        return this.call(expression, scope);
      case 'list': {
        let items: Type | undefined;
        for (const { value, optional } of expression.items)
          items = this.join(value, items, this.opened(this.check(value, scope), optional));
        return type('list', items ?? this.mapping.fresh());
      }
      case 'map': {
        let keys: Type | undefined;
        let values: Type | undefined;
        for (const { key, value, optional } of expression.entries) {
          keys = this.join(key, keys, this.check(key, scope));
          values = this.join(value, values, this.opened(this.check(value, scope), optional));
        }
        return type('map', keys ?? this.mapping.fresh(), values ?? this.mapping.fresh());
      }
      case 'message': {
        for (const value of expression.values) this.check(value, scope);
        return messages.get(expression.name) ?? this.undeclared(expression.name, expression.at);
      }
      case 'loop':
        return this.loop(expression, scope);
    }
  }

  private report(what: string, at: number): Type {
    this.problems.push({ what, at });
    return error;
  }

  private undeclared(name: string, at: number): Type {
    return this.report(`undeclared reference to '${name}' (in container '')`, at);
  }

  private mismatch(wanted: Type, found: Type, at: number): Type {
    return this.report(this.mismatchText(wanted, found), at);
  }

  private mismatchText(wanted: Type, found: Type): string {
    const texts = [wanted, found].map((one) => typeText(this.mapping.resolve(one)));
    return `expected type '${texts[0]}' but found '${texts[1]}'`;
  }

  private name(name: string, at: number, scope: Scope): Type {
    const found = scope.get(name);
    if (found) return found;
    return typeNames.has(name) ? type('type', type(name)) : this.undeclared(name, at);
  }

  /** All items of a literal are of one type. */
  private join(item: Expression, before: Type | undefined, found: Type): Type {
    if (!before) return found;
    if (this.mapping.assign([before], [found])) return isMoreGeneral(before, found) ? before : found;
    if (this.formatted === 0) this.mixed.push({ what: this.mismatchText(before, found), at: item.at });
    return dyn;
  }

  private opened(found: Type, optional: boolean): Type {
    const resolved = this.mapping.resolve(found);
    return optional && resolved.name === 'optional_type' ? (resolved.of[0] ?? dyn) : found;
  }

  private field(expression: Expression & { kind: 'field' }, scope: Scope): Type {
    const { of, name, how, at } = expression;
    const full = (how === 'get' && qualifiedName(expression)) || '';
    const whole = scope.get(full);
    if (whole) return whole;
    const message = messages.get(full);
    if (message) return type('type', message);
    const operand = this.mapping.resolve(this.check(of, scope));
    const isOptional = operand.name === 'optional_type';
    const target = isOptional ? (operand.of[0] ?? dyn) : operand;
    let found: Type;
    if (target.fields) found = target.fields.get(name) ?? this.report(`undefined field '${name}'`, at);
    else if (target.name === 'map') found = target.of[1] ?? dyn;
    else {
      if (isVariable(target)) this.mapping.assign([dyn], [target]);
      else if (target.name.startsWith('kubernetes.')) {
        const failed = this.report(`unexpected failed resolution of '${target.name}'`, at);
        return how === 'test' ? bool : failed;
      } else if (!isLoose(target)) this.report(`type '${typeText(target)}' does not support field selection`, at);
      found = dyn;
    }
    if (how === 'test') return bool;
    return isOptional || how === 'optional' ? type('optional_type', found) : found;
  }

  private call(expression: Expression & { kind: 'call' }, scope: Scope): Type {
    const { name, target, args, at } = expression;
    if (name === 'format') this.formatted++;
    const given = args.map((arg) => this.check(arg, scope));
    if (name === 'format') this.formatted--;
    if (name === '_&&_' || name === '_||_') {
      const odd = args.filter((_, i) => !this.mapping.assign([given[i] ?? error], [bool]));
      for (const arg of odd) this.mismatch(bool, given[args.indexOf(arg)] ?? error, arg.at);
      return odd.length > 0 ? error : bool;
    }
    if (!target) return overloadsOf(name) ? this.resolve(name, undefined, given, at) : this.undeclared(name, at);
    const prefix = qualifiedName(target);
    const full = prefix === undefined ? undefined : `${prefix}.${name}`;
    if (full !== undefined && overloadsOf(full)) return this.resolve(full, undefined, given, at);
    const own = this.check(target, scope);
    return overloadsOf(name) ? this.resolve(name, own, given, at) : this.undeclared(name, at);
  }

  private resolve(name: string, target: Type | undefined, given: readonly Type[], at: number): Type {
    const args = target ? [target, ...given] : given;
    let result: Type | undefined;
    for (const overload of overloadsOf(name) ?? []) {
      if (overload.member !== (target !== undefined)) continue;
      const parameters = new Map<string, Type>();
      const instance = (one: Type): Type => {
        if (one.name !== 'A' && one.name !== 'B') return { ...one, of: one.of.map(instance) };
        const variable = parameters.get(one.name) ?? this.mapping.fresh();
        parameters.set(one.name, variable);
        return variable;
      };
      if (!this.mapping.assign(args, overload.args.map(instance))) continue;
      const found = this.mapping.resolve(instance(overload.result));
      if (!result) result = found;
      else if (result.name !== 'dyn' && !same(found, result)) result = dyn;
    }
    if (result) return result;
    const texts = given.map((one) => typeText(this.mapping.resolve(one)));
    const receiver = target ? `${typeText(this.mapping.resolve(target))}.` : '';
    const signature = `${receiver}(${texts.join(', ')})`;
    return this.report(`found no matching overload for '${name}' applied to '${signature}'`, at);
  }

  private loop({ range, names, gathered, first, goesOn, step, result }: Loop, scope: Scope): Type {
    const over = this.mapping.resolve(this.check(range, scope));
    const start = this.check(first, scope);
    const outer = new Map(scope).set(gathered, start);
    const types = this.namesOf(over, names.length, range);
    const inner = new Map(outer);
    for (const [i, name] of names.entries()) inner.set(name, types[i] ?? dyn);
    this.wanted(goesOn, bool, inner);
    this.wanted(step, start, inner);
    return this.mapping.resolve(this.check(result, outer));
  }

  private wanted(expression: Expression, as: Type, scope: Scope): void {
    const found = this.check(expression, scope);
    if (!this.mapping.assign([found], [as])) this.mismatch(as, found, expression.at);
  }

  private namesOf(over: Type, count: number, range: Expression): readonly Type[] {
    if (over.name === 'list') return count === 2 ? [type('int'), over.of[0] ?? dyn] : over.of;
    if (over.name === 'map') return over.of;
    if (isLoose(over) || isVariable(over)) {
      this.mapping.assign([dyn], [over]);
      return [dyn, dyn];
    }
    const rule = 'cannot be range of a comprehension (must be list, map, or dynamic)';
    this.report(`expression of type '${typeText(over)}' ${rule}`, range.at);
    return [error, error];
  }
}

function qualifiedName(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'field' || expression.how !== 'get') return undefined;
  const before = qualifiedName(expression.of);
  return before === undefined ? undefined : `${before}.${expression.name}`;
}

/** Texts that are written down as times and patterns must be such. */
function checkLiterals(expression: Expression, problems: ExpressionProblem[]): void {
  if (expression.kind === 'call') {
    const { name, args } = expression;
    const literal = args[args.length - 1];
    const valid = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (valid && literal?.kind === 'constant' && literal.type === 'string' && !valid(textOf(literal.text)))
      problems.push({ what: `invalid ${name} argument`, at: literal.at });
  }
  for (const inner of partsOf(expression)) checkLiterals(inner, problems);
}

const literals: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => /^[-+]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/.test(text),
  timestamp: (text) => parseTime(text) !== undefined,
  matches(text) {
    try {
      goRegexp(text);
      return true;
    } catch (problem) {
      if (problem instanceof GoRegexpError) return false;
      throw problem;
    }
  },
};

/** Without quotes and escapes, as far as times and patterns need it. */
function textOf(literal: string): string {
  const [, raw = '', , body = ''] = /^([rR]?)('''|"""|'|")(.*)\2$/s.exec(literal) ?? [];
  if (raw !== '') return body;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return body.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'field':
      return [expression.of];
    case 'call':
      return expression.target ? [expression.target, ...expression.args] : expression.args;
    case 'list':
      return expression.items.map(({ value }) => value);
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'message':
      return expression.values;
    case 'loop':
      return [expression.range, expression.first, expression.step, expression.result];
    default:
      return [];
  }
}
