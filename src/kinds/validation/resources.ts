// Requests and limits of containers and pods.
import { type FieldError, forbidden, invalid, notSupported, required, Verbatim } from '../../api/field-error.ts';
import type { ResourceRequirements } from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { parseQuantity, type Quantity, quantityProblem } from '../../api/quantity.ts';
import { complain, sortedEntries } from './checks.ts';

const standardForContainers = ['cpu', 'memory', 'ephemeral-storage'];
const countable = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const standard = new Set([
  ...standardForContainers,
  ...standardForContainers.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  ...countable,
  'storage',
  'requests.storage',
]);

/** Checks the name of a resource at a place of its own. */
export type ResourceNameCheck = (errors: FieldError[], field: string, name: string) => void;

/** What containers ask for. `claims` are the names of the pod's resource claims. */
export function validateContainerResources(
  errors: FieldError[],
  field: string,
  { resources, claims }: { readonly resources: ResourceRequirements | undefined; readonly claims: ReadonlySet<string> },
): void {
  if (resources) validateRequirements(errors, field, { resources, claims, checkName: containerResourceName });
}

/** What a pod asks for as a whole. */
export function validatePodResources(errors: FieldError[], field: string, resources: ResourceRequirements): void {
  if (resources.claims !== undefined)
    errors.push(forbidden(`${field}.claims`, 'claims may not be set for Resources at pod-level'));
  validateRequirements(errors, field, { resources, claims: new Set(), checkName: podResourceName });
}

/** A quantity: not negative, whole where it counts objects. */
export function validateResourceAmount(
  errors: FieldError[],
  field: string,
  { name, amount }: { readonly name: string; readonly amount: string },
): Quantity | undefined {
  if (quantityProblem(amount) !== undefined) return undefined;
  const quantity = parseQuantity(amount);
  if (quantity.sign() < 0) errors.push(invalid(field, amount, 'must be greater than or equal to 0'));
  if (isWhole(name) && quantity.milliValue() % 1000 !== 0)
    errors.push(invalid(field, new Verbatim(JSON.stringify(amount)), 'must be an integer'));
  return quantity;
}

/** A name of a standard resource, or one with a domain. */
export function resourceName(errors: FieldError[], field: string, name: string): void {
  const complaints = qualifiedName(name);
  complain(errors, field, name, complaints);
  if (complaints.length > 0 || name.includes('/')) return;
  if (!standard.has(name) && !isHugePages(name) && !/^requests\.hugepages-/.test(name))
    errors.push(invalid(field, name, 'must be a standard resource type or fully qualified'));
}

/** Resources that containers may ask for. */
export function containerResourceName(errors: FieldError[], field: string, name: string): void {
  resourceName(errors, field, name);
  if (!name.includes('/')) {
    if (!standardForContainers.includes(name) && !isHugePages(name))
      errors.push(invalid(field, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtendedResource(name))
    errors.push(invalid(field, name, "doesn't follow extended resource name standard"));
}

function podResourceName(errors: FieldError[], field: string, name: string): void {
  const before = errors.length;
  resourceName(errors, field, name);
  if (errors.length === before && name !== 'cpu' && name !== 'memory' && !isHugePages(name))
    errors.push(notSupported(field, name, ['cpu', 'hugepages-', 'memory']));
}

function validateRequirements(
  errors: FieldError[],
  field: string,
  given: {
    readonly resources: ResourceRequirements;
    readonly claims: ReadonlySet<string>;
    readonly checkName: ResourceNameCheck;
  },
): void {
  const { resources, checkName } = given;
  const limits = resources.limits ?? {};
  const requests = resources.requests ?? {};
  for (const [name, amount] of sortedEntries(limits)) {
    checkName(errors, `${field}.limits[${name}]`, name);
    const quantity = validateResourceAmount(errors, `${field}.limits[${name}]`, { name, amount });
    if (quantity) hugePagesFit(errors, `${field}.limits[${name}]`, { name, amount, quantity });
  }
  for (const [name, amount] of sortedEntries(requests)) {
    checkName(errors, `${field}.requests[${name}]`, name);
    const quantity = validateResourceAmount(errors, `${field}.requests[${name}]`, { name, amount });
    if (!quantity) continue;
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    if (limit !== undefined) compareToLimit(errors, `${field}.requests`, { name, amount, quantity, limit });
    else if (!mayOvercommit(name))
      errors.push(required(`${field}.limits`, 'Limit must be set for non overcommitable resources'));
    hugePagesFit(errors, `${field}.requests[${name}]`, { name, amount, quantity });
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory'))
    errors.push(forbidden(field, 'HugePages require cpu or memory'));
  validateClaims(errors, `${field}.claims`, given);
}

interface Amount {
  readonly name: string;
  readonly amount: string;
  readonly quantity: Quantity;
}

function compareToLimit(
  errors: FieldError[],
  field: string,
  { name, amount, quantity, limit }: Amount & { readonly limit: string },
): void {
  if (quantityProblem(limit) !== undefined) return;
  const order = quantity.compare(parseQuantity(limit));
  if (order !== 0 && !mayOvercommit(name))
    errors.push(invalid(field, amount, `must be equal to ${name} limit of ${limit}`));
  else if (order > 0) errors.push(invalid(field, amount, `must be less than or equal to ${name} limit of ${limit}`));
}

function hugePagesFit(errors: FieldError[], field: string, { name, amount, quantity }: Amount): void {
  if (!isHugePages(name)) return;
  const size = name.slice('hugepages-'.length);
  if (quantityProblem(size) !== undefined) return;
  const page = parseQuantity(size).nanos;
  if (page <= 0n || quantity.nanos <= 0n || quantity.nanos % page !== 0n)
    errors.push(invalid(field, amount, `${amount} is not positive integer multiple of ${name}`));
}

function validateClaims(
  errors: FieldError[],
  field: string,
  { resources, claims }: { readonly resources: ResourceRequirements; readonly claims: ReadonlySet<string> },
): void {
  for (const [i, { name }] of (resources.claims ?? []).entries()) {
    if (!name) errors.push(required(`${field}[${i}]`));
    else if (!claims.has(name)) {
      const which = claims.size === 0 ? ' which is empty' : `: ${[...claims].sort().join(', ')}`;
      const body = `Not found: ${JSON.stringify(name)}: must be one of the names in pod.spec.resourceClaims${which}`;
      errors.push({ type: 'FieldValueNotFound', field: `${field}[${i}]`, body });
    }
  }
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** Whether it is a resource that Kubernetes does not know, with a name that quotas can count. */
export function isExtendedResource(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;
}

/** Whether more of it may be promised than there is. */
export function mayOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

function isWhole(name: string): boolean {
  return countable.includes(name) || (!isNative(name) && !name.startsWith('requests.'));
}
