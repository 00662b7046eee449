// Roles and their bindings.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts';
import type { ClusterRole, PolicyRule, Role, RoleBinding, RoleRef, Subject } from '../../api/generated/types.ts';
import { dns1123Subdomain, pathSegmentName } from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { complain, require } from './checks.ts';
import { validateSelector } from './labels.ts';

const group = 'rbac.authorization.k8s.io';

/** Adds what is wrong with role. */
export function validateRole({ rules }: Role, errors: FieldError[]): void {
  for (const [i, rule] of (rules ?? []).entries()) validateRule(errors, `rules[${i}]`, { rule, namespaced: true });
}

/** Adds what is wrong with cluster role. */
export function validateClusterRole({ rules, aggregationRule }: ClusterRole, errors: FieldError[]): void {
  for (const [i, rule] of (rules ?? []).entries()) validateRule(errors, `rules[${i}]`, { rule, namespaced: false });
  if (!aggregationRule) return;
  const place = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0)
    errors.push(required(place, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  for (const [i, selector] of selectors.entries()) {
    const before = errors.length;
    validateSelector(errors, `${place}[${i}]`, selector);
    if (errors.length > before) errors.push(invalid(`${place}[${i}]`, null, 'invalid label selector.'));
  }
}

/** Adds what is wrong with role binding. */
export function validateRoleBinding({ roleRef, subjects }: RoleBinding, errors: FieldError[]): void {
  validateReference(errors, roleRef, ['Role', 'ClusterRole']);
  for (const [i, subject] of (subjects ?? []).entries())
    validateSubject(errors, `subjects[${i}]`, { subject, namespaced: true });
}

/** Adds what is wrong with cluster role binding. */
export function validateClusterRoleBinding({ roleRef, subjects }: RoleBinding, errors: FieldError[]): void {
  validateReference(errors, roleRef, ['ClusterRole']);
  for (const [i, subject] of (subjects ?? []).entries())
    validateSubject(errors, `subjects[${i}]`, { subject, namespaced: false });
}

/** What a binding grants never changes. */
export function validateSameRole({ roleRef }: RoleBinding, old: RoleBinding, errors: FieldError[]): void {
  if (!alike(roleRef, old.roleRef))
    errors.push(invalid('roleRef', internalForm('rbac_RoleRef', roleRef), 'cannot change roleRef'));
}

function validateRule(
  errors: FieldError[],
  field: string,
  { rule, namespaced }: { readonly rule: PolicyRule; readonly namespaced: boolean },
): void {
  const { verbs = [], nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (verbs.length === 0) errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const place = `${field}.nonResourceURLs`;
    if (namespaced) errors.push(invalid(place, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      const detail = 'rules cannot apply to both regular resources and non-resource URLs';
      errors.push(invalid(place, nonResourceURLs, detail));
    }
    return;
  }
  if (apiGroups.length === 0)
    errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
  if (resources.length === 0)
    errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
}

function validateReference(errors: FieldError[], { apiGroup, kind, name }: RoleRef, kinds: readonly string[]): void {
  if (apiGroup !== group) errors.push(notSupported('roleRef.apiGroup', apiGroup, [group]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  if (require(errors, 'roleRef.name', name)) complain(errors, 'roleRef.name', name, pathSegmentName(name));
}

function validateSubject(
  errors: FieldError[],
  field: string,
  { subject, namespaced }: { readonly subject: Subject; readonly namespaced: boolean },
): void {
  const { kind, name, apiGroup = '', namespace } = subject;
  const named = require(errors, `${field}.name`, name);
  if (kind === 'ServiceAccount') {
    if (named) complain(errors, `${field}.name`, name, dns1123Subdomain(name));
    if (apiGroup !== '') errors.push(notSupported(`${field}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !namespace) errors.push(required(`${field}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== group) errors.push(notSupported(`${field}.apiGroup`, apiGroup, [group]));
  } else errors.push(notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
}
