// Loops of CEL over two variables, and sorting by an expression.
//
//   ['a', 'b'].all(i, v, i < 2 && v != '')     {'a': 1}.transformMap(k, v, v + 1)     list.sortBy(e, e.name)
import type { Environment } from '@marcbachmann/cel-js';

/** A node of an expression, as the implementation hands it to macros. */
interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** A type as its checker knows it. */
export interface Type {
  readonly kind: string;
  readonly keyType?: Type | undefined;
  readonly valueType?: Type | undefined;
}

/** The variables that an expression sees. */
export interface Scope {
  forkWithVariable(name: string, type: Type): Bound;
}

/** A scope with one more variable. */
export interface Bound extends Scope {
  reuse(parent: Scope): { setIterValue(value: unknown, runner: Runner): Bound };
}

/** Tells types. */
export interface Checker {
  check(node: Node, scope: Scope): Type;
  getType(name: string): Type;
  createError(code: string, message: string, node: Node): Error;
}

/** Tells values. */
export interface Runner {
  run(node: Node, scope: Scope): unknown;
}

/** A macro's call. */
export interface Call {
  readonly args: readonly Node[];
  readonly receiver: Node;
}

/** What a loop does with the values of its expressions. */
interface Loop {
  readonly name: string;
  /** How many expressions follow the variables; with two, the first chooses. */
  readonly expressions: 1 | 2;
  readonly returns: string;
  finish(steps: Iterable<Step>): unknown;
}

/** One round; `value` evaluates the expressions, and is undefined where the first of two does not choose it. */
interface Step {
  readonly key: unknown;
  value(): unknown;
}

/** Registers them. */
export function registerLoops(environment: Environment): void {
  for (const loop of loops) {
    const places = Array.from({ length: loop.expressions + 2 }, () => 'ast').join(', ');
    environment.registerFunction(`list.${loop.name}(${places}): ${loop.returns}`, (call: Call) => macroOf(loop, call));
  }
  environment.registerFunction('list.sortBy(ast, ast): list', sortBy);
}

const chosen = Symbol('chosen by the first expression');

const loops: readonly Loop[] = [
  { name: 'all', expressions: 1, returns: 'bool', finish: (steps) => decided(steps, false) },
  { name: 'exists', expressions: 1, returns: 'bool', finish: (steps) => decided(steps, true) },
  ...['existsOne', 'exists_one'].map((name): Loop => {
    const finish: Loop['finish'] = (steps) => [...steps].filter((step) => step.value() === true).length === 1;
    return { name, expressions: 1, returns: 'bool', finish };
  }),
  ...([1, 2] as const).flatMap((expressions): readonly Loop[] => [
    {
      name: 'transformList',
      expressions,
      returns: 'list',
      finish: (steps) => [...steps].map((step) => step.value()).filter((value) => value !== chosen),
    },
    {
      name: 'transformMap',
      expressions,
      returns: 'map',
      finish: (steps) =>
        new Map([...steps].map((step) => [step.key, step.value()] as const).filter(([, value]) => value !== chosen)),
    },
    { name: 'transformMapEntry', expressions, returns: 'map', finish: entries },
  ]),
];

/** As soon as one round says so; what goes wrong matters only if none does. */
function decided(steps: Iterable<Step>, wanted: boolean): boolean {
  let failure: unknown;
  for (const step of steps)
    try {
      if (step.value() === wanted) return wanted;
    } catch (error) {
      failure ??= error;
    }
  if (failure !== undefined) throw failure;
  return !wanted;
}

function entries(steps: Iterable<Step>): Map<unknown, unknown> {
  const made = new Map<unknown, unknown>();
  for (const step of steps) {
    const value = step.value();
    if (value === chosen) continue;
    for (const [key, item] of pairsOf(value)) {
      if (made.has(key)) throw new Error(`insert failed: key ${String(key)} already exists`);
      made.set(key, item);
    }
  }
  return made;
}

function macroOf(loop: Loop, { args, receiver }: Call): object {
  const [first, second, ...expressions] = args;
  let inner: Bound | undefined;
  let outer: Bound | undefined;
  return {
    async: false,
    typeCheck(checker: Checker, _: unknown, scope: Scope): Type {
      const type = checker.check(receiver, scope);
      const dyn = checker.getType('dyn');
      const isMap = type.kind === 'map';
      const keyType = isMap ? (type.keyType ?? dyn) : type.kind === 'list' ? checker.getType('int') : dyn;
      outer = scope.forkWithVariable(variableName(checker, first), keyType);
      inner = outer.forkWithVariable(variableName(checker, second), type.valueType ?? dyn);
      for (const expression of expressions) checker.check(expression, inner);
      return checker.getType(loop.returns);
    },
    evaluate(runner: Runner, _: unknown, scope: Scope): unknown {
      const [test, expression = test] = expressions;
      if (!outer || !inner || !test || !expression) throw new Error(`${loop.name} was not checked`);
      const [around, within] = [outer, inner];
      return loop.finish(
        pairsOf(runner.run(receiver, scope)).map(([key, value]) => ({
          key,
          value() {
            const here = within.reuse(around.reuse(scope).setIterValue(key, runner)).setIterValue(value, runner);
            if (expression !== test && runner.run(test, here) !== true) return chosen;
            return runner.run(expression, here);
          },
        })),
      );
    },
  };
}

/** The name that a macro binds. Throws where the node is no plain name. */
export function variableName(checker: Checker, node: Node | undefined): string {
  if (node?.op === 'id' && typeof node.args === 'string') return node.args;
  throw checker.createError('invalid_macro_argument', 'argument must be a simple name', node ?? { op: '', args: '' });
}

function pairsOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(value)) return value.map((item, i) => [BigInt(i), item] as const);
  if (value instanceof Map) return [...value];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function sortBy({ args, receiver }: Call): object {
  const [name, key] = args;
  let bound: Bound | undefined;
  return {
    async: false,
    typeCheck(checker: Checker, _: unknown, scope: Scope): Type {
      const type = checker.check(receiver, scope);
      bound = scope.forkWithVariable(variableName(checker, name), type.valueType ?? checker.getType('dyn'));
      if (key) checker.check(key, bound);
      return type;
    },
    evaluate(runner: Runner, _: unknown, scope: Scope): unknown {
      const within = bound;
      if (!within || !key) throw new Error('sortBy was not checked');
      const list = pairsOf(runner.run(receiver, scope)).map(([, item]) => item);
      const keyed = list.map((item) => ({
        item,
        key: runner.run(key, within.reuse(scope).setIterValue(item, runner)),
      }));
      return keyed.sort((a, b) => order(a.key, b.key)).map(({ item }) => item);
    },
  };
}

/** Values of one type that can be ordered. */
export function order(a: unknown, b: unknown): number {
  if (typeof a !== typeof b) throw new Error('list elements must have the same type');
  if (typeof a === 'bigint' || typeof a === 'number' || typeof a === 'string' || typeof a === 'boolean')
    return compare(a, b as typeof a); // edge: of the same type, as was just seen
  const times = [a, b].map((one) => (one instanceof Date ? one.getTime() : undefined));
  const [x, y] = times;
  if (x === undefined || y === undefined) throw new Error('list elements must be comparable');
  return compare(x, y);
}

function compare<T extends bigint | number | string | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
