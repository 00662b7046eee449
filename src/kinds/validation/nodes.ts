// Nodes and PriorityClasses.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  Verbatim,
} from '../../api/field-error.ts';
import type { Node, PriorityClass, Taint } from '../../api/generated/types.ts';
import { qualifiedName, validLabelValue } from '../../api/names.ts';
import { equal } from '../../base/json.ts';
import { taintEffects } from './affinity.ts';
import { complain, immutable, oneOf, sortedEntries } from './checks.ts';
import { validateCidr } from './ip-address.ts';
import { validateResourceAmount } from './resources.ts';

/** Adds what is wrong with node. */
export function validateNode(node: Node, errors: FieldError[]): void {
  validateTaints(errors, node.spec?.taints ?? []);
  validateAmounts(errors, node);
  const ranges = node.spec?.podCIDRs ?? [];
  for (const [i, range] of ranges.entries()) validateCidr(errors, `spec.podCIDRs[${i}]`, range);
  const families = new Set(ranges.map((range) => range.includes(':')));
  if (ranges.length > 1 && (families.size < 2 || ranges.length > 2))
    errors.push(invalid('spec.podCIDRs', ranges, 'may specify no more than one CIDR for each IP family'));
}

/** Adds what is wrong with changing a node so. */
export function validateNodeUpdate(node: Node, old: Node, errors: FieldError[]): void {
  validateNode(node, errors);
  validateAmounts(errors, node);
  const addresses = node.status?.addresses ?? [];
  for (const [i, address] of addresses.entries())
    if (addresses.findIndex((one) => equal(one, address)) < i) {
      const value = new Verbatim(JSON.stringify({ Type: address.type, Address: address.address }));
      errors.push(duplicate(`status.addresses[${i}]`, value));
    }
  const ranges = old.spec?.podCIDRs ?? [];
  if (ranges.length > 0 && !equal(ranges, node.spec?.podCIDRs))
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID)
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  validateTaints(errors, node.spec?.taints ?? []);
  if ((node.spec?.externalID ?? '') !== (old.spec?.externalID ?? ''))
    errors.push(forbidden('spec.externalID', 'may not be updated'));
}

/** Adds what is wrong with priority class. */
export function validatePriorityClass(
  { metadata, value = 0, globalDefault = false, preemptionPolicy }: PriorityClass,
  errors: FieldError[],
): void {
  const { name = '' } = metadata ?? {};
  if (name.startsWith('system-')) {
    const known = Object.hasOwn(systemPriorities, name) ? systemPriorities[name] : undefined;
    const why =
      known === undefined
        ? `${name} is not a known system priority class`
        : known !== value
          ? `value of ${name} PriorityClass must be ${known}`
          : `globalDefault of ${name} PriorityClass must be false`;
    if (known !== value || globalDefault) {
      const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`;
      errors.push(forbidden('metadata.name', detail));
    }
  } else if (value > 1_000_000_000)
    errors.push(forbidden('value', 'maximum allowed value of a user defined priority is 1000000000'));
  oneOf(errors, 'preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never']);
}

/** Adds what is wrong with changing a priority class so. */
export function validatePriorityClassUpdate(one: PriorityClass, old: PriorityClass, errors: FieldError[]): void {
  if ((one.value ?? 0) !== (old.value ?? 0)) errors.push(forbidden('value', 'may not be changed in an update.'));
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
