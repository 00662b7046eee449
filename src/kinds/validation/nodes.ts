// Nodes and PriorityClasses.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { Node, PriorityClass, Taint } from '../../api/generated/types.ts';
import { qualifiedName, validLabelValue } from '../../api/names.ts';
import { equal } from '../../base/json.ts';
import { taintEffects } from './affinity.ts';
import { complain, immutable, optionalOneOf, sortedEntries } from './checks.ts';
import { validateCidr } from './ip-address.ts';
import { validateResourceAmount } from './resources.ts';

/** Adds what is wrong with node. */
export function validateNode(node: Node, errors: FieldError[]): void {
  validateTaints(errors, node.spec?.taints ?? []);
  validateAmounts(errors, node);
  for (const [i, range] of (node.spec?.podCIDRs ?? []).entries()) validateCidr(errors, `spec.podCIDRs[${i}]`, range);
}

/** Adds what is wrong with changing a node so. */
export function validateNodeUpdate(node: Node, old: Node, errors: FieldError[]): void {
  validateAmounts(errors, node);
  const ranges = old.spec?.podCIDRs ?? [];
  if (ranges.length > 0 && !equal(ranges, node.spec?.podCIDRs))
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID)
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  validateTaints(errors, node.spec?.taints ?? []);
}

/** Adds what is wrong with priority class. */
export function validatePriorityClass(
  { metadata, value, preemptionPolicy }: PriorityClass,
  errors: FieldError[],
): void {
  const { name = '' } = metadata ?? {};
  if (name.startsWith('system-')) {
    const known = Object.hasOwn(systemPriorities, name) ? systemPriorities[name] : undefined;
    const why =
      known === undefined
        ? `${name} is not a known system priority class`
        : `value of ${name} PriorityClass must be ${known}`;
    if (known !== value) {
      const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`;
      errors.push(forbidden('metadata.name', detail));
    }
  } else if ((value ?? 0) > 1_000_000_000)
    errors.push(forbidden('value', 'maximum allowed value of a user defined priority is 1000000000'));
  optionalOneOf(errors, 'preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never']);
}

/** Adds what is wrong with changing a priority class so. */
export function validatePriorityClassUpdate(one: PriorityClass, old: PriorityClass, errors: FieldError[]): void {
  if (one.value !== old.value) errors.push(forbidden('value', 'may not be changed in an update.'));
  immutable(errors, 'preemptionPolicy', one.preemptionPolicy, old.preemptionPolicy);
}

const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** Upstream says metadata where it means spec. */
function validateTaints(errors: FieldError[], taints: readonly Taint[]): void {
  const seen = new Set<string>();
  for (const [i, { key, value = '', effect, timeAdded }] of taints.entries()) {
    const at = `metadata.taints[${i}]`;
    complain(errors, `${at}.key`, key, qualifiedName(key));
    const complaints = validLabelValue(value);
    if (complaints.length > 0) errors.push(invalid(`${at}.value`, value, complaints.join(';')));
    if (!effect) errors.push(required(`${at}.effect`));
    else if (!taintEffects.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, taintEffects));
    const pair = `${key}:${effect}`;
    if (seen.has(pair)) {
      const shown = JSON.stringify({ Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null });
      const body = `Duplicate value: ${shown}: taints must be unique by key and effect pair`;
      errors.push({ type: 'FieldValueDuplicate', field: at, body });
    }
    seen.add(pair);
  }
}

function validateAmounts(errors: FieldError[], { status }: Node): void {
  for (const list of ['capacity', 'allocatable'] as const)
    for (const [name, amount] of sortedEntries(status?.[list]))
      validateResourceAmount(errors, `status.${list}.${name}`, { name, amount });
}
