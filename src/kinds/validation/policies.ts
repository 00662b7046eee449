// Budgets and limits.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/field-error.ts';
import type { LimitRange, LimitRangeItem, PodDisruptionBudget } from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { parseQuantity, type Quantity, quantityProblem } from '../../api/quantity.ts';
import { internalForm } from '../internal-form.ts';
import { atMostWhole, complain, intOrPercent, optionalOneOf, sortedEntries } from './checks.ts';
import { validateSelector } from './labels.ts';
import { containerResourceName, mayOvercommit, resourceName } from './resources.ts';

/** Adds what is wrong with budget. */
export function validateBudget({ spec }: PodDisruptionBudget, errors: FieldError[]): void {
  if (!spec) return;
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    errors.push(
      invalid(
        'spec',
        internalForm('policy_PodDisruptionBudgetSpec', spec),
        'minAvailable and maxUnavailable cannot be both set',
      ),
    );
  for (const name of ['minAvailable', 'maxUnavailable'] as const) {
    intOrPercent(errors, `spec.${name}`, spec[name]);
    atMostWhole(errors, `spec.${name}`, spec[name]);
  }
  validateSelector(errors, 'spec.selector', spec.selector);
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  optionalOneOf(errors, 'spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, policies);
}

/** Adds what is wrong with limit range. */
export function validateLimitRange({ spec }: LimitRange, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [i, item] of (spec?.limits ?? []).entries()) {
    const at = `spec.limits[${i}]`;
    validateLimitType(errors, `${at}.type`, item.type);
    if (seen.has(item.type)) errors.push(duplicate(`${at}.type`, item.type));
    seen.add(item.type);
    validateLimits(errors, at, item);
  }
}

function validateLimitType(errors: FieldError[], field: string, type: string): void {
  const complaints = qualifiedName(type);
  complain(errors, field, type, complaints);
  if (complaints.length > 0 || type.includes('/') || ['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
    return;
  errors.push(invalid(field, type, 'must be a standard limit type or fully qualified'));
}

type Bound = 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';

function validateLimits(errors: FieldError[], field: string, item: LimitRangeItem): void {
  const ofPod = item.type === 'Pod';
  const names = new Set<string>();
  for (const bound of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const) {
    if (bound === 'maxLimitRequestRatio') validateStorageLimits(errors, field, item);
    if (ofPod && bound.startsWith('default')) {
      if (Object.keys(item[bound] ?? {}).length > 0)
        errors.push(forbidden(`${field}.${bound}`, "may not be specified when `type` is 'Pod'"));
      continue;
    }
    for (const [name] of sortedEntries(item[bound])) {
      if (ofPod || item.type === 'Container') containerResourceName(errors, `${field}.${bound}[${name}]`, name);
      else resourceName(errors, `${field}.${bound}[${name}]`, name);
      names.add(name);
    }
  }
  for (const name of names) validateBounds(errors, field, { item, name });
}

function validateStorageLimits(errors: FieldError[], field: string, { type, min, max }: LimitRangeItem): void {
  if (type !== 'PersistentVolumeClaim' || min?.storage || max?.storage) return;
  const detail = 'either minimum or maximum storage value is required, but neither was provided';
  errors.push(required(`${field}.limits`, detail));
}

function validateBounds(
  errors: FieldError[],
  field: string,
  { item, name }: { readonly item: LimitRangeItem; readonly name: string },
): void {
  const read = (bound: Bound): Quantity | undefined => {
    const text = item[bound]?.[name];
    return text === undefined || quantityProblem(text) !== undefined ? undefined : parseQuantity(text);
  };
  const min = read('min');
  const max = read('max');
  const limit = read('default');
  const request = read('defaultRequest');
  const compare = (
    less: Quantity | undefined,
    more: Quantity | undefined,
    told: readonly [Bound, Quantity | undefined, string],
  ) => {
    const [bound, value, text] = told;
    if (less && more && less.compare(more) > 0)
      errors.push(
        invalid(
          `${field}.${bound}[${name}]`,
          String(value),
          text.replace('%a', String(less)).replace('%b', String(more)),
        ),
      );
  };
  compare(min, max, ['min', min, 'min value %a is greater than max value %b']);
  compare(min, request, ['defaultRequest', request, 'min value %a is greater than default request value %b']);
  compare(request, max, ['defaultRequest', request, 'default request value %a is greater than max value %b']);
  compare(request, limit, [
    'defaultRequest',
    request,
    'default request value %a is greater than default limit value %b',
  ]);
  compare(min, limit, ['default', min, 'min value %a is greater than default value %b']);
  compare(limit, max, ['default', max, 'default value %a is greater than max value %b']);
  const ratio = read('maxLimitRequestRatio');
  if (ratio) validateRatio(errors, `${field}.maxLimitRequestRatio[${name}]`, { ratio, min, max });
  if (!mayOvercommit(name) && limit && request && limit.compare(request) !== 0) {
    const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
    errors.push(invalid(`${field}.defaultRequest[${name}]`, String(request), detail));
  }
}

function validateRatio(
  errors: FieldError[],
  field: string,
  given: { readonly ratio: Quantity; readonly min: Quantity | undefined; readonly max: Quantity | undefined },
): void {
  const { ratio, min, max } = given;
  if (ratio.milliValue() < 1000) errors.push(invalid(field, String(ratio), `ratio ${ratio} is less than 1`));
  if (!min || !max) return;
  const most = max.milliValue() / min.milliValue();
  if (ratio.milliValue() / 1000 <= most) return;
  const shown = Number.isFinite(most) ? most.toFixed(6) : Number.isNaN(most) ? 'NaN' : '+Inf';
  errors.push(invalid(field, String(ratio), `ratio ${ratio} is greater than max/min = ${shown}`));
}
