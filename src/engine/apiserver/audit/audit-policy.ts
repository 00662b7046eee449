// The audit policy: which requests are logged, and how much of each. The first rule that a request matches counts.
import {
  aggregateText,
  type FieldError,
  fieldErrorText,
  invalid,
  notSupported,
  required,
} from '../../../api/field-error.ts';
import { dns1123Subdomain } from '../../../api/names.ts';
import type { UserInfo } from '../../../api/request.ts';
import { isList, isObject, type JsonObject } from '../../../base/json.ts';
import { ConfigurationError, readConfig, type Shape } from '../configuration/config-file.ts';

const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type AuditLevel = (typeof levels)[number];
export type AuditStage = (typeof stages)[number];

export interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface AuditRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** What a policy says of one request. */
export interface AuditDecision {
  readonly level: AuditLevel;
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields: boolean;
}

/** A request as rules look at it: about a resource, or a path. */
export interface AuditSubject {
  readonly user: UserInfo | undefined;
  readonly verb: string;
  readonly about:
    | {
        readonly kind: 'resource';
        readonly group: string;
        readonly resource: string;
        readonly subresource: string;
        readonly namespace: string;
        readonly name: string;
      }
    | { readonly kind: 'path'; readonly path: string };
}

export function atLeast(level: AuditLevel, wanted: AuditLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(wanted);
}

export function decide(policy: AuditPolicy, subject: AuditSubject): AuditDecision {
  const rule = policy.rules.find((each) => matches(each, subject));
  return {
    level: rule?.level ?? 'None',
    omitStages: [...(policy.omitStages ?? []), ...(rule?.omitStages ?? [])],
    omitManagedFields: rule?.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
}

const texts = ['string'] as const;
const fields: { readonly [field: string]: Shape } = {
  omitStages: texts,
  omitManagedFields: 'bool',
  rules: [
    {
      level: 'string',
      users: texts,
      userGroups: texts,
      verbs: texts,
      resources: [{ group: 'string', resources: texts, resourceNames: texts }],
      namespaces: texts,
      nonResourceURLs: texts,
      omitStages: texts,
      omitManagedFields: 'bool',
    },
  ],
};

/** The policy in a file's text; `warn` hears of fields that there are not. Throws ConfigurationError. */
export function readAuditPolicy(text: string, warn: (text: string) => void): AuditPolicy {
  const scheme = 'k8s.io/apiserver/pkg/audit/scheme.go:30';
  const { value, unknown } = decoded(text, { kind: 'Policy', apiVersions: ['audit.k8s.io/v1'], scheme, fields });
  if (unknown.length > 0)
    warn(
      `Audit policy contains errors, falling back to lenient decoding: strict decoding error: ${unknown.join(', ')}`,
    );
  const policy = withoutNulls(value) as unknown as AuditPolicy; // edge: its fields' types have been checked
  const problems = problemsOf({ ...policy, rules: policy.rules ?? [] });
  if (problems.length > 0) throw new ConfigurationError(aggregateText(problems.map(fieldErrorText)));
  if (!policy.rules?.length) throw new ConfigurationError('loaded illegal policy with 0 rules');
  return policy;
}

function decoded(...given: Parameters<typeof readConfig>): ReturnType<typeof readConfig> {
  try {
    return readConfig(...given);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`failed decoding: ${error.message}`);
  }
}

function withoutNulls(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(
    kept.map(([key, each]) => [
      key,
      isList(each) ? each.map((item) => (isObject(item) ? withoutNulls(item) : item)) : each,
    ]),
  );
}

function problemsOf({ omitStages = [], rules }: AuditPolicy): readonly FieldError[] {
  return [...stageProblems(omitStages, 'omitStages'), ...rules.flatMap((rule, i) => ruleProblems(rule, `rules[${i}]`))];
}

function ruleProblems(rule: AuditRule, at: string): readonly FieldError[] {
  const { level, nonResourceURLs = [], resources = [], namespaces = [], omitStages = [] } = rule;
  const both = nonResourceURLs.length > 0 && (resources.length > 0 || namespaces.length > 0);
  const place = `${at}.nonResourceURLs`;
  return [
    ...(!level
      ? [required(`${at}.level`)]
      : levels.includes(level)
        ? []
        : [notSupported(`${at}.level`, level, levels)]),
    ...nonResourceURLs.flatMap((url, i) => urlProblems(url, `${place}[${i}]`)),
    ...resources.flatMap((each) => resourceProblems(each, `${at}.resources`)),
    ...stageProblems(omitStages, `${at}.omitStages`),
    ...(both
      ? [invalid(place, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs')]
      : []),
  ];
}

function urlProblems(url: string, at: string): readonly FieldError[] {
  if (url === '*') return [];
  return [
    ...(url.startsWith('/') ? [] : [invalid(at, url, "non-resource URL rules must begin with a '/' character")]),
    ...(url.slice(0, -1).includes('*')
      ? [invalid(at, url, "non-resource URL wildcards '*' must be the final character of the rule")]
      : []),
  ];
}

function resourceProblems(
  { group = '', resources = [], resourceNames = [] }: GroupResources,
  at: string,
): FieldError[] {
  const found: FieldError[] = [];
  const wrong = group === '' || group === '*' ? [] : dns1123Subdomain(group);
  if (wrong.length > 0) found.push(invalid(`${at}.group`, group, wrong.join(',')));
  if (resourceNames.length > 0 && resources.length === 0)
    found.push(invalid(`${at}.resourceNames`, resourceNames, 'using resourceNames requires at least one resource'));
  return found;
}

function stageProblems(given: readonly string[], at: string): readonly FieldError[] {
  const known: readonly string[] = stages;
  return given.flatMap((stage, i) =>
    known.includes(stage) ? [] : [invalid(`${at}[${i}]`, stage, `allowed stages are ${stages.join(',')}`)],
  );
}

function matches(rule: AuditRule, { user, verb, about }: AuditSubject): boolean {
  const { users = [], userGroups = [], verbs = [], namespaces = [], resources = [], nonResourceURLs = [] } = rule;
  if (users.length > 0 && !(user && users.includes(user.name))) return false;
  if (userGroups.length > 0 && !user?.groups.some((group) => userGroups.includes(group))) return false;
  if (verbs.length > 0 && !verbs.includes(verb)) return false;
  if (namespaces.length > 0 || resources.length > 0) return matchesResource(rule, about);
  if (nonResourceURLs.length === 0) return true;
  return about.kind === 'path' && nonResourceURLs.some((url) => matchesPath(about.path, url));
}

function matchesPath(path: string, url: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')));
}

function matchesResource({ namespaces = [], resources = [] }: AuditRule, about: AuditSubject['about']): boolean {
  if (about.kind !== 'resource') return false;
  if (namespaces.length > 0 && !namespaces.includes(about.namespace)) return false;
  if (resources.length === 0) return true;
  const { group, resource, subresource, name } = about;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const covers = (wanted: string): boolean =>
    wanted === whole ||
    wanted === '*' ||
    wanted === `${resource}/*` ||
    (subresource !== '' && wanted === `*/${subresource}`);
  return resources.some((each) => {
    const { resources: plural = [], resourceNames = [] } = each;
    if ((each.group ?? '') !== group && each.group !== '*') return false;
    if (plural.length === 0) return true;
    return (resourceNames.length === 0 || resourceNames.includes(name)) && plural.some(covers);
  });
}
