// Authorization, the modes Node and RBAC: who may do what, from roles and bindings as they are in storage now.
import { aggregateText } from '../../api/field-error.ts';
import type { ClusterRole, PolicyRule, RoleBinding, Subject } from '../../api/generated/types.ts';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import { type ApiError, forbidden } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { AuthorizationMode } from './authorization-modes.ts';

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
      readonly fieldSelector?: string | undefined;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface RoleSource {
  list(resource: string, namespace?: string): readonly StoredObject[];
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  /** Counts up with every change of a role or a binding. */
  readonly version: number;
}

/** What the mode Node says. Undefined: it has no opinion. A text: no opinion either, and that is why. */
export type NodeDecision = true | string | undefined;

export const nodeUserPrefix = 'system:node:';

/** A binding that holds for a user; `place` is its namespace. */
interface BoundRules {
  readonly binding: RoleBinding;
  readonly subject: Subject;
  readonly rules: readonly PolicyRule[];
  readonly place: string;
}

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Decisions kept before all are forgotten. */
const decisionsMax = 10_000;

export class Authorizer {
  private readonly decisions = new Map<string, boolean>();
  private decidedAt = -1;
  /** The way in which somebody was last allowed to act as another, by who they are. */
  readonly impersonations = new Map<string, string>();
  /** `--authorization-mode`: the first that has an opinion decides. */
  modes: readonly AuthorizationMode[] = ['Node', 'RBAC'];
  /** The mode Node. */
  nodes: { decide(user: UserInfo, attributes: Attributes): NodeDecision } | undefined;

  constructor(private readonly source: RoleSource) {}

  allows(user: UserInfo, attributes: Attributes): boolean {
    if (user.groups.includes('system:masters')) return true;
    for (const mode of this.modes)
      if (mode === 'RBAC' ? this.allowsByRoles(user, attributes) : this.allowsBy(mode, user, attributes)) return true;
    return false;
  }

  private allowsByRoles(user: UserInfo, attributes: Attributes): boolean {
    const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
    return this.decide(`${user.name} ${groupsText(user.groups)}`, attributes, () => this.rulesFor(user, namespace));
  }

  private allowsBy(mode: AuthorizationMode, user: UserInfo, attributes: Attributes): boolean {
    if (mode === 'Node') return isNode(user) && this.nodes?.decide(user, attributes) === true;
    return mode === 'AlwaysAllow';
  }

  /** Throws the refusal of a request that is not allowed. */
  check(request: ApiRequest): void {
    const { user, verb, group, resource, subresource } = request;
    const fieldSelector = request.options?.fieldSelector;
    const name = request.name ?? nameSelected(fieldSelector);
    const namespace = placeOf(request);
    this.permit(user, { kind: 'resource', verb, group, resource, subresource, namespace, name, fieldSelector });
  }

  /** Throws the refusal of what is not allowed. */
  permit(user: UserInfo, attributes: Attributes): void {
    if (!this.allows(user, attributes)) throw refusal(user, attributes, this.reason(user, attributes));
  }

  /** Whether a cluster role has a rule for it. */
  roleAllows(role: string, attributes: Attributes): boolean {
    return this.decide(`role ${role}`, attributes, () => {
      const found = this.source.get('clusterroles.rbac.authorization.k8s.io', undefined, role);
      return (found as ClusterRole | undefined)?.rules ?? []; // edge: an object of that resource
    });
  }

  /** Why a user may do something, or may not, as reviews tell it. */
  reason(user: UserInfo, attributes: Attributes): string {
    if (user.groups.includes('system:masters')) return '';
    const reasons: string[] = [];
    for (const mode of this.modes) {
      if (this.allowsBy(mode, user, attributes)) return '';
      if (mode === 'AlwaysDeny') reasons.push('Everything is forbidden.');
      if (mode === 'Node' && isNode(user)) reasons.push(String(this.nodes?.decide(user, attributes) ?? ''));
      if (mode !== 'RBAC') continue;
      const allowed = this.allowingBinding(user, attributes);
      if (allowed !== undefined) return allowed;
      reasons.push(this.missingRoles(user, attributes));
    }
    return reasons.filter((reason) => reason !== '').join('\n');
  }

  /** Roles that the user's bindings refer to and that are not there, as far as they are looked at. */
  private missingRoles(user: UserInfo, attributes: Attributes): string {
    const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
    const missing = this.bindingsOf(user, namespace)
      .filter(({ binding, place }) => this.roleOf(binding, place) === undefined)
      .map(({ binding: { roleRef } }) => {
        const kind = roleRef?.kind?.toLowerCase();
        return `${kind}.rbac.authorization.k8s.io ${JSON.stringify(roleRef?.name)} not found`;
      });
    return missing.length > 0 ? `RBAC: ${aggregateText(missing)}` : '';
  }

  /** The binding by which somebody may do something, in upstream's words. */
  private allowingBinding(user: UserInfo, attributes: Attributes): string | undefined {
    const namespace = attributes.kind === 'resource' ? attributes.namespace : '';
    for (const { binding, subject, rules, place } of this.bindingsOf(user, namespace)) {
      if (!rules.some((rule) => covers(rule, attributes))) continue;
      const { metadata, roleRef } = binding;
      const name = place === '' ? (metadata?.name ?? '') : `${metadata?.name}/${place}`;
      const kind = place === '' ? 'ClusterRoleBinding' : 'RoleBinding';
      const role = `${roleRef?.kind} ${JSON.stringify(roleRef?.name)}`;
      return `RBAC: allowed by ${kind} ${JSON.stringify(name)} of ${role} to ${subjectText(subject, place)}`;
    }
    return undefined;
  }

  /** All rules that hold for the user in a namespace ('' for those that hold everywhere). */
  rulesFor(user: UserInfo, namespace: string): readonly PolicyRule[] {
    return this.bindingsOf(user, namespace).flatMap(({ rules }) => rules);
  }

  /** What the user may do as far as each mode can list it. */
  listedFor(user: UserInfo, namespace: string): readonly PolicyRule[] {
    return this.modes.flatMap((mode) =>
      mode === 'AlwaysAllow' ? everything : mode === 'RBAC' ? this.rulesFor(user, namespace) : [],
    );
  }

  /** The bindings of a user, cluster-wide ones first. */
  private bindingsOf(user: UserInfo, namespace: string): readonly BoundRules[] {
    const found: BoundRules[] = [];
    const look = (object: StoredObject, place: string): void => {
      const binding = asBinding(object);
      const subject = binding.subjects?.find((each) => isUser(each, user, place));
      if (subject) found.push({ binding, subject, rules: this.rulesOf(binding, place), place });
    };
    for (const object of this.source.list('clusterrolebindings.rbac.authorization.k8s.io')) look(object, '');
    if (namespace === '') return found;
    for (const object of this.source.list('rolebindings.rbac.authorization.k8s.io', namespace)) look(object, namespace);
    return found;
  }

  /** The rules of the role that a binding refers to; undefined when it does not exist. */
  rulesOfReference(binding: RoleBinding, namespace: string): readonly PolicyRule[] | undefined {
    return this.roleOf(binding, namespace)?.rules ?? (this.roleOf(binding, namespace) && []);
  }

  /**
   * Whether somebody's rules cover it. Rules for single names are looked at apart, so that one decision serves all
   * objects of a resource.
   */
  private decide(whose: string, attributes: Attributes, rules: () => readonly PolicyRule[]): boolean {
    if (this.decidedAt !== this.source.version || this.decisions.size > decisionsMax) {
      this.decisions.clear();
      this.decidedAt = this.source.version;
    }
    const key = `${whose} ${textOf(attributes)}`;
    let known = this.decisions.get(key);
    if (known === undefined) {
      known = rules().some((rule) => !isNamed(rule) && covers(rule, attributes));
      this.decisions.set(key, known);
    }
    if (known || attributes.kind === 'path' || attributes.name === '') return known;
    return rules().some((rule) => isNamed(rule) && covers(rule, attributes));
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

function isNamed({ resourceNames }: PolicyRule): boolean {
  return resourceNames !== undefined && resourceNames.length > 0;
}

function isNode({ name, groups }: UserInfo): boolean {
  return name.startsWith(nodeUserPrefix) && groups.includes('system:nodes');
}

/** A list of one object by its name is a request for that object. */
export function nameSelected(fieldSelector = ''): string {
  return /(?:^|,)metadata\.name==?([^,!=]+)(?:,|$)/.exec(fieldSelector)?.[1] ?? '';
}

const joined = new WeakMap<readonly string[], string>();

function groupsText(groups: readonly string[]): string {
  const known = joined.get(groups);
  if (known !== undefined) return known;
  const text = groups.join();
  joined.set(groups, text);
  return text;
}

/** What a decision depends on, names aside. */
function textOf(attributes: Attributes): string {
  if (attributes.kind === 'path') return `${attributes.verb} ${attributes.path}`;
  const { verb, group, resource, subresource = '', namespace } = attributes;
  return `${verb} ${group}/${resource}/${subresource} ${namespace}`;
}

/** The namespace that a request is about: one that is itself asked for by its name is in itself. */
export function placeOf({
  group,
  resource,
  namespace = '',
  name = '',
}: Pick<ApiRequest, 'group' | 'resource' | 'namespace' | 'name'>): string {
  return group === '' && resource === 'namespaces' ? name : namespace;
}

/** The answer to what a user may not do, in upstream's words. */
export function refusal(user: UserInfo, attributes: Attributes, why: string): ApiError {
  const { verb } = attributes;
  if (attributes.kind === 'path') {
    const text = `User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(attributes.path)}`;
    return forbidden({ group: '', resource: '' }, '', withReason(text, why));
  }
  const { group, resource, subresource, namespace, name } = attributes;
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const text = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
  return forbidden({ group, resource }, name, withReason(text, why));
}

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What was asked is shown so that no browser takes it for a page. */
function withReason(text: string, why: string): string {
  const shown = text.replace(/[&<>]/g, (mark) => markup[mark] ?? mark);
  return why === '' ? shown : `${shown}: ${why}`;
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

function isUser({ kind, name, namespace }: Subject, user: UserInfo, bindingNamespace: string): boolean {
  if (kind === 'User') return name === user.name;
  if (kind === 'Group') return user.groups.includes(name ?? '');
  return `system:serviceaccount:${namespace || bindingNamespace}:${name}` === user.name;
}

function subjectText({ kind, name, namespace }: Subject, place: string): string {
  return kind === 'ServiceAccount'
    ? `ServiceAccount ${JSON.stringify(`${name}/${namespace || place}`)}`
    : `${kind} ${JSON.stringify(name)}`;
}

function asBinding(object: StoredObject): RoleBinding {
  return object as RoleBinding; // edge: an object of the bindings resources
}
