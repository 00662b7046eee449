// Functions of lists in CEL, Kubernetes' own and those of cel-go's list library.
import type { Environment } from '@marcbachmann/cel-js';
import { cel } from './cel.ts';
import { keyOf } from './rule-format.ts';
import { order, registerLoops } from './rule-loops.ts';

const rangeMax = 1_000_000;

/** Registers them. */
export function registerLists(environment: Environment): void {
  registerOrdered(environment);
  registerShapes(environment);
  registerLoops(environment);
}

type Items = readonly unknown[];
type Ordered = bigint | number | string;

function registerOrdered(environment: Environment): void {
  for (const type of ['int', 'double']) {
    const zero = type === 'int' ? 0n : 0;
    environment.registerFunction(`list<${type}>.sum(): ${type}`, (list: readonly (bigint | number)[]) =>
      list.reduce((a, b) => (typeof a === 'bigint' && typeof b === 'bigint' ? a + b : Number(a) + Number(b)), zero),
    );
  }
  for (const type of ['int', 'double', 'string']) {
    environment.registerFunction(`list<${type}>.min(): ${type}`, (list: readonly Ordered[]) => extreme(list, -1));
    environment.registerFunction(`list<${type}>.max(): ${type}`, (list: readonly Ordered[]) => extreme(list, 1));
    environment.registerFunction(`list<${type}>.isSorted(): bool`, (list: readonly Ordered[]) =>
      list.every((item, i) => i === 0 || order(list[i - 1] ?? item, item) <= 0),
    );
    environment.registerFunction(`list<${type}>.indexOf(${type}): int`, (list: readonly Ordered[], item: Ordered) =>
      BigInt(list.indexOf(item)),
    );
    environment.registerFunction(`list<${type}>.lastIndexOf(${type}): int`, (list: readonly Ordered[], item: Ordered) =>
      BigInt(list.lastIndexOf(item)),
    );
  }
}

class Lists {}

function registerShapes(environment: Environment): void {
  const on = (signature: string, run: (...given: never[]) => unknown): void =>
    void environment.registerFunction(signature, run);
  on('list.reverse(): list', (list: Items) => [...list].reverse());
  on('list.sort(): list', (list: Items) => [...list].sort(order));
  on('list.distinct(): list', (list: Items) => {
    const keys = list.map(keyOf);
    return list.filter((_, i) => keys.indexOf(keys[i] ?? '') === i);
  });
  on('list.flatten(): list', (list: Items) => flattened(list, 1n));
  on('list.flatten(int): list', (list: Items, depth: bigint) => flattened(list, depth));
  on('list.slice(int, int): list', sliced);
  on('list.first(): optional', (list: Items) => (list.length > 0 ? cel().Optional.of(list[0]) : cel().Optional.none()));
  on('list.last(): optional', (list: Items) =>
    list.length > 0 ? cel().Optional.of(list.at(-1)) : cel().Optional.none(),
  );
  environment.registerType('kubernetes.Lists', { ctor: Lists, fields: {} });
  environment.registerConstant('lists', 'kubernetes.Lists', new Lists());
  on('kubernetes.Lists.range(int): list<int>', (_: Lists, count: bigint) => {
    if (count > rangeMax) throw new Error(`lists.range: size ${count} is too large`);
    return Array.from({ length: Math.max(0, Number(count)) }, (_one, i) => BigInt(i));
  });
}

function flattened(list: Items, depth: bigint): Items {
  if (depth < 0n) throw new Error('level must be non-negative');
  return depth === 0n ? list : list.flatMap((item) => (Array.isArray(item) ? flattened(item, depth - 1n) : [item]));
}

function sliced(list: Items, start: bigint, end: bigint): Items {
  const refuse = (why: string): never => {
    throw new Error(`cannot slice(${start}, ${end}), ${why}`);
  };
  if (start < 0n || end < 0n) refuse('negative indexes not supported');
  if (start > end) refuse('start index must be less than or equal to end index');
  if (end > BigInt(list.length)) refuse('list is length ' + list.length);
  return list.slice(Number(start), Number(end));
}

function extreme(list: readonly Ordered[], sign: 1 | -1): Ordered {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${sign > 0 ? 'max' : 'min'} called on empty list`);
  return rest.reduce((best, item) => (order(item, best) * sign > 0 ? item : best), first);
}
