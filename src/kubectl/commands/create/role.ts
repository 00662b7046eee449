// `kubectl create role` and `kubectl create clusterrole`
import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError, NoResourceMatch } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { generatorCommand } from './generator.ts';

const ruleFlags = [
  flag.stringSlice('resource', 'Resource that the rule applies to'),
  flag.stringArray('resource-name', 'Name of an object that the rule applies to; may be repeated'),
  flag.stringSlice('verb', 'Verb that applies to the resources of the rule'),
];

export const createRole = generatorCommand({
  use: 'role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a role with single rule',
  example: `# Reading pods
kubectl create role pod-reader --verb=get,list,watch --resource=pods

# Some pods only
kubectl create role pod-reader --verb=get --resource=pods --resource-name=readablepod

# Another group, a subresource
kubectl create role foo --verb=get,list --resource=rs.apps,pods/status`,
  flags: ruleFlags,
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'roles' },
  failure: '',
  build: async (context, name) => {
    const verbs = verbsOf(context);
    if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
    warnAboutVerbs(context, verbs);
    const resources = resourcesOf(context);
    if (resources.length === 0) throw new CommandError('at least one resource must be specified');
    const rules = await resourceRules(context, verbs, resources);
    return { kind: 'Role', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name }, rules };
  },
});

export const createClusterRole = generatorCommand({
  use: 'clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  short: 'Create a cluster role',
  example: `# Reading pods everywhere
kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

# URLs that are no resources
kubectl create clusterrole foo --verb=get --non-resource-url=/logs/*

# What other cluster roles allow together
kubectl create clusterrole monitoring --aggregation-rule='rbac.example.com/aggregate-to-monitoring=true'`,
  flags: [
    ...ruleFlags,
    flag.stringSlice('aggregation-rule', 'Labels of the cluster roles to combine, key=value.', { default: '' }),
    flag.stringSlice('non-resource-url', 'A partial URL that users should have access to.'),
  ],
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' },
  clusterScoped: true,
  failure: '',
  build: buildClusterRole,
});

async function buildClusterRole(context: Context, name: string): Promise<JsonObject> {
  const { flags } = context;
  const role = { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name } };
  const [verbs, resources] = [verbsOf(context), resourcesOf(context)];
  const urls = [...new Set(flags.strings('non-resource-url'))];
  const aggregation = flags.strings('aggregation-rule');
  if (aggregation.length > 0) {
    if (urls.length + verbs.length + resources.length + flags.strings('resource-name').length > 0) {
      throw new CommandError(
        'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
      );
    }
    const matchLabels = Object.fromEntries(aggregation.map((pair) => splitLabel(pair)));
    return { ...role, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
  }
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  if (resources.length + urls.length === 0) {
    throw new CommandError('one of resource or nonResourceURL must be specified');
  }
  if (resources.length > 0) warnAboutVerbs(context, verbs);
  const rules = resources.length > 0 ? await resourceRules(context, verbs, resources) : [];
  checkUrls(verbs, urls);
  return { ...role, rules: urls.length > 0 ? [...rules, { verbs, nonResourceURLs: urls }] : rules };
}

function splitLabel(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals < 0) {
    throw new CommandError(
      `invalid argument "${pair}" for "--aggregation-rule" flag: malformed pair, expect string=string`,
    );
  }
  return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
}

const urlVerbs = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'];

function checkUrls(verbs: readonly string[], urls: readonly string[]): void {
  if (urls.length === 0) return;
  for (const verb of verbs) {
    if (!urlVerbs.includes(verb)) throw new CommandError(`invalid verb: '${verb}' for nonResourceURL`);
  }
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new CommandError('nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*')) {
      throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
    }
  }
}

const resourceVerbs =
  '* get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' ');

function verbsOf({ flags }: Context): readonly string[] {
  const verbs = flags.strings('verb');
  return verbs.includes('*') ? ['*'] : [...new Set(verbs)];
}

function warnAboutVerbs(context: Context, verbs: readonly string[]): void {
  for (const verb of verbs) {
    if (!resourceVerbs.includes(verb)) context.err(`Warning: '${verb}' is not a standard resource verb\n`);
  }
}

interface RuleResource {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

function resourcesOf({ flags }: Context): readonly RuleResource[] {
  const found: RuleResource[] = [];
  for (const written of flags.strings('resource')) {
    const slash = written.indexOf('/');
    const [name, subresource] = slash < 0 ? [written, ''] : [written.slice(0, slash), written.slice(slash + 1)];
    const dot = name.indexOf('.');
    const [resource, group] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)];
    found.push({ resource, group, subresource });
    if (written === '*') break;
  }
  return found;
}

/** Special verbs apply to what is no resource of the API, too. */
const specialVerbs = new Map([
  ['use', ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions']],
  ['bind', ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io']],
  ['escalate', ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io']],
  ['impersonate', ['users.', 'serviceaccounts.', 'groups.', 'userextras.authentication.k8s.io']],
]);

/** A rule for each API group, sorted by group. */
async function resourceRules(
  context: Context,
  verbs: readonly string[],
  resources: readonly RuleResource[],
): Promise<readonly JsonObject[]> {
  const groups = new Map<string, Set<string>>();
  let anything = false;
  for (const wanted of resources) {
    if (wanted.resource === '') {
      throw new CommandError('resource must be specified if apiGroup/subresource specified');
    }
    anything ||= wanted.resource === '*';
    const { group, resource } = anything ? wanted : await resolve(context, verbs, wanted);
    const names = groups.get(group) ?? new Set();
    names.add(wanted.subresource === '' ? resource : `${resource}/${wanted.subresource}`);
    groups.set(group, names);
  }
  const resourceNames = [...new Set(context.flags.strings('resource-name'))];
  return [...groups.keys()].sort().map((group) => ({
    verbs,
    apiGroups: [group],
    resources: [...(groups.get(group) ?? [])],
    ...(resourceNames.length > 0 ? { resourceNames } : {}),
  }));
}

async function resolve(context: Context, verbs: readonly string[], wanted: RuleResource): Promise<RuleResource> {
  const written = wanted.group === '' ? wanted.resource : `${wanted.resource}.${wanted.group}`;
  const found = await context.mapper().find(written);
  const resolved = found ? { ...wanted, group: found.group, resource: found.resource } : wanted;
  let special = false;
  for (const verb of verbs) {
    const allowed = specialVerbs.get(verb);
    if (!allowed) continue;
    if (!allowed.includes(`${resolved.resource}.${resolved.group}`)) {
      throw new CommandError(`can not perform '${verb}' on '${resolved.resource}' in group '${resolved.group}'`);
    }
    special = true;
  }
  if (!found && !special) throw new NoResourceMatch(wanted.resource, wanted.group);
  return resolved;
}
