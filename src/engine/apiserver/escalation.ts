// Nobody hands out more than they have: roles and bindings may only grant what their author holds.
import type { ClusterRole, PolicyRule, RoleBinding } from '../../api/generated/types.ts';
import { ApiError, badRequest, forbidden, notFound } from '../../api/status.ts';
import { equal } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { type Authorizer, covers } from './authorizer.ts';
import type { Operation } from './operation.ts';

const rbac = 'rbac.authorization.k8s.io';
const roleResources = ['roles', 'clusterroles'];
const bindingResources = ['rolebindings', 'clusterrolebindings'];

/** Throws when the object grants more than the user may. */
export function checkEscalation(
  operation: Operation,
  authorizer: Authorizer,
  object: StoredObject,
  old?: StoredObject,
): void {
  const { resource, request } = operation;
  if (resource.group !== rbac || request.user.groups.includes('system:masters')) return;
  const { user, namespace = '' } = request;
  const name = object.metadata?.name ?? '';
  const may = (verb: string, plural: string, which: string): boolean =>
    authorizer.allows(user, { kind: 'resource', verb, group: rbac, resource: plural, namespace, name: which });
  if (old && equal(withoutOwners(object), withoutOwners(old))) return;
  if (roleResources.includes(resource.resource)) {
    const role = object as ClusterRole; // edge: an object of the roles resources
    const before = old as ClusterRole | undefined; // edge: an object of the roles resources
    if (may('escalate', resource.resource, request.name ?? '')) return;
    refuseMore(operation, authorizer, name, role.rules ?? []);
    if (!role.aggregationRule && !before?.aggregationRule) return;
    if (missingRules(authorizer.rulesFor(user, namespace), everything).length === 0) return;
    throw forbidden(resource, name, 'must have cluster-admin privileges to use the aggregationRule');
  }
  if (!bindingResources.includes(resource.resource)) return;
  const binding = object as RoleBinding; // edge: an object of the bindings resources
  const { kind = '', name: role = '' } = binding.roleRef ?? {};
  if (may('bind', kind === 'ClusterRole' ? 'clusterroles' : 'roles', role)) return;
  refuseMore(operation, authorizer, name, rulesBound(operation, authorizer, binding));
}

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** What says who cleans up grants nothing. */
function withoutOwners({ metadata = {}, ...rest }: StoredObject): object {
  const { ownerReferences, finalizers, managedFields, resourceVersion, ...others } = metadata;
  return { ...rest, metadata: others };
}

/** The rules of the role that a binding refers to. Upstream names the binding's resource where there is no such role. */
function rulesBound(
  { request, resource }: Operation,
  authorizer: Authorizer,
  binding: RoleBinding,
): readonly PolicyRule[] {
  const { kind = '', name = '' } = binding.roleRef ?? {};
  if (kind !== 'ClusterRole' && kind !== 'Role')
    throw new ApiError({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code: 500,
      message: `unsupported role reference kind: ${JSON.stringify(kind)}`,
    });
  if (kind === 'Role' && !request.namespace) throw badRequest('Namespace parameter required.');
  if (name === '') throw badRequest('Name parameter required.');
  const found = authorizer.rulesOfReference(binding, request.namespace ?? '');
  if (!found) throw notFound(resource, name);
  return found;
}

/** Throws where rules are granted that the user does not hold. */
function refuseMore(
  { request: { user, namespace = '' }, resource }: Operation,
  authorizer: Authorizer,
  name: string,
  granted: readonly PolicyRule[],
): void {
  const missing = missingRules(authorizer.rulesFor(user, namespace), granted);
  if (missing.length === 0) return;
  const groups = `[${user.groups.map((group) => JSON.stringify(group)).join(' ')}]`;
  const text = `user ${JSON.stringify(user.name)} (groups=${groups}) is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}`;
  throw forbidden(resource, name, text);
}

/** What of some rules others do not cover, as rules of one thing each. */
export function uncovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(atoms).filter((rule) => !held.some((owned) => coversAtom(owned, rule)));
}

/** What the holder's rules do not cover, compacted to one line a resource, sorted. */
function missingRules(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly string[] {
  const missing = new Map<string, { readonly rule: Omit<PolicyRule, 'verbs'>; readonly verbs: string[] }>();
  for (const rule of uncovered(held, wanted)) {
    const { verbs = [], ...rest } = rule;
    const key = rest.nonResourceURLs ? JSON.stringify(rule) : JSON.stringify(rest);
    const known = missing.get(key);
    if (known) known.verbs.push(...verbs);
    else missing.set(key, { rule: rest, verbs: [...verbs] });
  }
  return [...missing.values()].map(({ rule, verbs }) => ruleText({ ...rule, verbs })).sort();
}

/** A rule as rules of one group, one resource, one name and one verb each. */
function atoms(rule: PolicyRule) {
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const verbs: readonly string[] = rule.verbs ?? []; // null where a rule has none
  const all: PolicyRule[] = [];
  const names = resourceNames.length > 0 ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}];
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs)
        for (const named of names) all.push({ apiGroups: [group], resources: [resource], verbs: [verb], ...named });
  for (const url of nonResourceURLs) for (const verb of verbs) all.push({ nonResourceURLs: [url], verbs: [verb] });
  return all;
}

function coversAtom(owned: PolicyRule, { verbs: [verb = ''] = [], ...atom }: PolicyRule): boolean {
  const path = atom.nonResourceURLs?.[0];
  if (path !== undefined) return covers(owned, { kind: 'path', verb, path });
  const [resource = '', subresource] = (atom.resources?.[0] ?? '').split('/');
  const name = atom.resourceNames?.[0] ?? '';
  return covers(owned, {
    kind: 'resource',
    verb,
    group: atom.apiGroups?.[0] ?? '',
    resource,
    subresource,
    namespace: '',
    name,
  });
}

/** As upstream shows a rule: `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`. */
function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ] as const;
  const texts = parts
    .filter(([, list]) => list && list.length > 0)
    .map(([name, list]) => `${name}:[${(list ?? []).map((item) => JSON.stringify(item)).join(' ')}]`);
  return `{${texts.join(', ')}}`;
}
