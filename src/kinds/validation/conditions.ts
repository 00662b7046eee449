// Conditions in the form that all newer kinds share (meta/v1).
import { duplicate, invalid, notSupported, required, tooLong } from '../../api/field-error.ts';
import type { Condition } from '../../api/generated/types.ts';
import { qualifiedName, regexComplaint } from '../../api/names.ts';
import { complain, type Errors } from './checks.ts';

const statuses = ['False', 'True', 'Unknown'];
const reasonMax = 1024;
const messageMax = 32 * 1024;
const reasonForm = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';

/** Adds what is wrong with conditions; each type stands once. */
export function validateConditions(errors: Errors, field: string, conditions: readonly Condition[]): void {
  for (const [i, condition] of conditions.entries()) {
    const at = `${field}[${i}]`;
    if (conditions.findIndex(({ type }) => type === condition.type) < i)
      errors.push(duplicate(`${at}.type`, condition.type));
    validateCondition(errors, at, condition);
  }
}

function validateCondition(errors: Errors, field: string, condition: Condition): void {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' } = condition;
  complain(errors, `${field}.type`, type, qualifiedName(type));
  if (!statuses.includes(status)) errors.push(notSupported(`${field}.status`, status, statuses));
  if (observedGeneration < 0)
    errors.push(invalid(`${field}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'));
  if (!lastTransitionTime) errors.push(required(`${field}.lastTransitionTime`));
  if (reason === '') errors.push(required(`${field}.reason`));
  else {
    if (!new RegExp(`^${reasonForm}$`).test(reason)) errors.push(invalid(`${field}.reason`, reason, reasonComplaint()));
    if (reason.length > reasonMax) errors.push(tooLong(`${field}.reason`, reasonMax));
  }
  if (message.length > messageMax) errors.push(tooLong(`${field}.message`, messageMax));
}

function reasonComplaint(): string {
  const rule =
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
  return regexComplaint(rule, reasonForm, 'my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB');
}
