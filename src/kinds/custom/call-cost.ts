// What calling a function of CEL can cost, beside its arguments, and how large its result is.
import { elementOf, type Part, type Size, share, sizeOf, textFactor, times } from './cost-parts.ts';

/** A call, its target and arguments reckoned already. */
export interface Call {
  /** With the library that it is in: `strings.quote`. */
  readonly name: string;
  readonly target: Part | undefined;
  readonly args: readonly Part[];
}

/** What the function itself costs, and its result. */
export function callCost(call: Call): Part {
  const plain = call.name === 'matchRE' ? 'matches' : call.name;
  return Object.hasOwn(costs, plain) ? (costs[plain]?.(call) ?? one) : { ...one, kind: results[plain] };
}

const one: Part = { cost: 1, kind: undefined };
/** How much of a pattern is one step of it. */
const patternFactor = 0.25;
const namedPatternMax = 128;

type CostOf = (call: Call) => Part;

function first({ target, args }: Call): Part {
  return target ?? args[0] ?? one;
}

/** Goes through a text; the result is no longer than it. */
const sameText: CostOf = (call) => {
  const size = sizeOf(first(call));
  return { cost: share(size.max, textFactor), kind: 'string', size };
};

/** Reads a text. */
function reading(kind: Part['kind'], factor = textFactor): CostOf {
  return ({ args }) => ({ cost: share(args[0] ? sizeOf(args[0]).max : 0, factor), kind });
}

/** Goes through a list, or through a text. */
function scanning(kind: Part['kind']): CostOf {
  return (call) => {
    const target = first(call);
    const { max } = sizeOf(target);
    if (target.kind === 'string') return { cost: share(max, textFactor), kind };
    const element = elementOf(target);
    const isText = element.kind === 'string' || element.kind === 'bytes';
    return { cost: times(max, 1 + (isText ? share(sizeOf(element).max, textFactor) : 0)), kind };
  };
}

/** Looks for a pattern in a text. */
function patterned(kind: Part['kind']): CostOf {
  return (call) => {
    const text = sizeOf(first(call));
    const pattern = call.args[0] ? sizeOf(call.args[0]).max : 0;
    const cost = times(share(text.max + 1, textFactor), share(pattern, patternFactor));
    return { cost, kind, ...(kind === 'bool' ? {} : { size: { min: 0, max: text.max } }) };
  };
}

function replaced(call: Call): Part {
  const { args } = call;
  const text = sizeOf(first(call));
  const [old, by] = [args[0] ? sizeOf(args[0]) : { min: 0, max: 0 }, args[1] ? sizeOf(args[1]) : { min: 0, max: 0 }];
  return { cost: share(text.max, 2 * textFactor), kind: 'string', size: replacedSize(text, old, by) };
}

function replacedSize(text: Size, old: Size, by: Size): Size {
  let longest = text.max;
  if (old.min === 0) longest = times(text.max + 1, by.max) + text.max;
  else if (by.max > old.min) longest = times(Math.ceil(text.max / old.min), by.max);
  let shortest = text.min;
  if (old.max === 0) shortest = times(text.min + 1, by.min) + text.min;
  else if (old.max > by.min) shortest = times(Math.ceil(text.min / old.max), by.min);
  return { min: shortest, max: longest };
}

function joined(call: Call): Part {
  const list = first(call);
  const items = sizeOf(list);
  const item = sizeOf(elementOf(list));
  const separator = call.args[0] ? sizeOf(call.args[0]).max : 0;
  const max = times(items.max, item.max) + times(separator, Math.max(0, items.max - 1));
  return { cost: share(max, textFactor), kind: 'string', size: { min: 0, max } };
}

function contains(call: Call): Part {
  const text = share(sizeOf(first(call)).max, textFactor);
  const searched = share(call.args[0] ? sizeOf(call.args[0]).max : 0, textFactor);
  return { cost: times(text, searched), kind: 'bool' };
}

/** Compares the bytes of addresses, and reads one where it is a text. */
function addresses(base: number): CostOf {
  return ({ args: [given] }) => ({
    cost: base + (given?.kind === 'string' ? share(sizeOf(given).max, textFactor) : 0),
    kind: 'bool',
  });
}

function selector({ args: [given] }: Call): Part {
  const max = given ? sizeOf(given).max : 0;
  return { cost: 10 + share(max, textFactor) + times(share(max, 0.5), 50), kind: undefined };
}

const costs: Readonly<Record<string, CostOf>> = {
  check: () => ({ cost: 350_000, kind: undefined }),
  fieldSelector: selector,
  labelSelector: selector,
  isSorted: scanning('bool'),
  sum: scanning('number'),
  max: scanning(undefined),
  min: scanning(undefined),
  indexOf: scanning('number'),
  lastIndexOf: scanning('number'),
  url: (call) => ({ cost: sameText(call).cost, kind: 'opaque' }),
  'jsonpatch.escapeKey': sameText,
  lowerAscii: sameText,
  upperAscii: sameText,
  substring: sameText,
  trim: sameText,
  replace: replaced,
  split(call) {
    const { max } = sizeOf(first(call));
    return { cost: share(max, 2 * textFactor), kind: 'list', size: { min: 0, max } };
  },
  join: joined,
  find: patterned('string'),
  findAll: patterned('list'),
  matches: patterned('bool'),
  cidr: reading('opaque'),
  ip: reading('opaque'),
  isIP: reading('bool'),
  isCIDR: reading('bool'),
  'ip.isCanonical': reading('bool', 2 * textFactor),
  containsIP: addresses(4),
  containsCIDR: addresses(7),
  quantity: reading('opaque'),
  isQuantity: reading('bool'),
  semver: reading('opaque'),
  isSemver: reading('bool'),
  validate: ({ args: [text] }) => ({
    cost: share(share(text ? sizeOf(text).max : 0, textFactor), namedPatternMax * patternFactor),
    kind: undefined,
  }),
  startsWith: reading('bool'),
  endsWith: reading('bool'),
  contains,
  format: (call) => ({ cost: share(sizeOf(first(call)).max, textFactor), kind: 'string' }),
  bytes: (call) => {
    const { min, max } = sizeOf(first(call));
    return { cost: share(max, textFactor), kind: 'bytes', size: { min, max: max * 4 } };
  },
  string: (call) => {
    const { kind } = first(call);
    const { min, max } = sizeOf(first(call));
    if (kind !== 'bytes') return { cost: 1, kind: 'string' };
    return { cost: share(max, textFactor), kind: 'string', size: { min: Math.floor(min / 4), max } };
  },
  'strings.quote': (call) => {
    const { min, max } = sizeOf(first(call));
    return { cost: share(max, textFactor), kind: 'string', size: { min: min + 2, max: max * 2 + 2 } };
  },
};

/** What functions of a constant cost return. */
const results: Readonly<Record<string, Part['kind']>> = {
  ...Object.fromEntries(
    'size int uint double sign compareTo asInteger asApproximateFloat major minor patch prefixLength family'
      .split(' ')
      .map((name) => [name, 'number' as const]),
  ),
  ...Object.fromEntries(
    'getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds getMilliseconds'
      .split(' ')
      .map((name) => [name, 'number' as const]),
  ),
  masked: 'opaque',
  timestamp: 'time',
  duration: 'time',
  ...Object.fromEntries(
    'getScheme getHostname getHost getPort getEscapedPath charAt'.split(' ').map((name) => [name, 'string' as const]),
  ),
};
