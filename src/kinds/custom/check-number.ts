// Checks a number against a schema: first with its own type, and where a bound does not fit that type, as any number.
import type { Findings } from './findings.ts';
import type { Schema } from './schema-node.ts';
import { boundText, type Problems, type SchemaProblem } from './schema-problems.ts';

/** What a number should be. */
export interface NumberType {
  readonly types: readonly string[];
  readonly format: string;
}

/** Adds what is wrong with a number. */
export function checkNumber(
  schema: Schema,
  { value, types, format }: { readonly value: number } & NumberType,
  problems: Problems,
  found: Findings,
): void {
  found.matches++;
  const integer = types.length === 1 && types[0] === 'integer';
  const fits = (number: number): boolean => fitsFormat(number, integer, format);
  const range = (what: string): SchemaProblem => problems.range(what, integer ? 'integer' : (types[0] ?? ''), format);
  if (!fits(value)) found.add(range('Checked'));
  const native = (bound: number): number => (isInt64(value) && fits(bound) ? Math.trunc(bound) : bound);
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (multipleOf !== undefined) {
    if (!fits(multipleOf)) found.add(range('MultipleOf'));
    const factor = native(multipleOf);
    if (factor <= 0) found.add(problems.factor(factor));
    else if (!isMultiple(value, factor))
      found.add(problems.other(`should be a multiple of ${boundText(factor)}`, value));
  }
  const check = (bound: number, wrong: (whole: number) => boolean, what: string, words: string): void => {
    if (!fits(bound)) found.add(range(`${what} boundary`));
    const whole = native(bound);
    if (wrong(whole)) found.add(problems.other(`should be ${words} ${boundText(whole)}`, value));
  };
  if (minimum !== undefined) {
    const wrong = (bound: number) => (exclusiveMinimum ? value <= bound : value < bound);
    check(minimum, wrong, 'Minimum', exclusiveMinimum ? 'greater than' : 'greater than or equal to');
  }
  if (maximum !== undefined) {
    const wrong = (bound: number) => (exclusiveMaximum ? value >= bound : value > bound);
    check(maximum, wrong, 'Maximum', exclusiveMaximum ? 'less than' : 'less than or equal to');
  }
}

/** Whether a number is one of Go's int64. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

const float32Max = 3.4028234663852886e38;

function fitsFormat(value: number, integer: boolean, format: string): boolean {
  if (!integer) return !/^float(32)?$/.test(format) || Math.abs(value) <= float32Max;
  if (!isInt64(value)) return format === 'uint64' && Number.isInteger(value) && value >= 0 && value < 2 ** 64;
  if (format === 'int32') return value >= -(2 ** 31) && value < 2 ** 31;
  if (format === 'uint32') return value >= 0 && value < 2 ** 32;
  return format !== 'uint64' || value >= 0;
}

/** Within what floating-point numbers can tell. */
function isMultiple(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  if (Math.abs(times) > Number.MAX_SAFE_INTEGER) return false;
  const off = Math.abs(times - Math.round(times));
  return off === 0 || off / Math.max(1, Math.abs(times)) < 1e-9;
}
