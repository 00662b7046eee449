// The functions that Kubernetes adds to CEL, as far as they are here: an unknown one fails when its rule is compiled.
import type { Environment } from '@marcbachmann/cel-js';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { goRegexp } from '../../base/go-regexp.ts';
import { matchesName } from './rewrite-expression.ts';
import { registerFormat, registerSets } from './rule-format.ts';
import { isOfFormat } from './string-formats.ts';

/** Registers them. */
export function registerFunctions(environment: Environment): void {
  registerLists(environment);
  registerTexts(environment);
  registerFormat(environment);
  registerSets(environment);
  registerQuantities(environment);
}

function registerLists(environment: Environment): void {
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
      list.every((item, i) => i === 0 || compare(list[i - 1] ?? item, item) <= 0),
    );
    environment.registerFunction(`list<${type}>.indexOf(${type}): int`, (list: readonly Ordered[], item: Ordered) =>
      BigInt(list.indexOf(item)),
    );
    environment.registerFunction(`list<${type}>.lastIndexOf(${type}): int`, (list: readonly Ordered[], item: Ordered) =>
      BigInt(list.lastIndexOf(item)),
    );
  }
}

function registerTexts(environment: Environment): void {
  environment.registerFunction(`string.${matchesName}(string): bool`, (text: string, pattern: string) =>
    goRegexp(pattern).test(text),
  );
  environment.registerFunction('string.find(string): string', (text: string, pattern: string) => {
    return goRegexp(pattern).find(text) ?? '';
  });
  environment.registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
    goRegexp(pattern).findAll(text),
  );
  environment.registerFunction(
    'string.replace(string, string): string',
    (text: string, old: string, replacement: string) => text.replaceAll(old, () => replacement),
  );
  environment.registerFunction('string.charAt(int): string', (text: string, at: bigint) => text.charAt(Number(at)));
  environment.registerFunction('isIP(string): bool', (text: string) => isAddress(text));
  environment.registerFunction('isCIDR(string): bool', (text: string) => isOfFormat(text, 'cidr'));
  environment.registerFunction('isURL(string): bool', (text: string) => isOfFormat(text, 'uri'));
}

/** A quantity is its text. */
class Quantity {
  constructor(readonly text: string) {}
}

function registerQuantities(environment: Environment): void {
  environment.registerType('kubernetes.Quantity', { ctor: Quantity, fields: {} });
  environment.registerFunction('isQuantity(string): bool', (text: string) => quantityProblem(text) === undefined);
  environment.registerFunction('quantity(string): kubernetes.Quantity', (text: string) => {
    const problem = quantityProblem(text);
    if (problem !== undefined) throw new Error(problem);
    return new Quantity(text);
  });
  const compared = (name: string, holds: (order: number) => boolean): void =>
    void environment.registerFunction(
      `kubernetes.Quantity.${name}(kubernetes.Quantity): bool`,
      (a: Quantity, b: Quantity) => holds(parseQuantity(a.text).compare(parseQuantity(b.text))),
    );
  compared('isLessThan', (order) => order < 0);
  compared('isGreaterThan', (order) => order > 0);
  environment.registerFunction('kubernetes.Quantity.compareTo(kubernetes.Quantity): int', (a: Quantity, b: Quantity) =>
    BigInt(parseQuantity(a.text).compare(parseQuantity(b.text))),
  );
}

type Ordered = bigint | number | string;

function compare(a: Ordered, b: Ordered): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function extreme(list: readonly Ordered[], sign: 1 | -1): Ordered {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${sign > 0 ? 'max' : 'min'} called on empty list`);
  return rest.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best), first);
}

function isAddress(text: string): boolean {
  return isOfFormat(text, 'ipv4') || isOfFormat(text, 'ipv6');
}
