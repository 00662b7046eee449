// Selectors of reviews of access: a text or requirements, not both. Operators of later versions are let through.
import { type FieldError, forbidden, invalid, required } from '../../api/field-error.ts';
import type { ResourceAttributes } from '../../api/generated/types.ts';
import { qualifiedName, validLabelValue } from '../../api/names.ts';
import { complain, type Errors } from './checks.ts';

interface Requirement {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly values?: readonly string[] | undefined;
}

/** What is wrong with the selectors of a review. */
export function accessSelectorErrors(attributes: ResourceAttributes): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const name of ['fieldSelector', 'labelSelector'] as const) {
    const selector = attributes[name];
    if (!selector) continue;
    const at = `spec.resourceAttributes.${name}`;
    const { rawSelector = '', requirements = [] } = selector;
    if (rawSelector !== '' && requirements.length > 0)
      errors.push(invalid(`${at}.rawSelector`, rawSelector, 'may not specified at the same time as requirements'));
    if (rawSelector === '' && requirements.length === 0)
      errors.push(required(`${at}.requirements`, `when ${at} is specified, requirements or rawSelector is required`));
    const check = name === 'fieldSelector' ? checkField : checkLabel;
    for (const [i, requirement] of requirements.entries()) check(errors, `${at}.requirements[${i}]`, requirement);
  }
  return errors;
}

function checkField(errors: Errors, field: string, requirement: Requirement): void {
  if (!requirement.key) errors.push(required(`${field}.key`, 'must be specified'));
  checkValues(errors, field, requirement);
}

function checkLabel(errors: Errors, field: string, requirement: Requirement): void {
  const { key = '', values = [] } = requirement;
  checkValues(errors, field, requirement);
  complain(errors, `${field}.key`, key, qualifiedName(key));
  for (const [i, value] of values.entries()) complain(errors, `${field}.values[${i}]`, value, validLabelValue(value));
}

function checkValues(errors: Errors, field: string, { operator = '', values = [] }: Requirement): void {
  const at = `${field}.values`;
  if (['In', 'NotIn'].includes(operator) && values.length === 0)
    errors.push(required(at, "must be specified when `operator` is 'In' or 'NotIn'"));
  if (['Exists', 'DoesNotExist'].includes(operator) && values.length > 0)
    errors.push(forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
}
