// Which flow a request belongs to: the first FlowSchema that matches it, by precedence and then by name.
import type {
  FlowcontrolSubject,
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from '../../../api/generated/types.ts';
import type { UserInfo } from '../../../api/request.ts';
import type { Route } from '../router.ts';

export interface FlowRequest {
  readonly user: UserInfo;
  readonly verb: string;
  readonly route: Route;
}

export function matchesFlow({ spec }: FlowSchema, request: FlowRequest): boolean {
  return (spec?.rules ?? []).some((rule) => matchesRule(rule, request));
}

/** As requests are matched: lower precedence first. */
export function inOrder(schemas: readonly FlowSchema[]): readonly FlowSchema[] {
  const precedence = ({ spec }: FlowSchema): number => spec?.matchingPrecedence ?? 1000;
  const name = ({ metadata }: FlowSchema): string => metadata?.name ?? '';
  return [...schemas].sort((a, b) => precedence(a) - precedence(b) || (name(a) < name(b) ? -1 : 1));
}

/** What tells one flow of a schema from another: its user or its namespace. */
export function distinguisherOf({ spec }: FlowSchema, { user, route }: FlowRequest): string {
  const type = spec?.distinguisherMethod?.type;
  if (type === 'ByUser') return user.name;
  return type === 'ByNamespace' && route.kind === 'resource' ? (route.namespace ?? '') : '';
}

function matchesRule({ subjects, resourceRules, nonResourceRules }: PolicyRulesWithSubjects, request: FlowRequest) {
  if (!subjects?.some((subject) => matchesSubject(subject, request.user))) return false;
  const { route, verb } = request;
  return route.kind === 'resource'
    ? (resourceRules ?? []).some((rule) => matchesResource(rule, verb, route))
    : (nonResourceRules ?? []).some((rule) => matchesPath(rule, verb, route.path));
}

function matchesSubject(
  { kind, user, group, serviceAccount }: FlowcontrolSubject,
  { name, groups }: UserInfo,
): boolean {
  if (kind === 'User') return user !== undefined && (user.name === '*' || user.name === name);
  if (kind === 'Group') return group !== undefined && (group.name === '*' || groups.includes(group.name ?? ''));
  if (!serviceAccount) return false;
  const place = `system:serviceaccount:${serviceAccount.namespace}:`;
  return serviceAccount.name === '*' ? name.startsWith(place) : name === `${place}${serviceAccount.name}`;
}

function matchesResource(
  { verbs, apiGroups, resources, namespaces, clusterScope }: ResourcePolicyRule,
  verb: string,
  { group, resource, subresource, namespace, name }: Route & { readonly kind: 'resource' },
): boolean {
  if (!has(verbs, verb) || !has(apiGroups, group)) return false;
  if (!has(resources, subresource ? `${resource}/${subresource}` : resource)) return false;
  const place = group === '' && resource === 'namespaces' ? name : namespace;
  return place ? has(namespaces, place) : clusterScope === true;
}

function matchesPath({ verbs, nonResourceURLs = [] }: NonResourcePolicyRule, verb: string, path: string): boolean {
  if (!has(verbs, verb)) return false;
  return nonResourceURLs.some((url) => {
    if (url === '*' || url === path) return true;
    const prefix = url.replace(/\*$/, '');
    return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
  });
}

function has(list: readonly string[] | undefined, value: string): boolean {
  return list !== undefined && (list.includes(value) || (list.length === 1 && list[0] === '*'));
}
