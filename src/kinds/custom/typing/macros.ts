// The macros of CEL: calls that stand for loops, tests and choices.
import type { Expression, ExpressionProblem, Loop } from './expression.ts';

/** A call as it was written. */
export interface WrittenCall {
  readonly name: string;
  readonly target: Expression | undefined;
  readonly args: readonly Expression[];
  readonly at: number;
}

/** What a call stands for; undefined: it is no macro. */
export function expandMacro(call: WrittenCall): Expression | ExpressionProblem | undefined {
  const { name, target, args, at } = call;
  const [first, second] = args;
  if (!target) {
    if (name !== 'has' || args.length !== 1 || !first) return undefined;
    if (first.kind === 'field' && first.how === 'get') return { ...first, how: 'test', at };
    return { what: 'invalid argument to has() macro', at: first.at };
  }
  if (name === 'sortBy' && args.length === 2 && first && second) return sorted(target, first, second, at);
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2 && first && second)
    return opened(name, target, [first, second], at);
  const loop = loopOf(call);
  if (!loop) return undefined;
  const { names, rest } = loop;
  const odd = names.find(({ kind }) => kind !== 'name');
  if (odd) return { what: 'argument must be a simple name', at: odd.at };
  const made = new Macro(at);
  const plain = names.map((one) => (one.kind === 'name' ? one.name : ''));
  return made.loop(name, { range: target, names: plain, rest });
}

/** The names and the other arguments of a loop. */
function loopOf({ name, args }: WrittenCall) {
  const split = (count: number) => ({ names: args.slice(0, count), rest: args.slice(count) });
  const { length } = args;
  switch (name) {
    case 'all':
    case 'exists':
    case 'exists_one':
    case 'existsOne':
      return length === 2 || length === 3 ? split(length - 1) : undefined;
    case 'map':
      return length === 2 || length === 3 ? split(1) : undefined;
    case 'filter':
      return length === 2 ? split(1) : undefined;
    case 'transformList':
    case 'transformMap':
    case 'transformMapEntry':
      return length === 3 || length === 4 ? split(2) : undefined;
    default:
      return undefined;
  }
}

const gathered = '@result';

/** Builds what a macro stands for, all of it where the macro is. */
class Macro {
  constructor(private readonly at: number) {}

  name(name: string): Expression {
    return { kind: 'name', name, at: this.at };
  }

  constant(type: string, text: string): Expression {
    return { kind: 'constant', type, text, at: this.at };
  }

  call(name: string, ...args: readonly Expression[]): Expression {
    return { kind: 'call', name, target: undefined, args, at: this.at };
  }

  list(...values: readonly Expression[]): Expression {
    return { kind: 'list', items: values.map((value) => ({ value, optional: false })), at: this.at };
  }

  loop(name: string, { range, names, rest }: LoopParts): Loop {
    const sofar = this.name(gathered);
    const [a = sofar, b] = rest;
    const whole = (parts: Pick<Loop, 'first' | 'goesOn' | 'step'> & { readonly result?: Expression }): Loop => ({
      kind: 'loop',
      range,
      names,
      gathered,
      result: sofar,
      at: this.at,
      ...parts,
    });
    const yes = this.constant('bool', 'true');
    const where = (step: Expression, test?: Expression) => (test ? this.call('_?_:_', test, step, sofar) : step);
    const added = (value: Expression) => this.call('_+_', sofar, this.list(value));
    switch (name) {
      case 'all':
        return whole({
          first: yes,
          goesOn: this.call('@not_strictly_false', sofar),
          step: this.call('_&&_', sofar, a),
        });
      case 'exists': {
        const goesOn = this.call('@not_strictly_false', this.call('!_', sofar));
        return whole({ first: this.constant('bool', 'false'), goesOn, step: this.call('_||_', sofar, a) });
      }
      case 'exists_one':
      case 'existsOne': {
        const one = this.constant('int', '1');
        const step = where(this.call('_+_', sofar, one), a);
        return whole({ first: this.constant('int', '0'), goesOn: yes, step, result: this.call('_==_', sofar, one) });
      }
      case 'filter':
        return whole({ first: this.list(), goesOn: yes, step: where(added(this.name(names[0] ?? '')), a) });
      case 'map':
      case 'transformList':
        return whole({ first: this.list(), goesOn: yes, step: b ? where(added(b), a) : added(a) });
      default: {
        const key = name === 'transformMap' ? [this.name(names[0] ?? '')] : [];
        const step = this.call('cel.@mapInsert', sofar, ...key, b ?? a);
        const first: Expression = { kind: 'map', entries: [], at: this.at };
        return whole({ first, goesOn: yes, step: b ? where(step, a) : step });
      }
    }
  }
}

interface LoopParts {
  readonly range: Expression;
  readonly names: readonly string[];
  readonly rest: readonly Expression[];
}

function sorted(target: Expression, name: Expression, key: Expression, at: number): Expression | ExpressionProblem {
  if (name.kind !== 'name') return { what: 'argument must be a simple name', at: name.at };
  const keys = new Macro(at).loop('map', { range: target, names: [name.name], rest: [key] });
  return { kind: 'call', name: '@sortByAssociatedKeys', target, args: [keys], at };
}

/** `x.optMap(y, f)` is `x.hasValue() ? optional.of(f with y = x.value()) : optional.none()`. */
function opened(
  name: string,
  target: Expression,
  [variable, body]: readonly [Expression, Expression],
  at: number,
): Expression | ExpressionProblem {
  if (variable.kind !== 'name') return { what: `${name}() variable name must be a simple identifier`, at: variable.at };
  const macro = new Macro(at);
  const on = (method: string): Expression => ({ kind: 'call', name: method, target, args: [], at });
  const bound: Expression = {
    kind: 'loop',
    range: macro.list(),
    names: ['#unused'],
    gathered: variable.name,
    first: on('value'),
    goesOn: macro.constant('bool', 'false'),
    step: macro.name(variable.name),
    result: body,
    at,
  };
  const found = name === 'optMap' ? macro.call('optional.of', bound) : bound;
  return macro.call('_?_:_', on('hasValue'), found, macro.call('optional.none'));
}
