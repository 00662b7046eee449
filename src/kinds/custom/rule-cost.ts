// What evaluating an expression in CEL can cost at most, as cel-go and Kubernetes' own libraries reckon it: every step
// costs 1, reading a text a tenth of its length, and a loop its body times the size of what it goes through.
//
//   self.all(x, x.startsWith('a'))  ─▶  items × (1 + 1 + length × 0.1 + …)
import { type Call, callCost } from './call-cost.ts';
import { elementOf, type Part, type Size, share, sizeOf, textFactor, times } from './cost-parts.ts';
import type { SizedType } from './sized-types.ts';

/** A node of an expression, as the implementation of CEL has it. */
export interface ExpressionNode {
  readonly op: string;
  readonly args: unknown;
}

type Scope = ReadonlyMap<string, Part>;

/** The most that an expression costs whose variables have these types. */
export function expressionCost(node: ExpressionNode, variables: ReadonlyMap<string, SizedType>): number {
  const scope = new Map<string, Part>();
  for (const [name, type] of variables) {
    scope.set(name, { cost: 1, kind: type.kind, type });
    // Upstream takes every other name, e.g. a type's, to be as large as the whole.
    scope.set(otherName, { cost: 1, kind: undefined, size: { min: 0, max: type.sizeMax } });
  }
  return Math.min(part(node, scope).cost, 2 ** 64);
}

function part(node: ExpressionNode, scope: Scope): Part {
  const { op, args } = node;
  switch (op) {
    case 'value':
      return literal(args);
    case 'id':
      return scope.get(String(args)) ?? scope.get(otherName) ?? { cost: 1, kind: undefined };
    case '.':
    case '.?':
      return selection(nodesIn(args)[0], String(listOf(args)[1]), scope);
    case '[]':
    case '[?]': {
      const [target, index] = partsOf(args, scope);
      return { ...elementOf(target ?? nothing), cost: (target?.cost ?? 0) + (index?.cost ?? 0) + 1 };
    }
    case 'list': {
      const items = nodesIn(args).map((item) => part(item, scope));
      return { cost: sum(items) + 10, kind: 'list', size: exactly(items.length) };
    }
    case 'map': {
      const entries = listOf(args).map((entry) => partsOf(entry, scope));
      return { cost: sum(entries.flat()) + 30, kind: 'map', size: exactly(entries.length) };
    }
    case 'call':
    case 'rcall':
      return called(node, scope);
    default:
      return operated(op, partsOf(args, scope));
  }
}

const nothing: Part = { cost: 0, kind: undefined };

function literal(value: unknown): Part {
  if (typeof value === 'string') return { cost: 0, kind: 'string', size: exactly([...value].length) };
  if (value instanceof Uint8Array) return { cost: 0, kind: 'bytes', size: exactly(value.length) };
  return { cost: 0, kind: typeof value === 'boolean' ? 'bool' : 'number' };
}

function exactly(count: number): Size {
  return { min: count, max: count };
}

const otherName = ' other';

function selection(target: ExpressionNode | undefined, name: string, scope: Scope): Part {
  if (target && isTypeName(target, scope)) return part({ op: 'id', args: name }, scope);
  const from = target ? part(target, scope) : nothing;
  const type = from.type?.fields?.get(name) ?? (from.type?.kind === 'map' ? from.type.element : undefined);
  return { cost: from.cost + (from.kind === 'dyn' ? 0 : 1), kind: type?.kind, type };
}

/** `google.protobuf.Duration` is one name. */
function isTypeName({ op, args }: ExpressionNode, scope: Scope): boolean {
  if (op === '.') return nodesIn(args).some((inner) => isTypeName(inner, scope));
  return op === 'id' && args === 'google' && !scope.has('google');
}

function operated(op: string, [a = nothing, b = nothing, c = nothing]: readonly Part[]): Part {
  const costs = a.cost + b.cost + c.cost;
  switch (op) {
    case '&&':
    case '||':
      return { cost: costs, kind: 'bool' };
    case '?:': {
      const [x, y] = [sizeOf(b), sizeOf(c)];
      const size = { min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) };
      return { cost: a.cost + Math.max(b.cost, c.cost), kind: b.kind ?? c.kind, size };
    }
    case 'in':
      return { cost: costs + (b.kind === 'list' ? sizeOf(b).max : 1), kind: 'bool' };
    case '==':
    case '!=':
      return { cost: costs + comparison(a, b), kind: 'bool' };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { cost: costs + (isText(a) || isText(b) ? comparison(a, b) : 1), kind: 'bool' };
    case '+':
      return { ...added(a, b), cost: costs + added(a, b).cost };
    default:
      return { cost: costs + 1, kind: op === '!_' ? 'bool' : 'number' };
  }
}

/** As far as the smaller of both goes. */
function comparison(a: Part, b: Part): number {
  return share(Math.min(sizeOf(a).max, sizeOf(b).max), textFactor);
}

function isText({ kind }: Part): boolean {
  return kind === 'string' || kind === 'bytes' || kind === 'dyn';
}

function added(a: Part, b: Part): Part {
  const kind = a.kind ?? b.kind;
  if (kind !== 'list' && !isText({ cost: 0, kind })) return { cost: 1, kind: kind ?? 'number' };
  const [x, y] = [sizeOf(a), sizeOf(b)];
  const size = { min: x.min + y.min, max: x.max + y.max };
  return { cost: kind === 'list' ? 1 : share(size.max, textFactor), kind, size };
}

function called({ op, args }: ExpressionNode, scope: Scope): Part {
  const [name, ...rest] = listOf(args);
  const own = op === 'rcall' && isNode(rest[0]) ? rest[0] : undefined;
  const given = nodesIn(own ? rest[1] : rest[0]);
  const { op: targetOp, args: targetName } = own ?? { op: '', args: '' };
  if (name === 'has' && !own) {
    const [tested] = given;
    const operand = tested && nodesIn(tested.args)[0];
    return { cost: operand ? part(operand, scope).cost : 0, kind: 'bool' };
  }
  if (own && targetOp === 'id' && targetName === 'cel' && name === 'bind') return bound(given, scope);
  if (own && (name === 'optMap' || name === 'optFlatMap')) return opened(own, given, scope);
  const loop = own && loops[String(name)];
  if (loop) return looped({ loop, range: own, given, scope });
  const isLibrary = targetOp === 'id' && libraries.has(String(targetName)) && !scope.has(String(targetName));
  const target = own && !isLibrary ? part(own, scope) : undefined;
  const parts = given.map((one) => part(one, scope));
  const call: Call = { name: isLibrary ? `${String(targetName)}.${String(name)}` : String(name), target, args: parts };
  const { cost, ...result } = callCost(call);
  return { ...result, cost: cost + (target?.cost ?? 0) + sum(parts) };
}

/** Names in front of functions that are no values. */
const libraries = new Set(['ip', 'format', 'strings', 'jsonpatch', 'sets', 'math', 'lists', 'optional', 'base64']);

function bound([name, value, body]: readonly ExpressionNode[], scope: Scope): Part {
  if (!name || !value || !body) return nothing;
  const known = part(value, scope);
  const inner = part(body, new Map([...scope, [String(name.args), { ...known, cost: 1 }]]));
  return { ...inner, cost: known.cost + inner.cost + 10 };
}

/** Upstream asks the optional twice, and binds a name to what is in it. */
function opened(target: ExpressionNode, [name, body]: readonly ExpressionNode[], scope: Scope): Part {
  if (!name || !body) return nothing;
  const inner = new Map([...scope, [String(name.args), { cost: 1, kind: undefined }]]);
  return { cost: 2 * (part(target, scope).cost + 1) + 11 + part(body, inner).cost, kind: undefined };
}

/** What a loop costs around its expressions: before, in each round, and what it makes. */
interface Loop {
  readonly around: number;
  /** From the costs of the expressions. */
  round(...costs: readonly number[]): number;
  readonly makes: 'bool' | 'list' | 'map';
}

const quantified = (condition: number): Loop => ({
  around: 1,
  round: (test = 0) => condition + 1 + test,
  makes: 'bool',
});
const counted: Loop = { around: 2, round: (test = 0) => test + 2, makes: 'bool' };
const listed: Loop = { around: 11, round: (a = 0, b) => (b === undefined ? a + 12 : a + b + 12), makes: 'list' };
const mapped: Loop = { around: 31, round: (a = 0, b = 0) => a + b + 32, makes: 'map' };

const loops: Readonly<Record<string, Loop>> = {
  all: quantified(2),
  exists: quantified(3),
  exists_one: counted,
  existsOne: counted,
  map: listed,
  transformList: listed,
  filter: { around: 11, round: (test = 0) => test + 13, makes: 'list' },
  transformMap: mapped,
  transformMapEntry: mapped,
  sortBy: listed,
};

function looped(about: {
  readonly loop: Loop;
  readonly range: ExpressionNode;
  readonly given: readonly ExpressionNode[];
  readonly scope: Scope;
}): Part {
  const { loop, range, given, scope } = about;
  const over = part(range, scope);
  const single = given.findIndex(({ op }) => op !== 'id') === 1 || given.length === 2;
  const [first, second] = given.map(({ args }) => String(args));
  const element = elementOf(over);
  const key: Part = { cost: 1, kind: over.kind === 'map' ? 'string' : 'number', size: { min: 0, max: 0 } };
  const whole = over.kind === 'map' ? key : element;
  const names: readonly (readonly [string, Part])[] = single
    ? [[first ?? '', whole]]
    : [
        [first ?? '', key],
        [second ?? '', element],
      ];
  const inner = new Map([...scope, ...names]);
  const parts = given.slice(names.length).map((expression) => part(expression, inner));
  const costs = parts.map(({ cost }) => cost);
  const { max } = sizeOf(over);
  const cost = over.cost + loop.around + times(max, loop.round(...costs));
  return { cost, kind: loop.makes, items: parts.at(-1)?.kind, ...(loop.makes !== 'bool' && { size: { min: 0, max } }) };
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((total, { cost }) => total + cost, 0);
}

function partsOf(args: unknown, scope: Scope): readonly Part[] {
  return nodesIn(args).map((node) => part(node, scope));
}

function nodesIn(args: unknown): readonly ExpressionNode[] {
  return (Array.isArray(args) ? args : [args]).filter(isNode);
}

function listOf(args: unknown): readonly unknown[] {
  return Array.isArray(args) ? args : [args];
}

function isNode(value: unknown): value is ExpressionNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
