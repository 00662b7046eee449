// ResourceQuotas: what they may limit, and for which objects.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../../api/generated/types.ts';
import { internalForm } from '../internal-form.ts';
import { shown, sortedEntries } from './checks.ts';
import { resourceName, validateResourceAmount } from './resources.ts';

type Spec = NonNullable<ResourceQuota['spec']>;

/** Adds what is wrong with quota. */
export function validateQuota({ spec }: ResourceQuota, errors: FieldError[]): void {
  for (const [name, amount] of sortedEntries(spec?.hard)) {
    const at = `spec.hard[${name}]`;
    resourceName(errors, at, name);
    if (!name.includes('/') && !isStandard(name))
      errors.push(invalid(at, name, 'must be a standard resource for quota'));
    validateResourceAmount(errors, at, { name, amount });
  }
  if (!spec) return;
  validateScopes(errors, spec);
  if (spec.scopeSelector) validateSelector(errors, spec, spec.scopeSelector.matchExpressions ?? []);
}

/** Adds what is wrong with changing a quota so. */
export function validateQuotaUpdate(quota: ResourceQuota, old: ResourceQuota, errors: FieldError[]): void {
  validateQuota(quota, errors);
  const sorted = (scopes: readonly string[] | undefined) => [...new Set(scopes ?? [])].sort();
  if (!alike(sorted(quota.spec?.scopes), sorted(old.spec?.scopes)))
    errors.push(invalid('spec.scopes', quota.spec?.scopes ?? null, 'field is immutable'));
}

const podAmounts = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const podResources = ['pods', ...podAmounts];

/** Which standard resources a scope is about. */
const resourcesOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['Terminating', podResources],
  ['NotTerminating', podResources],
  ['BestEffort', ['pods']],
  ['NotBestEffort', podResources],
  ['PriorityClass', podResources],
  ['CrossNamespacePodAffinity', podResources],
  ['VolumeAttributesClass', ['persistentvolumeclaims', 'requests.storage']],
]);

const standard = new Set([
  ...podResources,
  'ephemeral-storage',
  'limits.ephemeral-storage',
  'requests.ephemeral-storage',
  'requests.storage',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);

function isStandard(name: string): boolean {
  return standard.has(name) || name.startsWith('requests.hugepages-') || name.startsWith('hugepages-');
}

/** One complaint for each limit that a scope says nothing about. */
function strangers(scope: string, hard: Spec['hard']): readonly string[] {
  const known = resourcesOf.get(scope);
  return Object.keys(hard ?? {}).filter((name) => known && isStandard(name) && !known.includes(name));
}

function validateScopes(errors: FieldError[], { scopes = [], hard }: Spec): void {
  const field = 'spec.scopes';
  for (const scope of scopes) {
    if (!resourcesOf.has(scope)) errors.push(invalid(field, scopes, 'unsupported scope'));
    for (const _ of strangers(scope, hard))
      errors.push(invalid(field, scopes, 'unsupported scope applied to resource'));
  }
  for (const one of ['BestEffort', 'Terminating'])
    if (scopes.includes(one) && scopes.includes(`Not${one}`)) errors.push(invalid(field, scopes, 'conflicting scopes'));
}

/** Scopes that a pod is either in or not. */
const plain = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];

function validateSelector(
  errors: FieldError[],
  spec: Spec,
  requirements: readonly ScopedResourceSelectorRequirement[],
): void {
  const field = 'spec.scopeSelector.matchExpressions';
  for (const { scopeName, operator, values = [] } of requirements) {
    if (!resourcesOf.has(scopeName)) errors.push(invalid(`${field}.scopeName`, scopeName, 'unsupported scope'));
    for (const _ of strangers(scopeName, spec.hard)) {
      const selector = internalForm('ScopeSelector', spec.scopeSelector ?? {});
      errors.push(invalid(field, selector, 'unsupported scope applied to resource'));
    }
    if (plain.includes(scopeName) && operator !== 'Exists') {
      const which =
        'ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';
      errors.push(invalid(`${field}.operator`, operator, `must be 'Exists' when scope is any of ${which}`));
    }
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
        errors.push(required(`${field}.values`, detail));
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
        errors.push(invalid(`${field}.values`, values, detail));
      }
    } else errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'));
  }
  const names = requirements.map(({ scopeName }) => scopeName);
  for (const one of ['BestEffort', 'Terminating'])
    if (names.includes(one) && names.includes(`Not${one}`))
      errors.push(invalid(field, shown(spec.scopes ?? null), 'conflicting scopes'));
}
