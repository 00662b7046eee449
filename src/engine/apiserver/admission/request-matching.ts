// Which requests a policy or a webhook is about: by rules, and by the labels of the object and of its namespace.
import type { LabelSelector, ObjectMeta } from '../../../api/generated/types.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { notFound } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { remember } from '../../../kinds/share.ts';
import type { ServedResource } from '../served-resource.ts';
import type { Attributes } from './plugin.ts';

/** One rule; what is left out of `resourceNames` means all names. */
export interface RequestRule {
  readonly operations?: readonly string[] | undefined;
  readonly apiGroups?: readonly string[] | undefined;
  readonly apiVersions?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
  readonly resourceNames?: readonly string[] | undefined;
  readonly scope?: string | undefined;
}

export interface MatchCriteria {
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly objectSelector?: LabelSelector | undefined;
  readonly matchPolicy?: string | undefined;
  /** Undefined: every request. */
  readonly rules: readonly RequestRule[] | undefined;
  readonly excluded?: readonly RequestRule[] | undefined;
}

/** The version in which the request matches; undefined: it does not. Throws ApiError where its namespace is gone. */
export function matchedResource(
  criteria: MatchCriteria,
  attributes: Attributes,
  object: StoredObject | undefined,
): ServedResource | undefined {
  if (!selectsObject(criteria.objectSelector, attributes, object)) return undefined;
  if (criteria.excluded && ruled(criteria.excluded, criteria, attributes)) return undefined;
  const resource = criteria.rules ? ruled(criteria.rules, criteria, attributes) : attributes.resource;
  return resource && selectsNamespace(criteria.namespaceSelector, attributes, object) ? resource : undefined;
}

/** Configurations of admission are never subject to it: nobody can lock themselves out. */
export function isExempt({ resource }: Attributes): boolean {
  return resource.group === 'admissionregistration.k8s.io';
}

/** The namespace as admission sees it: a Namespace is in itself. */
export function namespaceOf({ resource, namespace, name }: Attributes): string {
  return isNamespace(resource) ? name : namespace;
}

function isNamespace({ group, resource }: ServedResource): boolean {
  return group === '' && resource === 'namespaces';
}

function ruled(
  rules: readonly RequestRule[],
  { matchPolicy }: MatchCriteria,
  attributes: Attributes,
): ServedResource | undefined {
  const { resource, lookups } = attributes;
  if (rules.some((rule) => fits(rule, attributes, resource))) return resource;
  if (matchPolicy !== 'Equivalent') return undefined;
  for (const other of lookups.versionsOf(resource))
    if (other !== resource && rules.some((rule) => fits(rule, attributes, other))) return other;
  return undefined;
}

function fits(rule: RequestRule, attributes: Attributes, resource: ServedResource): boolean {
  const { operations, apiGroups, apiVersions, resources = [], resourceNames = [] } = rule;
  return (
    inScope(rule.scope, attributes) &&
    has(operations, attributes.operation.toUpperCase()) &&
    has(apiGroups, resource.group) &&
    has(apiVersions, resource.version) &&
    resources.some((wanted) => isOf(wanted, resource.resource, attributes.subresource ?? '')) &&
    (resourceNames.length === 0 || resourceNames.includes(attributes.name))
  );
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(value));
}

function inScope(scope: string | undefined, { resource }: Attributes): boolean {
  if (scope === undefined || scope === '*') return true;
  return scope === (resource.namespaced ? 'Namespaced' : 'Cluster');
}

/** `pods/log` names a subresource; `pods` does not stand for it. */
function isOf(wanted: string, resource: string, subresource: string): boolean {
  const slash = wanted.indexOf('/');
  const name = slash < 0 ? wanted : wanted.slice(0, slash);
  const part = slash < 0 ? '' : wanted.slice(slash + 1);
  return (name === '*' || name === resource) && (part === '*' || part === subresource);
}

const compiled = remember(selectorOf);

function selectsObject(
  selector: LabelSelector | undefined,
  { old }: Attributes,
  object: StoredObject | undefined,
): boolean {
  if (!selector || compiled(selector).isEmpty()) return true;
  const matches = (one: StoredObject | undefined): boolean =>
    one?.metadata !== undefined && compiled(selector).matches(one.metadata.labels);
  return matches(object) || matches(old);
}

function selectsNamespace(
  selector: LabelSelector | undefined,
  attributes: Attributes,
  object: StoredObject | undefined,
): boolean {
  if (!selector || compiled(selector).isEmpty()) return true;
  if (!attributes.resource.namespaced && !isNamespace(attributes.resource)) return true;
  return compiled(selector).matches(namespaceLabels(attributes, object));
}

/** A Namespace that is written brings its labels with it. */
function namespaceLabels(attributes: Attributes, object: StoredObject | undefined): ObjectMeta['labels'] {
  const { resource, operation, subresource, lookups } = attributes;
  if (isNamespace(resource) && !subresource && object && (operation === 'create' || operation === 'update'))
    return object.metadata?.labels;
  const name = namespaceOf(attributes);
  const namespace = lookups.get('namespaces', undefined, name);
  if (!namespace) throw notFound({ group: '', resource: 'namespaces' }, name);
  return namespace.metadata?.labels;
}
