// Semantic versions and quantities in CEL: `semver('1.2.3').isLessThan(…)`, `quantity('1Gi').add(quantity('1Mi'))`.
import type { Environment } from '@marcbachmann/cel-js';
import { parseQuantity, type Quantity, quantityProblem } from '../../api/quantity.ts';

/** Registers them. */
export function registerVersions(environment: Environment): void {
  const on: On = (signature, run) => void environment.registerFunction(signature, run);
  environment.registerType(semverType, { ctor: Semver, fields: {} });
  environment.registerType(quantityType, { ctor: QuantityValue, fields: {} });
  environment.registerOperator(`${semverType} == ${semverType}`, (a: Semver, b: Semver) => compareVersions(a, b) === 0);
  environment.registerOperator(
    `${quantityType} == ${quantityType}`,
    (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity) === 0,
  );
  registerSemver(on);
  registerQuantities(on);
}

/** The name of quantities' type. */
export const quantityType = 'kubernetes.Quantity';

/** A quantity as expressions see it. */
export function quantityValue(text: string): unknown {
  return new QuantityValue(parseQuantity(text));
}

/** A semantic version as expressions see it. Throws where the text is none. */
export function versionValue(text: string): unknown {
  return semverOf(text);
}

type On = (signature: string, run: (...given: never[]) => unknown) => void;

const semverType = 'kubernetes.Semver';

class Semver {
  constructor(
    readonly numbers: readonly bigint[],
    readonly before: readonly string[],
  ) {}
}

class QuantityValue {
  constructor(readonly quantity: Quantity) {}
}

function registerSemver(on: On): void {
  on('isSemver(string): bool', (text: string) => typeof readSemver(text) !== 'string');
  on('isSemver(string, bool): bool', (text: string, loose: boolean) => typeof readSemver(text, loose) !== 'string');
  on(`semver(string): ${semverType}`, (text: string) => semverOf(text));
  on(`semver(string, bool): ${semverType}`, (text: string, loose: boolean) => semverOf(text, loose));
  for (const [i, name] of ['major', 'minor', 'patch'].entries())
    on(`${semverType}.${name}(): int`, ({ numbers }: Semver) => numbers[i] ?? 0n);
  compared(on, semverType, compareVersions);
}

function compared<T>(on: On, type: string, compare: (a: T, b: T) => number): void {
  on(`${type}.isLessThan(${type}): bool`, (a: T, b: T) => compare(a, b) < 0);
  on(`${type}.isGreaterThan(${type}): bool`, (a: T, b: T) => compare(a, b) > 0);
  on(`${type}.compareTo(${type}): int`, (a: T, b: T) => BigInt(compare(a, b)));
}

const identifier = '[0-9A-Za-z-]+';
const semverForm = new RegExp(
  `^(\\d+)\\.(\\d+)\\.(\\d+)(?:-(${identifier}(?:\\.${identifier})*))?(?:\\+${identifier}(?:\\.${identifier})*)?$`,
);

/** The version, or why the text is none. `loose`: `v1.2` and `01.2.3` will do. */
function readSemver(text: string, loose = false): Semver | string {
  const normal = loose ? normalized(text) : text;
  if (normal === undefined) return 'short version cannot contain PreRelease/Build meta data';
  const [, major = '', minor = '', patch = '', before] = semverForm.exec(normal) ?? [];
  if (major === '') return normal.split('.').length < 3 ? 'No Major.Minor.Patch elements found' : problemOf(normal);
  const parts = before?.split('.') ?? [];
  const zeros = [major, minor, patch].findIndex((number) => /^0\d/.test(number));
  const which = ['Major', 'Minor', 'Patch'][zeros];
  if (which) return `${which} number must not contain leading zeroes ${JSON.stringify([major, minor, patch][zeros])}`;
  const wrong = parts.find((part) => /^0\d+$/.test(part));
  if (wrong) return `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(wrong)}`;
  return new Semver([BigInt(major), BigInt(minor), BigInt(patch)], parts);
}

function problemOf(text: string): string {
  const [major = '', minor = '', rest = ''] = text.split('.');
  const numbers = { Major: major, Minor: minor, Patch: rest.replace(/[-+].*/s, '') };
  const wrong = Object.entries(numbers).find(([, number]) => !/^\d+$/.test(number));
  return wrong
    ? `Invalid character(s) found in ${wrong[0].toLowerCase()} number ${JSON.stringify(wrong[1])}`
    : 'Invalid character(s) found in prerelease or build meta data';
}

function normalized(text: string): string | undefined {
  const bare = text.replace(/^v/, '');
  const [major = '', minor, ...rest] = bare.split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length > 0 ? [rest.join('.')] : [])];
  const plain = parts.map((part) => part.replace(/^0+(?=\d)/, ''));
  if (plain.length < 3 && /[+-]/.test(plain.at(-1) ?? '')) return undefined;
  return [...plain, '0', '0'].slice(0, 3).join('.');
}

function semverOf(text: string, loose = false): Semver {
  const version = readSemver(text, loose);
  if (typeof version === 'string') throw new Error(version);
  return version;
}

function compareVersions(a: Semver, b: Semver): number {
  for (const [i, number] of a.numbers.entries()) {
    const other = b.numbers[i] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.before.length === 0 || b.before.length === 0)
    return Number(a.before.length === 0) - Number(b.before.length === 0);
  for (let i = 0; i < Math.max(a.before.length, b.before.length); i++) {
    const [x, y] = [a.before[i], b.before[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x !== y) return comparePart(x, y);
  }
  return 0;
}

/** Numbers come before words. */
function comparePart(a: string, b: string): number {
  const numeric = [a, b].map((part) => /^\d+$/.test(part));
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  if (numeric[0]) return BigInt(a) < BigInt(b) ? -1 : 1;
  return a < b ? -1 : 1;
}

function registerQuantities(on: On): void {
  const value = (quantity: Quantity) => new QuantityValue(quantity);
  const whole = ({ quantity }: QuantityValue) => quantity.nanos % 1_000_000_000n === 0n;
  const whatever = (count: bigint) => parseQuantity(String(count));
  on('isQuantity(string): bool', (text: string) => quantityProblem(text) === undefined);
  on(`quantity(string): ${quantityType}`, (text: string) => {
    const problem = quantityProblem(text);
    if (problem !== undefined) throw new Error(problem);
    return value(parseQuantity(text));
  });
  on(`sign(${quantityType}): int`, ({ quantity }: QuantityValue) => BigInt(quantity.sign()));
  on(`${quantityType}.isInteger(): bool`, whole);
  on(`${quantityType}.asInteger(): int`, (given: QuantityValue) => {
    if (!whole(given)) throw new Error('cannot convert value to integer');
    return given.quantity.nanos / 1_000_000_000n;
  });
  on(`${quantityType}.asApproximateFloat(): double`, ({ quantity }: QuantityValue) => Number(quantity.nanos) / 1e9);
  on(`${quantityType}.add(${quantityType}): ${quantityType}`, (a: QuantityValue, b: QuantityValue) =>
    value(a.quantity.add(b.quantity)),
  );
  on(`${quantityType}.add(int): ${quantityType}`, (a: QuantityValue, b: bigint) => value(a.quantity.add(whatever(b))));
  on(`${quantityType}.sub(${quantityType}): ${quantityType}`, (a: QuantityValue, b: QuantityValue) =>
    value(a.quantity.subtract(b.quantity)),
  );
  on(`${quantityType}.sub(int): ${quantityType}`, (a: QuantityValue, b: bigint) =>
    value(a.quantity.subtract(whatever(b))),
  );
  compared(on, quantityType, (a: QuantityValue, b: QuantityValue) => a.quantity.compare(b.quantity));
}
