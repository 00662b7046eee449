// RBAC: who may do what, from roles and bindings as they are in storage now.
import type { ClusterRole, PolicyRule, RoleBinding, Subject } from '../../api/generated/types.ts';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import { forbidden } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';

/** What is asked: a verb on a resource, or on a path. */
export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource?: string | undefined;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface RoleSource {
  list(resource: string, namespace?: string): readonly StoredObject[];
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  /** Counts up with every change of a role or a binding. */
  readonly version: number;
}

/** Decisions kept before all are forgotten. */
const decisionsMax = 10_000;

export class Authorizer {
  private readonly decisions = new Map<string, boolean>();
  private decidedAt = -1;
  /** The mode AlwaysAllow: everybody may do everything. */
  alwaysAllows = false;

  constructor(private readonly source: RoleSource) {}

  allows(user: UserInfo, attributes: Attributes): boolean {
    if (this.alwaysAllows || user.groups.includes('system:masters')) return true;
    if (user.groups.includes('system:nodes') && attributes.kind === 'resource') return true; // the Node mode, without its graph
    if (this.decidedAt !== this.source.version || this.decisions.size > decisionsMax) {
      this.decisions.clear();
      this.decidedAt = this.source.version;
    }
    const key = `${user.name} ${groupsText(user.groups)} ${textOf(attributes)}`;
    const known = this.decisions.get(key) ?? this.decide(user, attributes, false);
    this.decisions.set(key, known);
    if (known || attributes.kind === 'path' || attributes.name === '') return known;
    return this.decide(user, attributes, true);
  }

  /** Throws the refusal of a request that is not allowed. */
  check(request: ApiRequest): void {
    const { user, verb, group, resource, subresource, namespace = '', name = '' } = request;
    if (this.allows(user, { kind: 'resource', verb, group, resource, subresource, namespace, name })) return;
    throw forbidden({ group, resource }, name, refusalText(request));
  }

  /** All rules that hold for the user in a namespace ('' for those that hold everywhere). */
  rulesFor(user: UserInfo, namespace: string): readonly PolicyRule[] {
    const rules: PolicyRule[] = [];
    for (const object of this.source.list('clusterrolebindings.rbac.authorization.k8s.io'))
      if (binds(asBinding(object), user, '')) rules.push(...this.rulesOf(asBinding(object), ''));
    if (namespace === '') return rules;
    for (const object of this.source.list('rolebindings.rbac.authorization.k8s.io', namespace))
      if (binds(asBinding(object), user, namespace)) rules.push(...this.rulesOf(asBinding(object), namespace));
    return rules;
  }

  /** The rules of the role that a binding refers to; undefined when it does not exist. */
  rulesOfReference(binding: RoleBinding, namespace: string): readonly PolicyRule[] | undefined {
    return this.roleOf(binding, namespace)?.rules ?? (this.roleOf(binding, namespace) && []);
  }

  /** Rules for single names are looked at apart, so that one decision serves all objects of a resource. */
  private decide(user: UserInfo, attributes: Attributes, named: boolean): boolean {
    const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
    return this.rulesFor(user, namespace).some(
      (rule) => named === (rule.resourceNames ?? []).length > 0 && covers(rule, attributes),
    );
  }

  private rulesOf(binding: RoleBinding, namespace: string): readonly PolicyRule[] {
    return this.roleOf(binding, namespace)?.rules ?? [];
  }

  private roleOf({ roleRef }: RoleBinding, namespace: string): ClusterRole | undefined {
    const clusterWide = roleRef?.kind === 'ClusterRole';
    const found = clusterWide
      ? this.source.get('clusterroles.rbac.authorization.k8s.io', undefined, roleRef?.name ?? '')
      : this.source.get('roles.rbac.authorization.k8s.io', namespace, roleRef?.name ?? '');
    return found as ClusterRole | undefined; // edge: an object of the roles resources
  }
}

const joined = new WeakMap<readonly string[], string>();

function groupsText(groups: readonly string[]): string {
  const known = joined.get(groups) ?? groups.join();
  joined.set(groups, known);
  return known;
}

/** What a decision depends on, names aside. */
function textOf(attributes: Attributes): string {
  if (attributes.kind === 'path') return `${attributes.verb} ${attributes.path}`;
  const { verb, group, resource, subresource = '', namespace } = attributes;
  return `${verb} ${group}/${resource}/${subresource} ${namespace}`;
}

/** Upstream's sentence on what a user may not do. */
export function refusalText({ user, verb, group, resource, subresource, namespace }: ApiRequest): string {
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`;
}

export function covers(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (attributes.kind === 'path') {
    return (rule.nonResourceURLs ?? []).some(
      (url) => url === attributes.path || (url.endsWith('*') && attributes.path.startsWith(url.slice(0, -1))),
    );
  }
  const { group, resource, subresource, name } = attributes;
  if (!has(rule.apiGroups, group)) return false;
  if (rule.resourceNames?.length && !rule.resourceNames.includes(name)) return false;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  return (rule.resources ?? []).some(
    (wanted) => wanted === '*' || wanted === whole || (subresource !== undefined && wanted === `*/${subresource}`),
  );
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes(value) || list.includes('*'));
}

function binds({ subjects }: RoleBinding, user: UserInfo, namespace: string): boolean {
  return (subjects ?? []).some((subject) => isUser(subject, user, namespace));
}

function isUser({ kind, name, namespace }: Subject, user: UserInfo, bindingNamespace: string): boolean {
  if (kind === 'User') return name === user.name;
  if (kind === 'Group') return user.groups.includes(name ?? '');
  return `system:serviceaccount:${namespace || bindingNamespace}:${name}` === user.name;
}

function asBinding(object: StoredObject): RoleBinding {
  return object as RoleBinding; // edge: an object of the bindings resources
}
