// Describes roles and cluster roles: their rules broken down to one resource a line.
import { objectsAt, textAt, textsAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import { writeMetadataMaps } from './metadata.ts';

export const roleDescriber = ruleDescriber('Role', 'roles');
export const clusterRoleDescriber = ruleDescriber('ClusterRole', 'clusterroles');

/** A policy rule with every list present. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceUrls: readonly string[];
}

/** Rules as lines of a table, sorted as upstream sorts them: resources, URLs, names, verbs. */
export function ruleRows(rules: readonly JsonObject[]): readonly string[] {
  const compact = compactRules(rules.flatMap(breakDown));
  const keyed = compact.map((rule) => ({ rule, key: sortKey(rule) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ rule }) => {
    const lists = [rule.nonResourceUrls, rule.resourceNames, rule.verbs].map((list) => `[${list.join(' ')}]`);
    return [resourceText(rule), ...lists].join('\t');
  });
}

function ruleDescriber(kind: string, resource: string) {
  return describer({
    group: 'rbac.authorization.k8s.io',
    kind,
    resource: ['/apis/rbac.authorization.k8s.io/v1', resource],
    clusterScoped: kind === 'ClusterRole',
    events: false,
    write: (w, role) => {
      w.field(0, 'Name', textAt(role, 'metadata.name'));
      writeMetadataMaps(w, role);
      w.line(0, 'PolicyRule:');
      w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
      w.line(1, '---------\t-----------------\t--------------\t-----');
      for (const row of ruleRows(objectsAt(role, 'rules'))) w.line(1, row);
    },
  });
}

/** A rule for each combination of group, resource, name and verb, and of URL and verb. */
function breakDown(rule: JsonObject): readonly PolicyRule[] {
  const list = (field: string) => textsAt(rule, field);
  const names = list('resourceNames');
  const parts: PolicyRule[] = [];
  const none = { apiGroups: [], resources: [], resourceNames: [], nonResourceUrls: [] };
  for (const group of list('apiGroups')) {
    for (const resource of list('resources')) {
      for (const verb of list('verbs')) {
        const part = { ...none, apiGroups: [group], resources: [resource], verbs: [verb] };
        if (names.length === 0) parts.push(part);
        for (const name of names) parts.push({ ...part, resourceNames: [name] });
      }
    }
  }
  for (const url of list('nonResourceURLs')) {
    for (const verb of list('verbs')) parts.push({ ...none, nonResourceUrls: [url], verbs: [verb] });
  }
  return parts;
}

/** Joins the verbs of rules that name the same resource. */
function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const urls = rules.filter((rule) => rule.nonResourceUrls.length > 0);
  const byResource = new Map<string, PolicyRule>();
  for (const rule of rules) {
    if (rule.nonResourceUrls.length > 0) continue;
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const verbs = new Set([...(byResource.get(key)?.verbs ?? []), ...rule.verbs]);
    byResource.set(key, { ...rule, verbs: [...verbs] });
  }
  return [...urls, ...byResource.values()];
}

function sortKey(rule: PolicyRule): string {
  const list = (items: readonly string[]) => `[${items.join(' ')}]`;
  return (
    `Verbs:${list(rule.verbs)},APIGroups:${list(rule.apiGroups)},Resources:${list(rule.resources)},` +
    `ResourceNames:${list(rule.resourceNames)},NonResourceURLs:${list(rule.nonResourceUrls)},`
  );
}

/** `deployments.apps/scale` */
function resourceText(rule: PolicyRule): string {
  const [resource = ''] = rule.resources;
  const [group = ''] = rule.apiGroups;
  const slash = resource.indexOf('/');
  const [name, rest] = slash === -1 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash)];
  return `${name}${resource === '' || group === '' ? '' : `.${group}`}${rest}`;
}
