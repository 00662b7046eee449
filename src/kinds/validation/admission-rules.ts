// What policies and webhooks of admission share: which requests they are about, under which conditions.
import { duplicate, invalid, notSupported, required, tooMany } from '../../api/field-error.ts';
import type {
  MatchCondition,
  MatchResources,
  NamedRuleWithOperations,
  ParamKind,
  ParamRef,
  RuleWithOperations,
} from '../../api/generated/types.ts';
import { dns1035Label, dns1123Subdomain, pathSegmentName, qualifiedName } from '../../api/names.ts';
import { PolicyCompiler } from '../policies/policy-compiler.ts';
import { complain, type Errors, givenOneOf, oneOf, optionalOneOf, require } from './checks.ts';
import { validateSelector } from './labels.ts';

export const failurePolicies = ['Fail', 'Ignore'];
export const matchPolicies = ['Equivalent', 'Exact'];
const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const conditionsMax = 64;

/** Adds what is wrong with a rule. */
export function validateRule(errors: Errors, field: string, rule: RuleWithOperations): void {
  const { operations: wanted = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  if (wanted.length === 0) errors.push(required(`${field}.operations`));
  if (wanted.length > 1 && wanted.includes('*'))
    errors.push(invalid(`${field}.operations`, wanted, "if '*' is present, must not specify other operations"));
  for (const [i, operation] of wanted.entries())
    if (!operations.includes(operation)) errors.push(notSupported(`${field}.operations[${i}]`, operation, operations));
  onlyWildcard(errors, `${field}.apiGroups`, apiGroups, 'API groups');
  onlyWildcard(errors, `${field}.apiVersions`, apiVersions, 'API versions');
  for (const [i, version] of apiVersions.entries()) require(errors, `${field}.apiVersions[${i}]`, version);
  validateResources(errors, `${field}.resources`, resources);
  optionalOneOf(errors, `${field}.scope`, scope, ['*', 'Cluster', 'Namespaced']);
}

function onlyWildcard(errors: Errors, field: string, values: readonly string[], what: string): void {
  if (values.length === 0) errors.push(required(field));
  if (values.length > 1 && values.includes('*'))
    errors.push(invalid(field, values, `if '*' is present, must not specify other ${what}`));
}

function validateResources(errors: Errors, field: string, resources: readonly string[]): void {
  if (resources.length === 0) errors.push(required(field));
  const whole = new Set<string>();
  const everywhere = new Set<string>();
  for (const [i, both] of resources.entries()) {
    if (!require(errors, `${field}[${i}]`, both) || !both.includes('/')) continue;
    const resource = both.slice(0, both.indexOf('/'));
    const subresource = both.slice(resource.length + 1);
    const at = `${field}[${i}]`;
    if (whole.has(resource)) errors.push(invalid(at, both, `if '${resource}/*' is present, must not specify ${both}`));
    if (everywhere.has(subresource))
      errors.push(invalid(at, both, `if '*/${subresource}' is present, must not specify ${both}`));
    if (subresource === '*') whole.add(resource);
    if (resource === '*') everywhere.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalid(field, resources, "if '*/*' is present, must not specify other resources"));
  const last = resources.findLast((one) => one !== '' && !one.includes('/'));
  if (resources.includes('*') && last !== undefined && last !== '*') {
    const text = "if '*' is present, must not specify other resources without subresources";
    errors.push(invalid(field, resources, text));
  }
}

/** Adds what is wrong with which requests a policy or a binding is about. */
export function validateMatchResources(errors: Errors, field: string, match: MatchResources | undefined): void {
  if (!match) return;
  givenOneOf(errors, `${field}.matchPolicy`, match.matchPolicy, matchPolicies);
  for (const name of ['namespaceSelector', 'objectSelector'] as const)
    if (require(errors, `${field}.${name}`, match[name])) validateSelector(errors, `${field}.${name}`, match[name]);
  for (const name of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [i, rule] of (match[name] ?? []).entries()) validateNamedRule(errors, `${field}.${name}[${i}]`, rule);
}

function validateNamedRule(errors: Errors, field: string, rule: NamedRuleWithOperations): void {
  const names = rule.resourceNames ?? [];
  for (const [i, name] of names.entries()) {
    complain(errors, `${field}.resourceNames[${i}]`, name, pathSegmentName(name));
    if (names.indexOf(name) < i) errors.push(duplicate(`${field}.resourceNames[${i}]`, name));
  }
  validateRule(errors, field, rule);
}

/** Adds what is wrong with match conditions; each must compile. */
export function validateMatchConditions(
  errors: Errors,
  field: string,
  {
    conditions = [],
    params,
  }: { readonly conditions?: readonly MatchCondition[] | undefined; readonly params: boolean },
): void {
  if (conditions.length > conditionsMax) errors.push(tooMany(field, conditions.length, conditionsMax));
  const compiler = new PolicyCompiler({ params });
  const names = new Set<string>();
  for (const [i, { name, expression }] of conditions.entries()) {
    const text = expression.trim();
    if (require(errors, `${field}[${i}].expression`, text)) {
      const { problem } = compiler.compile(text, { returns: 'bool', authorizer: true, variables: false });
      if (problem !== undefined) errors.push(invalid(`${field}[${i}].expression`, text, problem));
    }
    if (!require(errors, `${field}[${i}].name`, name)) continue;
    complain(errors, `${field}[${i}].name`, name, qualifiedName(name));
    if (names.has(name)) errors.push(duplicate(`${field}[${i}].name`, name));
    names.add(name);
  }
}

/** Adds what is wrong with the kind of a policy's parameters. */
export function validateParamKind(errors: Errors, field: string, { apiVersion = '', kind = '' }: ParamKind): void {
  const at = `${field}.apiVersion`;
  const parts = apiVersion.split('/');
  const [group = '', version = ''] = parts.length > 1 ? parts : ['', apiVersion];
  if (apiVersion === '') errors.push(required(at));
  else if (parts.length > 2) errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    if (group !== '') joined(errors, at, group, dns1123Subdomain(group));
    if (version === '') errors.push(invalid(at, apiVersion, 'version must be specified'));
    else joined(errors, at, version, dns1035Label(version));
  }
  if (!require(errors, `${field}.kind`, kind)) return;
  const complaints = dns1035Label(kind.toLowerCase());
  if (complaints.length === 0) return;
  const text = `may have mixed case, but should otherwise match: ${complaints.join(',')}`;
  errors.push(invalid(`${field}.kind`, kind, text));
}

function joined(errors: Errors, field: string, value: string, complaints: readonly string[]): void {
  if (complaints.length > 0) errors.push(invalid(field, value, complaints.join(',')));
}

/** Adds what is wrong with how a binding finds its parameters. */
export function validateParamRef(errors: Errors, field: string, reference: ParamRef | undefined): void {
  if (!reference) return;
  const { name, selector, parameterNotFoundAction } = reference;
  const forbid = (part: string): void =>
    void errors.push({
      type: 'FieldValueForbidden',
      field: `${field}.${part}`,
      body: 'Forbidden: name and selector are mutually exclusive',
    });
  if (name) {
    complain(errors, `${field}.name`, name, pathSegmentName(name));
    if (selector) forbid('name');
  }
  if (selector) {
    validateSelector(errors, `${field}.selector`, selector);
    if (name) forbid('selector');
  }
  if (!name && !selector) errors.push(required(field, 'one of name or selector must be specified'));
  oneOf(errors, `${field}.parameterNotFoundAction`, parameterNotFoundAction, ['Deny', 'Allow']);
}
