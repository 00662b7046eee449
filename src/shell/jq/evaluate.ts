// Runs jq filters: each is a generator of values.
import { isList, isObject, type JsonValue, own } from '../../base/json.ts';
import { type Filter, JqError } from './ast.ts';
import { callBuiltin, formatText } from './functions.ts';
import { assignPath, getPath, type Path } from './paths.ts';
import { arithmetic, compare, shown, typeName } from './values.ts';

export interface Environment {
  readonly variables: ReadonlyMap<string, JsonValue>;
  readonly functions: ReadonlyMap<string, Definition>;
  readonly depth: number;
  step(): void;
}

interface Definition {
  readonly parameters: readonly string[];
  readonly body: Filter;
  /** Where its body is evaluated; undefined: where it was defined, so that it can call itself. */
  readonly environment: Environment | undefined;
}

const depthMax = 2000;

export function* evaluate(filter: Filter, input: JsonValue, env: Environment): Generator<JsonValue> {
  for (const { value } of walk(filter, { value: input, path: undefined }, env)) yield value;
}

/** The paths that a filter selects. */
export function* paths(filter: Filter, input: JsonValue, env: Environment): Generator<Path> {
  for (const { path } of walk(filter, { value: input, path: [] }, env)) {
    if (!path) throw new JqError('Invalid path expression');
    yield path;
  }
}

/** A value and, while paths are asked for, where it is. */
interface At {
  readonly value: JsonValue;
  readonly path: Path | undefined;
}

function below({ path }: At, key: JsonValue, value: JsonValue): At {
  return { value, path: path && [...path, key] };
}

function bare(value: JsonValue): At {
  return { value, path: undefined };
}

function* walk(filter: Filter, at: At, env: Environment): Generator<At> {
  env.step();
  switch (filter.kind) {
    case 'identity':
      yield at;
      return;
    case 'recurse':
      yield* recurse(at, env);
      return;
    case 'literal':
      yield bare(filter.value);
      return;
    case 'pipe':
      for (const left of walk(filter.left, at, env)) yield* walk(filter.right, left, env);
      return;
    case 'comma':
      yield* walk(filter.left, at, env);
      yield* walk(filter.right, at, env);
      return;
    case 'index':
    case 'slice':
    case 'each':
      yield* walkInto(filter, at, env);
      return;
    case 'try':
      yield* attempt(filter, at, env);
      return;
    case 'if':
      for (const condition of evaluate(filter.condition, at.value, env))
        yield* walk(truth(condition) ? filter.then : filter.otherwise, at, env);
      return;
    case 'bind':
      for (const value of evaluate(filter.source, at.value, env))
        yield* walk(filter.body, at, withVariable(env, filter.name, value));
      return;
    case 'define': {
      const definition: Definition = { parameters: filter.parameters, body: filter.body, environment: undefined };
      yield* walk(filter.rest, at, {
        ...env,
        functions: new Map(env.functions).set(`${filter.name}/${filter.parameters.length}`, definition),
      });
      return;
    }
    case 'call':
      yield* call(filter, at, env);
      return;
    case 'binary':
      if (filter.operator === '//') yield* alternative(filter, at, env);
      else for (const value of binary(filter, at.value, env)) yield bare(value);
      return;
    default:
      for (const value of construct(filter, at.value, env)) yield bare(value);
  }
}

export function truth(value: JsonValue): boolean {
  return value !== null && value !== false;
}

function withVariable(env: Environment, name: string, value: JsonValue): Environment {
  return { ...env, variables: new Map(env.variables).set(name, value) };
}

function* recurse(at: At, env: Environment): Generator<At> {
  env.step();
  yield at;
  const { value } = at;
  if (isList(value)) for (const [i, item] of value.entries()) yield* recurse(below(at, i, item), env);
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield* recurse(below(at, key, item), env);
}

function* walkInto(
  filter: Extract<Filter, { kind: 'index' | 'slice' | 'each' }>,
  at: At,
  env: Environment,
): Generator<At> {
  for (const place of walk(filter.of, at, env)) {
    const { value } = place;
    if (filter.kind === 'each') {
      if (isList(value)) for (const [i, item] of value.entries()) yield below(place, i, item);
      else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield below(place, key, item);
      else throw new JqError(`Cannot iterate over ${value === null ? 'null' : shown(value)}`);
    } else if (filter.kind === 'index')
      for (const key of evaluate(filter.key, at.value, env)) yield below(place, key, index(value, key));
    else {
      const ends = [filter.from, filter.to].map((end) => (end ? [...evaluate(end, at.value, env)][0] : undefined));
      const [from, to] = ends.map((end) => (typeof end === 'number' ? Math.floor(end) : undefined));
      if (value !== null && typeof value !== 'string' && !isList(value))
        throw new JqError(`Cannot index ${typeName(value)} with object`);
      yield below(place, { start: from ?? null, end: to ?? null }, value === null ? null : value.slice(from, to));
    }
  }
}

export function index(value: JsonValue, key: JsonValue): JsonValue {
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null;
  if (isObject(value) && typeof key === 'string') return own(value, key) ?? null;
  if (isList(value) && typeof key === 'number') return value.at(Math.floor(key)) ?? null;
  const withWhat = typeof key === 'string' ? `"${key}"` : typeName(key);
  throw new JqError(`Cannot index ${typeName(value)} with ${withWhat}`);
}

function* attempt({ body, handler }: Extract<Filter, { kind: 'try' }>, at: At, env: Environment): Generator<At> {
  try {
    yield* walk(body, at, env);
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    if (handler) yield* walk(handler, bare(error.message), env);
  }
}

function* alternative({ left, right }: Extract<Filter, { kind: 'binary' }>, at: At, env: Environment): Generator<At> {
  let found = false;
  try {
    for (const value of walk(left, at, env)) {
      if (!truth(value.value)) continue;
      found = true;
      yield value;
    }
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
  }
  if (!found) yield* walk(right, at, env);
}

function* binary(
  { operator, left, right }: Extract<Filter, { kind: 'binary' }>,
  input: JsonValue,
  env: Environment,
): Generator<JsonValue> {
  if (operator === 'and' || operator === 'or') {
    for (const a of evaluate(left, input, env)) {
      if (truth(a) === (operator === 'or')) yield operator === 'or';
      else for (const b of evaluate(right, input, env)) yield truth(b);
    }
    return;
  }
  for (const b of evaluate(right, input, env))
    for (const a of evaluate(left, input, env)) {
      if (!/[=<>]/.test(operator)) {
        yield arithmetic(operator, a, b);
        continue;
      }
      const order = compare(a, b);
      yield {
        '==': order === 0,
        '!=': order !== 0,
        '<': order < 0,
        '<=': order <= 0,
        '>': order > 0,
        '>=': order >= 0,
      }[operator] ?? false;
    }
}

type Constructed = Exclude<
  Filter,
  {
    kind:
      | 'identity'
      | 'recurse'
      | 'literal'
      | 'pipe'
      | 'comma'
      | 'index'
      | 'slice'
      | 'each'
      | 'try'
      | 'if'
      | 'bind'
      | 'define'
      | 'call'
      | 'binary';
  }
>;

function* construct(filter: Constructed, input: JsonValue, env: Environment): Generator<JsonValue> {
  switch (filter.kind) {
    case 'list':
      yield filter.of ? [...evaluate(filter.of, input, env)] : [];
      return;
    case 'object':
      yield* objects(filter.entries, input, env);
      return;
    case 'text':
      yield* texts(filter, input, env);
      return;
    case 'negate':
      for (const value of evaluate(filter.of, input, env)) {
        if (typeof value !== 'number') throw new JqError(`${shown(value)} cannot be negated`);
        yield -value;
      }
      return;
    case 'variable': {
      const value = env.variables.get(filter.name);
      if (value === undefined) throw new JqError(`${filter.name} is not defined`);
      yield value;
      return;
    }
    case 'reduce': {
      let [state = null] = evaluate(filter.start, input, env);
      for (const value of evaluate(filter.source, input, env))
        state = [...evaluate(filter.update, state, withVariable(env, filter.name, value))].at(-1) ?? null;
      yield state;
      return;
    }
    case 'update':
      yield* update(filter, input, env);
  }
}

function* objects(
  entries: Extract<Filter, { kind: 'object' }>['entries'],
  input: JsonValue,
  env: Environment,
): Generator<JsonValue> {
  const [first, ...rest] = entries;
  if (!first) {
    yield {};
    return;
  }
  for (const key of evaluate(first.key, input, env)) {
    if (typeof key !== 'string') throw new JqError(`Object keys must be strings`);
    for (const value of evaluate(first.value, input, env))
      for (const others of objects(rest, input, env))
        yield Object.fromEntries([[key, value], ...Object.entries(isObject(others) ? others : {})]);
  }
}

function* texts(
  { parts, format }: Extract<Filter, { kind: 'text' }>,
  input: JsonValue,
  env: Environment,
  from = 0,
): Generator<string> {
  const part = parts[from];
  if (part === undefined) {
    yield '';
    return;
  }
  const rest = () => texts({ kind: 'text', parts, format }, input, env, from + 1);
  if (typeof part === 'string') for (const after of rest()) yield part + after;
  else
    for (const value of evaluate(part, input, env))
      for (const after of rest()) yield formatText(format ?? '@text', value) + after;
}

function* update(
  { operator, path, value }: Extract<Filter, { kind: 'update' }>,
  input: JsonValue,
  env: Environment,
): Generator<JsonValue> {
  const places = [...paths(path, input, env)];
  if (operator === '|=') {
    let result = input;
    for (const place of places) {
      const [changed] = evaluate(value, getPath(result, place), env);
      result = assignPath(result, place, changed);
    }
    yield result;
    return;
  }
  for (const right of evaluate(value, input, env)) {
    let result = input;
    for (const place of places) {
      const old = getPath(result, place);
      const changed =
        operator === '='
          ? right
          : operator === '//='
            ? truth(old)
              ? old
              : right
            : arithmetic(operator.slice(0, -1), old, right);
      result = assignPath(result, place, changed);
    }
    yield result;
  }
}

function* call(filter: Extract<Filter, { kind: 'call' }>, at: At, env: Environment): Generator<At> {
  const { name, values } = filter;
  if (env.depth > depthMax) throw new JqError('recursion is too deep');
  const own = env.functions.get(`${name}/${values.length}`);
  if (own) {
    const home = own.environment ?? env;
    const functions = new Map(home.functions);
    for (const [i, parameter] of own.parameters.entries()) {
      const body = values[i];
      if (body) functions.set(`${parameter.replace(/^\$/, '')}/0`, { parameters: [], body, environment: env });
    }
    yield* walk(own.body, at, { ...home, functions, depth: env.depth + 1 });
    return;
  }
  const [first] = values;
  if (name === 'select' && first) {
    for (const condition of evaluate(first, at.value, env)) if (truth(condition)) yield at;
  } else if (name === 'empty') return;
  else if (name === 'recurse' && !first) yield* recurse(at, env);
  else if (name === 'first' && first) {
    for (const found of walk(first, at, env)) {
      yield found;
      return;
    }
  } else {
    const run = (inner: Filter, input: JsonValue) => evaluate(inner, input, env);
    const places = (inner: Filter, input: JsonValue) => paths(inner, input, env);
    for (const value of callBuiltin({ name, values, input: at.value, run, paths: places, variables: env.variables }))
      yield bare(value);
  }
}
