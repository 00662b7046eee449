// What a pod's status says about devices and other resources that its containers were given.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../api/field-error.ts';
import type {
  Container,
  ContainerStatus,
  NodeAllocatableResourceClaimStatus,
  PodSpec,
  PodStatus,
  ResourceStatus,
} from '../../api/generated/types.ts';
import { parseQuantity } from '../../api/quantity.ts';

/** Adds what is wrong with it. */
export function validateAllocatedResources(errors: FieldError[], status: PodStatus, spec: PodSpec): void {
  for (const [i, claim] of (status.nodeAllocatableResourceClaimStatuses ?? []).entries())
    validateNodeClaim(errors, `status.nodeAllocatableResourceClaimStatuses[${i}]`, { claim, status, spec });
  validateContainers(errors, 'status.containerStatuses', status.containerStatuses, spec.containers);
  validateContainers(errors, 'status.initContainerStatuses', status.initContainerStatuses, spec.initContainers);
  for (const [i, { allocatedResourcesStatus }] of (status.ephemeralContainerStatuses ?? []).entries())
    if (allocatedResourcesStatus && allocatedResourcesStatus.length > 0) {
      const field = `status.ephemeralContainerStatuses[${i}].allocatedResourcesStatus`;
      errors.push(forbidden(field, 'must not be specified in container status'));
    }
}

function validateNodeClaim(
  errors: FieldError[],
  field: string,
  given: {
    readonly claim: NodeAllocatableResourceClaimStatus;
    readonly status: PodStatus;
    readonly spec: PodSpec;
  },
): void {
  const { claim, status, spec } = given;
  const { resourceClaimName: name, containers = [] } = claim;
  const resources = claim.resources ?? {};
  const place = `${field}.resourceClaimName`;
  if (!name) errors.push(required(place, 'must not be empty'));
  const named = [...(spec.resourceClaims ?? []), ...(status.resourceClaimStatuses ?? [])];
  if (!named.some(({ resourceClaimName }) => resourceClaimName === name))
    errors.push(invalid(place, name, 'no mapping found in pod reference'));
  if (containers.length === 0) errors.push(required(`${field}.containers`, 'must not be empty'));
  if (Object.keys(resources).length === 0) errors.push(required(`${field}.resources`, 'must not be empty'));
  for (const [key, quantity] of Object.entries(resources)) {
    const at = `${field}.resources[${key}]`;
    if (key.includes('/') && !key.includes('kubernetes.io/'))
      errors.push(invalid(at, key, 'must be a node allocatable resource name'));
    if (parseQuantity(quantity).sign() < 0) errors.push(invalid(at, quantity, 'must be non-negative'));
  }
}

function validateContainers(
  errors: FieldError[],
  field: string,
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Container[] = [],
): void {
  for (const [i, { name, allocatedResourcesStatus }] of (statuses ?? []).entries()) {
    if (!allocatedResourcesStatus) continue;
    const container = containers.find((one) => one.name === name);
    for (const [j, allocated] of allocatedResourcesStatus.entries()) {
      const at = `${field}[${i}].allocatedResourcesStatus[${j}]`;
      if (container) validateName(errors, `${at}.name`, allocated.name, container);
      validateHealth(errors, `${at}.resources`, allocated);
    }
  }
}

function validateName(errors: FieldError[], field: string, name: string, { resources }: Container): void {
  const format = "in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
  if (!name.startsWith('claim:')) {
    if (!Object.hasOwn(resources?.requests ?? {}, name))
      errors.push(invalid(field, name, "must match one of the container's resource requests"));
    return;
  }
  const claims = resources?.claims?.map((claim) => `claim:${claim.name}${claim.request ? `/${claim.request}` : ''}`);
  if (!claims?.includes(name))
    errors.push(invalid(field, name, `must match one of the container's resource claims ${format}`));
}

const healths = ['Healthy', 'Unhealthy', 'Unknown'];
const messageBytesMax = 1024;

function validateHealth(errors: FieldError[], field: string, { resources = [] }: ResourceStatus): void {
  const seen = new Set<string>();
  for (const [i, { resourceID, health = '', message }] of resources.entries()) {
    const at = `${field}[${i}]`;
    if (!healths.includes(health)) errors.push(notSupported(`${at}.health`, health, healths));
    if (message === '') errors.push(required(`${at}.message`, 'must be non-empty if specified'));
    else if (message !== undefined && message.length > messageBytesMax)
      errors.push(tooLong(`${at}.message`, messageBytesMax));
    if (seen.has(resourceID)) errors.push(duplicate(`${at}.resourceID`, resourceID));
    seen.add(resourceID);
  }
}
