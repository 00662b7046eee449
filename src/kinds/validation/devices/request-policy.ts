// How much of a device's capacity a request may take, where several share the device.
import { forbidden, invalid, required } from '../../../api/field-error.ts';
import type { CapacityRequestPolicy, CapacityRequestPolicyRange } from '../../../api/generated/types.ts';
import { parseQuantity, type Quantity } from '../../../api/quantity.ts';
import type { Errors } from '../checks.ts';
import { boundedSet } from './bounded.ts';

const optionsMax = 10;

/** Adds what is wrong with a policy for a capacity of that value. */
export function validateRequestPolicy(
  errors: Errors,
  field: string,
  { value, policy }: { readonly value: string; readonly policy: CapacityRequestPolicy },
): void {
  const { default: standard, validValues = [], validRange } = policy;
  const both = 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time';
  const way = validValues.length > 0 ? 'validValues' : 'validRange';
  if (validValues.length > 0 && validRange) errors.push(forbidden(field, both));
  else if (validValues.length === 0 && !validRange) return;
  else if (standard === undefined) errors.push(required(`${field}.default`, `required when ${way} is defined`));
  else {
    const given = { standard: parseQuantity(standard), capacity: parseQuantity(value) };
    if (validRange) validateRange(errors, `${field}.validRange`, { ...given, range: validRange });
    else validateOptions(errors, `${field}.validValues`, { ...given, options: validValues.map(parseQuantity) });
  }
}

interface Given {
  /** What a request that does not say gets. */
  readonly standard: Quantity;
  readonly capacity: Quantity;
}

function validateOptions(
  errors: Errors,
  field: string,
  { standard, capacity, options }: Given & { readonly options: readonly Quantity[] },
): void {
  for (const [i, option] of options.entries()) {
    const before = options[i - 1];
    if (before && before.compare(option) > 0)
      errors.push(invalid(`${field}[${i}]`, `${option}`, 'values must be sorted in ascending order'));
  }
  boundedSet(errors, field, {
    items: options,
    most: optionsMax,
    check: (_, at, option) => {
      if (option.compare(capacity) > 0)
        errors.push(invalid(at, `${option}`, `option is larger than capacity value: ${capacity}`));
    },
    key: (option) => `${option.value()}`,
  });
  if (options.length > optionsMax || !options.some((option) => option.compare(standard) === 0))
    errors.push(invalid(field, `${standard}`, 'default value is not valid according to the requestPolicy'));
}

function validateRange(
  errors: Errors,
  field: string,
  { standard, capacity, range }: Given & { readonly range: Partial<CapacityRequestPolicyRange> },
): void {
  if (range.min === undefined) {
    errors.push(required(`${field}.min`, 'required when validRange is defined'));
    return;
  }
  const min = parseQuantity(range.min);
  const max = range.max === undefined ? undefined : parseQuantity(range.max);
  const step = range.step === undefined ? undefined : parseQuantity(range.step);
  const refuse = (name: string, value: Quantity, detail: string) =>
    void errors.push(invalid(`${field}.${name}`, `${value}`, detail));
  if (min.compare(capacity) > 0) refuse('min', min, `min is larger than capacity value: ${capacity}`);
  if (standard.compare(min) < 0) refuse('min', standard, `default is less than min: ${min}`);
  if (max) {
    if (min.compare(max) > 0) refuse('max', min, `min is larger than max: ${max}`);
    if (max.compare(capacity) > 0) refuse('max', max, `max is larger than capacity value: ${capacity}`);
    if (standard.compare(max) > 0) refuse('max', standard, `default is more than max: ${max}`);
  }
  if (!step) return;
  const first = min.add(step);
  if (first.compare(capacity) > 0) refuse('step', step, `one step ${first} is larger than capacity value: ${capacity}`);
  for (const value of max ? [standard, max] : [standard])
    if ((value.value() - min.value()) % step.value() !== 0)
      refuse('step', value, `value is not a multiple of a given step (${step}) from (${min})`);
}
