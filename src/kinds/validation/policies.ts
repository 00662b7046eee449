// Budgets, quotas and limits.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/field-error.ts';
import type { LimitRange, LimitRangeItem, PodDisruptionBudget, ResourceQuota } from '../../api/generated/types.ts';
import { parseQuantity, type Quantity, quantityProblem } from '../../api/quantity.ts';
import { equal } from '../../base/json.ts';
import { atMostWhole, intOrPercent, optionalOneOf, shown, sortedEntries } from './checks.ts';
import { validateSelector } from './labels.ts';
import { containerResourceName, resourceName, validateResourceAmount } from './resources.ts';

/** Adds what is wrong with budget. */
export function validateBudget({ spec }: PodDisruptionBudget, errors: FieldError[]): void {
  if (!spec) return;
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    errors.push(invalid('spec', shown(spec), 'minAvailable and maxUnavailable cannot be both set'));
  for (const name of ['minAvailable', 'maxUnavailable'] as const) {
    intOrPercent(errors, `spec.${name}`, spec[name]);
    atMostWhole(errors, `spec.${name}`, spec[name]);
  }
  validateSelector(errors, 'spec.selector', spec.selector);
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  optionalOneOf(errors, 'spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, policies);
}

/** Adds what is wrong with quota. */
export function validateQuota({ spec }: ResourceQuota, errors: FieldError[]): void {
  for (const [name, amount] of sortedEntries(spec?.hard)) {
    const at = `spec.hard[${name}]`;
    resourceName(errors, at, name);
    if (name === 'storage') errors.push(invalid(at, name, 'must be a standard resource for quota'));
    validateResourceAmount(errors, at, { name, amount });
  }
  const scopes = spec?.scopes ?? [];
  for (const scope of scopes)
    if (!quotaScopes.includes(scope)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'));
  for (const one of ['BestEffort', 'Terminating'])
    if (scopes.includes(one) && scopes.includes(`Not${one}`))
      errors.push(invalid('spec.scopes', scopes, 'conflicting scopes'));
}

/** Adds what is wrong with changing a quota so. */
export function validateQuotaUpdate(quota: ResourceQuota, old: ResourceQuota, errors: FieldError[]): void {
  validateQuota(quota, errors);
  const sorted = (scopes: readonly string[] | undefined) => [...new Set(scopes ?? [])].sort();
  if (!equal(sorted(quota.spec?.scopes), sorted(old.spec?.scopes)))
    errors.push(invalid('spec.scopes', quota.spec?.scopes ?? null, 'field is immutable'));
}

const quotaScopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];

/** Adds what is wrong with limit range. */
export function validateLimitRange({ spec }: LimitRange, errors: FieldError[]): void {
  const seen = new Set<string>();
  for (const [i, item] of (spec?.limits ?? []).entries()) {
    const at = `spec.limits[${i}]`;
    if (seen.has(item.type)) errors.push(duplicate(`${at}.type`, item.type));
    seen.add(item.type);
    validateLimits(errors, at, item);
  }
}

type Bound = 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';

function validateLimits(errors: FieldError[], field: string, item: LimitRangeItem): void {
  const ofPod = item.type === 'Pod';
  const names = new Set<string>();
  for (const bound of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const) {
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
  if (item.type === 'PersistentVolumeClaim' && !item.min?.storage && !item.max?.storage) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided';
    errors.push(required(`${field}.limits`, detail));
  }
  for (const name of names) validateBounds(errors, field, { item, name });
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
  if (ratio && ratio.milliValue() < 1000)
    errors.push(invalid(`${field}.maxLimitRequestRatio[${name}]`, String(ratio), `ratio ${ratio} is less than 1`));
}
