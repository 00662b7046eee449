// Nodes and PriorityClasses.
import { duplicate, type FieldError, forbidden, internal, invalid, Verbatim } from '../../api/field-error.ts';
import type { Node, NodeAddress, NodeStatus, PriorityClass } from '../../api/generated/types.ts';
import { compareText } from '../../api/go-format.ts';
import { equal } from '../../base/json.ts';
import { immutable, oneOf, positive, sortedEntries } from './checks.ts';
import { validateCidr } from './ip-address.ts';
import { validateNodeAnnotations } from './node-annotations.ts';
import { validateResourceAmount } from './resources.ts';
import { validateTaints } from './taints.ts';

/** Adds what is wrong with node. */
export function validateNode({ metadata, spec, status }: Node, errors: FieldError[]): void {
  validateNodeAnnotations(metadata?.annotations, errors);
  validateTaints(errors, 'metadata.taints', spec?.taints ?? []);
  validateAmounts(errors, status);
  positive(errors, 'metadata.nodeSwapStatus.capacity', status?.nodeInfo?.swap?.capacity);
  validateFeatures(errors, status?.declaredFeatures ?? []);
  validateRanges(errors, spec?.podCIDRs ?? []);
}

/** Adds what is wrong with changing a node so. What concerns the new node alone is told twice, as upstream does. */
export function validateNodeUpdate(node: Node, old: Node, errors: FieldError[]): void {
  validateNode(node, errors);
  validateNodeChange(node, old, errors);
}

/** Adds what is wrong with reporting a node's status so. */
export function validateNodeChange({ metadata, spec, status }: Node, old: Node, errors: FieldError[]): void {
  validateNodeAnnotations(metadata?.annotations, errors);
  validateAmounts(errors, status);
  validateFeatures(errors, status?.declaredFeatures ?? []);
  validateAddresses(errors, status?.addresses ?? []);
  validateRangeChange(errors, spec?.podCIDRs ?? [], old.spec?.podCIDRs ?? []);
  if (old.spec?.providerID && old.spec.providerID !== spec?.providerID)
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  validateTaints(errors, 'metadata.taints', spec?.taints ?? []);
  if ((spec?.externalID ?? '') !== (old.spec?.externalID ?? ''))
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

function validateAmounts(errors: FieldError[], status: NodeStatus | undefined): void {
  for (const list of ['capacity', 'allocatable'] as const)
    for (const [name, amount] of sortedEntries(status?.[list]))
      validateResourceAmount(errors, `status.${list}.${name}`, { name, amount });
}

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const featureRule =
  "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";

function validateFeatures(errors: FieldError[], names: readonly string[]): void {
  const field = 'status.declaredFeatures';
  for (const [i, name] of names.entries()) {
    const before = names[i - 1];
    if (before === name) errors.push(duplicate(`${field}[${i}]`, name));
    else if (before !== undefined && compareText(before, name) > 0)
      errors.push(invalid(`${field}[${i}]`, name, 'list must be sorted alphabetically'));
    const rule = name.length > 253 ? 'must be no more than 253 characters' : featureName.test(name) ? '' : featureRule;
    if (rule) errors.push(invalid(`${field}[${i}]`, name, `invalid feature name ${JSON.stringify(name)}: ${rule}`));
  }
}

function validateAddresses(errors: FieldError[], addresses: readonly NodeAddress[]): void {
  for (const [i, address] of addresses.entries())
    if (addresses.findIndex((one) => equal(one, address)) < i) {
      const value = new Verbatim(JSON.stringify({ Type: address.type, Address: address.address }));
      errors.push(duplicate(`status.addresses[${i}]`, value));
    }
}

function validateRanges(errors: FieldError[], ranges: readonly string[]): void {
  const valid = ranges.map((range, i) => validateCidr(errors, `spec.podCIDRs[${i}]`, range));
  if (ranges.length < 2) return;
  const wrong = valid.indexOf(false);
  const why = `invalid CIDR[${wrong}]: <nil> (invalid CIDR address: ${ranges[wrong]})`;
  const detail = `invalid PodCIDRs. failed to check with dual stack with error:${why}`;
  if (wrong >= 0) errors.push(internal('spec.podCIDRs', detail));
  const families = new Set(ranges.map((range) => range.includes(':')));
  if (wrong >= 0 || families.size < 2 || ranges.length > 2)
    errors.push(invalid('spec.podCIDRs', ranges, 'may specify no more than one CIDR for each IP family'));
}

/** One complaint for each range that differs. */
function validateRangeChange(errors: FieldError[], ranges: readonly string[], old: readonly string[]): void {
  if (old.length === 0) return;
  const changed = ranges.length === old.length ? old.filter((range, i) => range !== ranges[i]).length : 1;
  for (let i = 0; i < changed; i++)
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
}
