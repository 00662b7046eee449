// FlowSchemas and PriorityLevelConfigurations.

import { alike } from '../../api/alike.ts';
import { duplicate, forbidden, invalid, notSupported, required, Verbatim } from '../../api/field-error.ts';
import type {
  FlowcontrolSubject,
  FlowSchema,
  LimitResponse,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  QueuingConfiguration,
  ResourcePolicyRule,
} from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { mandatoryLevels, mandatorySchemas } from '../mandatory-flows.ts';
import { complain, type Errors, requireName } from './checks.ts';

const precedenceMax = 10_000;
const queuesMax = 10_000_000;
const entropyBitsMax = 60;
/** What the conversion from v1beta3 keeps for itself. */
const zeroSharesAnnotation = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

/** Adds what is wrong with a flow schema. Two schemas must always be as the server makes them. */
export function validateFlowSchema({ metadata, spec, status }: FlowSchema, errors: Errors): void {
  const { name = '' } = metadata ?? {};
  const { matchingPrecedence: precedence = 0, distinguisherMethod: method, rules = [] } = spec ?? {};
  const at = 'spec.matchingPrecedence';
  if (precedence <= 0) errors.push(invalid(at, precedence, 'must be a positive value'));
  if (precedence > precedenceMax) errors.push(invalid(at, precedence, `must not be greater than ${precedenceMax}`));
  if (precedence === 1 && name !== 'exempt')
    errors.push(invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (method && !['ByNamespace', 'ByUser'].includes(method.type)) {
    const value = new Verbatim(JSON.stringify({ Type: method.type ?? '' }));
    errors.push(notSupported('spec.distinguisherMethod.type', value, ['ByNamespace', 'ByUser']));
  }
  const level = spec?.priorityLevelConfiguration?.name;
  if (!level) errors.push(required('spec.priorityLevelConfiguration.name', 'must reference a priority level'));
  else complain(errors, 'spec.priorityLevelConfiguration.name', level, dns1123Subdomain(level));
  for (const [i, rule] of rules.entries()) validateRule(errors, `spec.rules[${i}]`, rule);
  const fixed = fixedOf(mandatorySchemas, name);
  if (fixed && !alike(spec, fixed)) {
    const shown = internalForm('flow_FlowSchemaSpec', spec ?? {});
    errors.push(invalid('spec', shown, `spec of '${name}' must equal the fixed value`));
  }
  validateConditions(errors, status?.conditions ?? []);
}

/** Adds what is wrong with a priority level. As for flow schemas, but for how much of one level is lent out. */
export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration, errors: Errors): void {
  const { name = '', annotations = {} } = metadata ?? {};
  if (Object.hasOwn(annotations, zeroSharesAnnotation))
    errors.push(forbidden('metadata.annotations', `annotation '${zeroSharesAnnotation}' is forbidden`));
  const { type = '', limited, exempt } = spec ?? {};
  if ((name === 'exempt') !== (type === 'Exempt'))
    errors.push(invalid('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  if (type === 'Exempt') {
    if (limited) errors.push(forbidden('spec.limited', 'must be nil if the type is not Limited'));
    if (exempt) validateShares(errors, 'spec.exempt', exempt);
  } else if (type === 'Limited') {
    if (exempt) errors.push(forbidden('spec.exempt', 'must be nil if the type is Limited'));
    if (limited) validateLimited(errors, 'spec.limited', limited);
    else errors.push(required('spec.limited', 'must not be empty when type is Limited'));
  } else errors.push(notSupported('spec.type', type, ['Exempt', 'Limited']));
  const mandatory = fixedOf(mandatoryLevels, name);
  if (mandatory) {
    const fixed = name === 'exempt' ? { ...mandatory, exempt } : mandatory;
    const except = name === 'exempt' ? " except the 'spec.exempt' field" : '';
    const text = `spec of '${name}'${except} must equal the fixed value`;
    if (!alike({ ...spec }, { ...fixed }))
      errors.push(invalid('spec', internalForm('flow_PriorityLevelConfigurationSpec', spec ?? {}), text));
  }
  validateConditions(errors, status?.conditions ?? []);
}

function fixedOf<T>(specs: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(specs, name) ? specs[name] : undefined;
}

function validateConditions(errors: Errors, conditions: readonly { readonly type?: string | undefined }[]): void {
  for (const [i, { type = '' }] of conditions.entries()) {
    const at = `status.conditions[${i}].type`;
    if (conditions.findIndex((one) => (one.type ?? '') === type) < i) errors.push(duplicate(at, type));
    if (type === '') errors.push(required(at));
  }
}

function validateRule(errors: Errors, field: string, rule: PolicyRulesWithSubjects): void {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  for (const [i, subject] of subjects.entries()) validateSubject(errors, `${field}.subjects[${i}]`, subject);
  if (subjects.length === 0) errors.push(required(`${field}.subjects`, 'subjects must contain at least one value'));
  if (resourceRules.length + nonResourceRules.length === 0)
    errors.push(required(field, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  for (const [i, one] of resourceRules.entries()) validateResources(errors, `${field}.resourceRules[${i}]`, one);
  for (const [i, one] of nonResourceRules.entries()) validateUrls(errors, `${field}.nonResourceRules[${i}]`, one);
}

const subjectFields = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const;

function validateSubject(errors: Errors, field: string, subject: FlowcontrolSubject): void {
  const { kind = '' } = subject as { readonly kind?: string }; // edge: what a schema requires may still be missing
  const own = Object.entries(subjectFields).find(([one]) => one === kind)?.[1];
  if (!own) return void errors.push(notSupported(`${field}.kind`, kind, Object.keys(subjectFields).sort()));
  const { serviceAccount } = subject;
  if (!subject[own]) errors.push(required(`${field}.${own}`, `${own} is required when subject kind is '${kind}'`));
  else if (own !== 'serviceAccount' || !serviceAccount) {
    if (!subject[own].name) errors.push(required(`${field}.${own}.name`));
  } else {
    const valid = (name: string) => (name === '*' ? [] : dns1123Subdomain(name));
    requireName(errors, `${field}.serviceAccount.name`, { name: serviceAccount.name, valid });
    const { namespace } = serviceAccount;
    const at = `${field}.serviceAccount.namespace`;
    if (namespace) complain(errors, at, namespace, dns1123Label(namespace));
    else errors.push(required(at, 'must specify namespace for service account'));
  }
  for (const [other, name] of [...Object.entries(subjectFields)])
    if (name !== own && subject[name])
      errors.push(forbidden(`${field}.${name}`, `${name} is forbidden when subject kind is not '${other}'`));
}

function validateVerbs(errors: Errors, field: string, asked: readonly string[]): void {
  if (asked.length === 0) errors.push(required(field, 'verbs must contain at least one value'));
  else if (asked.includes('*')) onlyWildcard(errors, field, { values: asked, what: 'verbs' });
  else if (!asked.every((verb) => verbs.includes(verb)))
    errors.push(notSupported(field, new Verbatim(JSON.stringify(asked)), verbs));
}

function onlyWildcard(
  errors: Errors,
  field: string,
  { values, what }: { readonly values: readonly string[]; readonly what: string },
): void {
  if (values.length > 1 && values.includes('*'))
    errors.push(invalid(field, values, `if '*' is present, must not specify other ${what}`));
}

function validateUrls(errors: Errors, field: string, rule: NonResourcePolicyRule): void {
  const { nonResourceURLs: urls = [] } = rule;
  validateVerbs(errors, `${field}.verbs`, rule.verbs ?? []);
  const at = `${field}.nonResourceURLs`;
  if (urls.length === 0) errors.push(required(at, 'nonResourceURLs must contain at least one value'));
  else if (urls.includes('*')) onlyWildcard(errors, at, { values: urls, what: 'non-resource URLs' });
  else
    for (const [i, url] of urls.entries()) {
      const problem = urlProblem(url);
      if (problem !== undefined) errors.push(invalid(`${at}[${i}]`, url, problem));
    }
}

function urlProblem(url: string): string | undefined {
  if (url === '') return 'must not be empty';
  if (url === '/') return undefined;
  if (!url.startsWith('/')) return 'must start with slash';
  if (url.includes(' ')) return 'must not contain white-space';
  if (url.includes('//')) return 'must not contain double slash';
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined;
}

function validateResources(errors: Errors, field: string, rule: ResourcePolicyRule): void {
  const { apiGroups = [], resources = [], namespaces = [], clusterScope } = rule;
  validateVerbs(errors, `${field}.verbs`, rule.verbs ?? []);
  if (apiGroups.length === 0)
    errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'));
  onlyWildcard(errors, `${field}.apiGroups`, { values: apiGroups, what: 'api groups' });
  if (resources.length === 0)
    errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'));
  onlyWildcard(errors, `${field}.resources`, { values: resources, what: 'resources' });
  const at = `${field}.namespaces`;
  if (namespaces.length === 0 && !clusterScope)
    errors.push(required(at, 'resource rules that are not cluster scoped must supply at least one namespace'));
  else if (namespaces.includes('*')) onlyWildcard(errors, at, { values: namespaces, what: 'namespaces' });
  else
    for (const [i, name] of namespaces.entries())
      for (const complaint of dns1123Label(name)) {
        const detail = `each member of this list must be '*' or a DNS-1123 label; ${complaint}`;
        errors.push(invalid(`${at}[${i}]`, name, detail));
      }
}

type Limited = NonNullable<NonNullable<PriorityLevelConfiguration['spec']>['limited']>;

function validateShares(
  errors: Errors,
  field: string,
  { nominalConcurrencyShares: shares = 0, lendablePercent: percent = 0 }: Limited,
): void {
  if (shares < 0) errors.push(invalid(`${field}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'));
  if (percent < 0 || percent > 100)
    errors.push(invalid(`${field}.lendablePercent`, percent, 'must be between 0 and 100, inclusive'));
}

function validateLimited(errors: Errors, field: string, limited: Limited): void {
  const { nominalConcurrencyShares: shares = 0, lendablePercent: percent = 0, borrowingLimitPercent } = limited;
  validateShares(errors, field, { nominalConcurrencyShares: shares });
  validateResponse(errors, `${field}.limitResponse`, limited.limitResponse);
  validateShares(errors, field, { lendablePercent: percent });
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0) {
    const detail = 'if specified, must be a non-negative integer';
    errors.push(invalid(`${field}.borrowingLimitPercent`, borrowingLimitPercent, detail));
  }
}

function validateResponse(errors: Errors, field: string, response: LimitResponse | undefined): void {
  const { type = '', queuing } = response ?? {};
  const at = `${field}.queuing`;
  if (type === 'Reject') {
    if (queuing) errors.push(forbidden(at, 'must be nil if limited.limitResponse.type is not Limited'));
  } else if (type !== 'Queue') errors.push(notSupported(`${field}.type`, type, ['Queue', 'Reject']));
  else if (queuing) validateQueuing(errors, at, queuing);
  else errors.push(required(at, 'must not be empty if limited.limitResponse.type is Limited'));
}

function validateQueuing(errors: Errors, field: string, queuing: QueuingConfiguration): void {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing;
  if (queueLengthLimit <= 0) errors.push(invalid(`${field}.queueLengthLimit`, queueLengthLimit, 'must be positive'));
  if (queues <= 0) errors.push(invalid(`${field}.queues`, queues, 'must be positive'));
  else if (queues > queuesMax) errors.push(invalid(`${field}.queues`, queues, `must not be greater than ${queuesMax}`));
  const hand = `${field}.handSize`;
  if (handSize <= 0) errors.push(invalid(hand, handSize, 'must be positive'));
  else if (handSize > queues) errors.push(invalid(hand, handSize, `should not be greater than queues (${queues})`));
  else if (!fits(queues, handSize)) {
    const what = `required entropy bits of deckSize ${queues} and handSize ${handSize}`;
    errors.push(invalid(hand, handSize, `${what} should not be greater than ${entropyBitsMax}`));
  }
}

/** Whether a hash has bits enough to deal such hands from such a deck. */
function fits(deck: number, hand: number): boolean {
  return deck === 1 || (hand <= entropyBitsMax && BigInt(deck) ** BigInt(hand) <= 1n << BigInt(entropyBitsMax));
}
