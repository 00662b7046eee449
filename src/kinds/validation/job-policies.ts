// When a Job has failed, and when it has succeeded: the rules of its two policies.
import { duplicate, invalid, invalidUntold, notSupported, required, tooLong, tooMany } from '../../api/field-error.ts';
import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
  SuccessPolicyRule,
} from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { quote } from '../../base/go/quote.ts';
import { complain, type Errors, nonNegative } from './checks.ts';
import { countIndexes } from './job-indexes.ts';

const rulesMax = 20;
const patternsMax = 20;
const exitCodesMax = 255;
const indexesBytesMax = 64 * 1024;

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** Adds what is wrong with when pods' failures count. */
export function validatePodFailurePolicy(errors: Errors, field: string, spec: JobSpec): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > rulesMax) errors.push(tooMany(`${field}.rules`, rules.length, rulesMax));
  for (const [i, rule] of rules.entries()) validateFailureRule(errors, `${field}.rules[${i}]`, { rule, spec });
}

/** Adds what is wrong with when an indexed job has succeeded early. */
export function validateSuccessPolicy(errors: Errors, field: string, spec: JobSpec): void {
  const rules = spec.successPolicy?.rules ?? [];
  if (rules.length === 0) {
    const detail = 'at least one rules must be specified when the successPolicy is specified';
    errors.push(required(`${field}.rules`, detail));
  }
  if (rules.length > rulesMax) errors.push(tooMany(`${field}.rules`, rules.length, rulesMax));
  for (const [i, rule] of rules.entries())
    validateSuccessRule(errors, `${field}.rules[${i}]`, { rule, completions: spec.completions ?? 0 });
}

function among(values: readonly string[]): string {
  return `valid values: [${values.map(quote).join(' ')}]`;
}

function validateFailureRule(
  errors: Errors,
  field: string,
  { rule, spec }: { readonly rule: PodFailurePolicyRule; readonly spec: JobSpec },
): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (!action) errors.push(required(`${field}.action`, among(actions)));
  else if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined)
      errors.push(invalid(`${field}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  } else if (!actions.includes(action)) errors.push(notSupported(`${field}.action`, action, actions));
  if (onExitCodes) {
    const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
    const names = [...containers, ...initContainers].map(({ name }) => name);
    validateExitCodes(errors, `${field}.onExitCodes`, onExitCodes, names);
  }
  if (onPodConditions.length > 0) validateConditions(errors, `${field}.onPodConditions`, onPodConditions);
  if (onExitCodes && onPodConditions.length > 0)
    errors.push(invalidUntold(field, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (!onExitCodes && onPodConditions.length === 0)
    errors.push(invalidUntold(field, 'specifying one of OnExitCodes and OnPodConditions is required'));
}

function validateConditions(
  errors: Errors,
  field: string,
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
): void {
  if (patterns.length > patternsMax) errors.push(tooMany(field, patterns.length, patternsMax));
  for (const [i, { type = '', status }] of patterns.entries()) {
    complain(errors, `${field}[${i}].type`, type, qualifiedName(type));
    if (!status) errors.push(required(`${field}[${i}].status`, among(statuses)));
    else if (!statuses.includes(status)) errors.push(notSupported(`${field}[${i}].status`, status, statuses));
  }
}

function validateExitCodes(
  errors: Errors,
  field: string,
  { operator, containerName, values: given }: Partial<PodFailurePolicyOnExitCodesRequirement>,
  names: readonly string[],
): void {
  if (!operator) errors.push(required(`${field}.operator`, among(operators)));
  else if (!operators.includes(operator)) errors.push(notSupported(`${field}.operator`, operator, operators));
  if (containerName !== undefined && !names.includes(containerName)) {
    const detail = 'must be one of the container or initContainer names in the pod template';
    errors.push(invalid(`${field}.containerName`, containerName, detail));
  }
  const at = `${field}.values`;
  const values = given ?? [];
  if (values.length === 0) errors.push(invalid(at, given ?? null, 'at least one value is required'));
  else if (values.length > exitCodesMax) errors.push(tooMany(at, values.length, exitCodesMax));
  for (const [i, value] of values.entries()) {
    if (operator === 'In' && value === 0)
      errors.push(invalid(`${at}[${i}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < i) errors.push(duplicate(`${at}[${i}]`, value));
  }
  if (values.some((value, i) => i > 0 && (values[i - 1] ?? value) > value))
    errors.push(invalid(at, values, 'must be ordered'));
}

function validateSuccessRule(
  errors: Errors,
  field: string,
  { rule, completions }: { readonly rule: SuccessPolicyRule; readonly completions: number },
): void {
  const { succeededCount, succeededIndexes } = rule;
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(required(field, 'at least one of succeededCount or succeededIndexes must be specified'));
  const indexes = succeededIndexes === undefined ? 0 : countIndexes(succeededIndexes, completions);
  if (succeededIndexes !== undefined) {
    const at = `${field}.succeededIndexes`;
    if (succeededIndexes.length > indexesBytesMax) errors.push(tooLong(at, indexesBytesMax));
    if (typeof indexes === 'string')
      errors.push(invalid(at, succeededIndexes, `error parsing succeededIndexes: ${indexes}`));
  }
  if (succeededCount === undefined) return;
  const at = `${field}.succeededCount`;
  const most = (count: number, what: string): void => {
    if (succeededCount > count)
      errors.push(invalid(at, succeededCount, `must be less than or equal to ${count} (the number of ${what})`));
  };
  nonNegative(errors, at, succeededCount);
  most(completions, 'specified completions');
  if (succeededIndexes !== undefined)
    most(typeof indexes === 'string' ? 0 : indexes, 'indexes in the specified succeededIndexes field');
}
