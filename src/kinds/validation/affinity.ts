// Where pods want to run: affinity, tolerations, spreading.
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  Affinity,
  LabelSelector,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName, validLabelValue } from '../../api/names.ts';
import { complain, optionalOneOf, positive } from './checks.ts';
import { validateSelector } from './labels.ts';

const requiredDuring = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredDuring = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Adds what is wrong with affinity. */
export function validateAffinity(errors: FieldError[], field: string, affinity: Affinity | undefined): void {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {};
  if (nodeAffinity) {
    const needed = nodeAffinity[requiredDuring];
    if (needed) validateNodeSelector(errors, `${field}.nodeAffinity.${requiredDuring}`, needed);
    for (const [i, { weight, preference }] of (nodeAffinity[preferredDuring] ?? []).entries()) {
      const at = `${field}.nodeAffinity.${preferredDuring}[${i}]`;
      validateWeight(errors, `${at}.weight`, weight);
      validateTerm(errors, `${at}.preference`, { term: preference, strict: false });
    }
  }
  if (podAffinity) validatePodAffinity(errors, `${field}.podAffinity`, podAffinity);
  if (podAntiAffinity) validatePodAffinity(errors, `${field}.podAntiAffinity`, podAntiAffinity);
}

/** A selector of nodes; at least one of its terms must hold. */
export function validateNodeSelector(errors: FieldError[], field: string, selector: NodeSelector): void {
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0)
    errors.push(required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term'));
  for (const [i, term] of terms.entries())
    validateTerm(errors, `${field}.nodeSelectorTerms[${i}]`, { term, strict: true });
}

/** Effects of taints. */
export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Adds what is wrong with tolerations. */
export function validateTolerations(errors: FieldError[], field: string, tolerations: readonly Toleration[]): void {
  for (const [i, { key = '', operator = '', value = '', effect = '', tolerationSeconds }] of tolerations.entries()) {
    const at = `${field}[${i}]`;
    if (key !== '') complain(errors, `${at}.key`, key, qualifiedName(key));
    else if (operator !== 'Exists') {
      const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(`${at}.operator`, operator, detail));
    }
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.push(invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === '' || operator === 'Equal') {
      const complaints = validLabelValue(value);
      if (complaints.length > 0) errors.push(invalid(`${at}.operator`, value, complaints.join(';')));
    } else if (operator === 'Exists') {
      if (value !== '')
        errors.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else {
      const known = operator === 'Lt' || operator === 'Gt';
      const supported = known ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists'];
      errors.push(notSupported(`${at}.operator`, operator, supported));
    }
    if (effect !== '') optionalOneOf(errors, `${at}.effect`, effect, taintEffects);
  }
}

/** Adds what is wrong with spreading. */
export function validateSpreading(
  errors: FieldError[],
  field: string,
  constraints: readonly TopologySpreadConstraint[],
): void {
  const actions = ['DoNotSchedule', 'ScheduleAnyway'];
  for (const [i, constraint] of constraints.entries()) {
    const at = `${field}[${i}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, matchLabelKeys, labelSelector } = constraint;
    positive(errors, `${at}.maxSkew`, maxSkew ?? 0);
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
    if (!actions.includes(whenUnsatisfiable))
      errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions));
    const same = (other: TopologySpreadConstraint) =>
      other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable;
    if (constraints.slice(i + 1).some(same))
      errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`));
    positive(errors, `${at}.minDomains`, minDomains);
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
      errors.push(invalid(`${at}.minDomains`, minDomains, detail));
    }
    optionalOneOf(errors, `${at}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, ['Honor', 'Ignore']);
    optionalOneOf(errors, `${at}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, ['Honor', 'Ignore']);
    validateLabelKeys(errors, at, { matchLabelKeys, labelSelector });
    validateSelector(errors, `${at}.labelSelector`, labelSelector);
  }
}

function validatePodAffinity(errors: FieldError[], field: string, affinity: PodAffinity): void {
  for (const [i, term] of (affinity[requiredDuring] ?? []).entries())
    validatePodTerm(errors, `${field}.${requiredDuring}[${i}]`, term);
  for (const [i, { weight, podAffinityTerm }] of (affinity[preferredDuring] ?? []).entries()) {
    const at = `${field}.${preferredDuring}[${i}]`;
    validateWeight(errors, `${at}.weight`, weight);
    validatePodTerm(errors, `${at}.podAffinityTerm`, podAffinityTerm);
  }
}

function validatePodTerm(errors: FieldError[], field: string, term: PodAffinityTerm): void {
  const { labelSelector, namespaceSelector, topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  validateSelector(errors, `${field}.labelSelector`, labelSelector);
  validateSelector(errors, `${field}.namespaceSelector`, namespaceSelector);
  for (const name of term.namespaces ?? []) complain(errors, `${field}.namespace`, name, dns1123Label(name));
  validateLabelKeys(errors, field, { matchLabelKeys, mismatchLabelKeys, labelSelector });
  if (!topologyKey) errors.push(required(`${field}.topologyKey`, 'can not be empty'));
  complain(errors, `${field}.topologyKey`, topologyKey, qualifiedName(topologyKey));
}

interface LabelKeys {
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly mismatchLabelKeys?: readonly string[] | undefined;
  readonly labelSelector?: LabelSelector | undefined;
}

/** In a pod, the selector has what matchLabelKeys came to already: a key that it names otherwise is there twice. */
function validateLabelKeys(
  errors: FieldError[],
  field: string,
  { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector }: LabelKeys,
): void {
  for (const [name, keys] of Object.entries({ matchLabelKeys, mismatchLabelKeys }))
    if (keys.length > 0 && !labelSelector)
      errors.push(forbidden(`${field}.${name}`, 'must not be specified when labelSelector is not set'));
    else for (const [i, key] of keys.entries()) complain(errors, `${field}.${name}[${i}]`, key, qualifiedName(key));
  const selected = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const i = matchLabelKeys.lastIndexOf(key);
    if (i >= 0 && selected.has(key))
      errors.push(invalid(`${field}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'));
    selected.add(key);
  }
  for (const [i, key] of matchLabelKeys.entries())
    if (mismatchLabelKeys.includes(key))
      errors.push(invalid(`${field}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
}

function validateWeight(errors: FieldError[], field: string, weight: number): void {
  if (weight <= 0 || weight > 100) errors.push(invalid(field, weight, 'must be in the range 1-100'));
}

function validateTerm(
  errors: FieldError[],
  field: string,
  { term, strict }: { readonly term: NodeSelectorTerm; readonly strict: boolean },
): void {
  for (const [i, requirement] of (term.matchExpressions ?? []).entries())
    validateRequirement(errors, `${field}.matchExpressions[${i}]`, { requirement, strict });
  for (const [i, requirement] of (term.matchFields ?? []).entries())
    validateFieldRequirement(errors, `${field}.matchFields[${i}]`, requirement);
}

function validateRequirement(
  errors: FieldError[],
  field: string,
  { requirement, strict }: { readonly requirement: NodeSelectorRequirement; readonly strict: boolean },
): void {
  const { key, operator, values = [] } = requirement;
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      errors.push(required(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'));
  complain(errors, `${field}.key`, key, qualifiedName(key));
  if (strict)
    for (const [i, value] of values.entries()) complain(errors, `${field}.values[${i}]`, value, validLabelValue(value));
}

function validateFieldRequirement(errors: FieldError[], field: string, requirement: NodeSelectorRequirement): void {
  const { key, operator, values = [] } = requirement;
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'));
  else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${field}.values`, detail));
  }
  if (key !== 'metadata.name') errors.push(invalid(`${field}.key`, key, 'not a valid field selector key'));
  else
    for (const [i, name] of values.entries()) complain(errors, `${field}.values[${i}]`, name, dns1123Subdomain(name));
}
