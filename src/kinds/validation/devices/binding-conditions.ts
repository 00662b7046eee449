// Conditions that a device waits for, or fails by, before its pod is bound.
import { duplicate, invalid } from '../../../api/field-error.ts';
import { qualifiedName } from '../../../api/names.ts';
import { complain, type Errors, shown } from '../checks.ts';
import { boundedList } from './bounded.ts';

const conditionsMax = 4;

/** Adds what is wrong with the conditions of a device. */
export function validateBindingConditions(
  errors: Errors,
  field: string,
  device: {
    readonly bindingConditions?: readonly string[] | undefined;
    readonly bindingFailureConditions?: readonly string[] | undefined;
  },
): void {
  const { bindingConditions: awaited = [], bindingFailureConditions: failing = [] } = device;
  const waits = `${field}.bindingConditions`;
  const fails = `${field}.bindingFailureConditions`;
  for (const [at, items] of [
    [waits, awaited],
    [fails, failing],
  ] as const)
    boundedList(errors, at, { items, most: conditionsMax, check: validateType });
  for (const [i, type] of awaited.entries())
    if (awaited.indexOf(type) < i) errors.push(duplicate(`${waits}[${i}]`, type));
  for (const [i, type] of failing.entries()) {
    if (failing.indexOf(type) < i) errors.push(duplicate(`${fails}[${i}]`, type));
    if (awaited.includes(type))
      errors.push(invalid(`${fails}[${i}]`, type, 'bindingFailureConditions must not overlap with bindingConditions'));
  }
  const missing = (name: string, other: string) => `${name} are required to use ${other}`;
  if (awaited.length === 0 && failing.length > 0) {
    const detail = missing('bindingConditions', 'bindingFailureConditions');
    errors.push(invalid(waits, shown(device.bindingConditions ?? null), detail));
  }
  if (failing.length === 0 && awaited.length > 0) {
    const detail = missing('bindingFailureConditions', 'bindingConditions');
    errors.push(invalid(fails, shown(device.bindingFailureConditions ?? null), detail));
  }
}

function validateType(errors: Errors, field: string, type: string): void {
  complain(errors, field, type, qualifiedName(type));
}
