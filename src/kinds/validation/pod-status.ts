// What a kubelet, or who else writes it, may say in a pod's status.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../api/field-error.ts';
import type {
  Container,
  ContainerStatus,
  Pod,
  PodExtendedResourceClaimStatus,
  PodSpec,
  PodStatus,
} from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, inRange, qualifiedName } from '../../api/names.ts';
import { parseIp } from '../../base/ip-address.ts';
import { complain, immutable } from './checks.ts';
import { ipWarnings, validateIp } from './ip-address.ts';
import { validateAllocatedResources } from './pod-status-resources.ts';

/** Adds what is wrong with changing a pod's status so. */
export function validatePodStatus(pod: Pod, before: Pod, errors: FieldError[]): void {
  const { spec, status = {} } = pod;
  const old = before.status ?? {};
  if (!spec) return;
  validateConditions(errors, status);
  validateNominated(errors, status, before);
  const { observedGeneration = 0 } = status;
  if (observedGeneration < 0) errors.push(notNegative('status.observedGeneration', observedGeneration));
  immutable(errors, 'status.qosClass', status.qosClass ?? '', old.qosClass ?? '');
  validateStates(errors, status, { old, spec });
  validateClaims(errors, status, spec);
  if (status.extendedResourceClaimStatus) validateExtended(errors, status.extendedResourceClaimStatus, spec);
  validateIps(errors, 'status.podIPs', { ips: status.podIPs, old: old.podIPs });
  const [first] = status.hostIPs ?? [];
  if (first && first.ip !== (status.hostIP ?? ''))
    errors.push(invalid('status.hostIPs[0].ip', first.ip, 'must be equal to `hostIP`'));
  validateIps(errors, 'status.hostIPs', { ips: status.hostIPs, old: old.hostIPs });
  for (const list of lists) validateUsers(errors, `status.${list}`, { statuses: status[list], spec });
  validateAllocatedResources(errors, status, spec);
}

/** Addresses that are not written as they should be. */
export function podStatusWarnings({ status }: Pod): readonly string[] {
  const of = (field: string, ips: PodStatus['podIPs'] = []): readonly string[] =>
    ips.flatMap(({ ip }, i) => ipWarnings(`status.${field}[${i}].ip`, ip ?? ''));
  return [...of('podIPs', status?.podIPs), ...of('hostIPs', status?.hostIPs)];
}

const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** Those that kubelets and the scheduler write all the time. */
const knownConditions = new Set([
  'PodScheduled',
  'Ready',
  'Initialized',
  'ContainersReady',
  'PodReadyToStartContainers',
]);

function notNegative(field: string, value: number): FieldError {
  return invalid(field, value, 'must be a non-negative integer');
}

function validateConditions(errors: FieldError[], { conditions = [] }: PodStatus): void {
  for (const [i, { type, observedGeneration = 0 }] of conditions.entries()) {
    const at = `status.conditions[${i}]`;
    if (observedGeneration < 0) errors.push(notNegative(`${at}.observedGeneration`, observedGeneration));
    if (!knownConditions.has(type)) complain(errors, `${at}.Type`, type, qualifiedName(type));
  }
}

function validateNominated(errors: FieldError[], { nominatedNodeName: name = '' }: PodStatus, before: Pod): void {
  if (name === '' || name === before.status?.nominatedNodeName) return;
  const field = 'status.nominatedNodeName';
  complain(errors, field, name, dns1123Subdomain(name));
  if (before.spec?.nodeName) errors.push(forbidden(field, 'may not be set on pods that are already bound to a node'));
}

/** A container that has ended and is not to be restarted does not run again. */
function validateStates(
  errors: FieldError[],
  status: PodStatus,
  { old, spec }: { readonly old: PodStatus; readonly spec: PodSpec },
): void {
  const containers: readonly Container[] = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const restartsAll = containers.some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === 'RestartAllContainers'),
  );
  for (const list of lists) {
    const restartable = list !== 'ephemeralContainerStatuses';
    if (restartable && restartsAll) continue;
    for (const [i, { name, state }] of (old[list] ?? []).entries()) {
      if (!state?.terminated) continue;
      const now = status[list]?.find((one) => one.name === name);
      if (!now || now.state?.terminated) continue;
      const container = restartable ? containersOf(spec, list).find((one) => one.name === name) : undefined;
      if (!container || !restarts(container, { spec, exitCode: state.terminated.exitCode ?? 0 }))
        errors.push(forbidden(`status.${list}[${i}].state`, 'may not be transitioned to non-terminated state'));
    }
  }
}

function containersOf(spec: PodSpec, list: (typeof lists)[number]): readonly Container[] {
  return (list === 'initContainerStatuses' ? spec.initContainers : spec.containers) ?? [];
}

function restarts(
  { restartPolicy, restartPolicyRules = [] }: Container,
  { spec, exitCode }: { readonly spec: PodSpec; readonly exitCode: number },
): boolean {
  const rule = restartPolicyRules.find(({ exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    return exitCodes && (exitCodes.operator === 'In' ? listed : !listed);
  });
  if (rule) return rule.action === 'Restart' || rule.action === 'RestartAllContainers';
  const policy = restartPolicy ?? spec.restartPolicy;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

function validateClaims(errors: FieldError[], { resourceClaimStatuses = [] }: PodStatus, spec: PodSpec): void {
  const seen = new Set<string>();
  for (const [i, { name, resourceClaimName }] of resourceClaimStatuses.entries()) {
    const at = `status.resourceClaimStatuses[${i}]`;
    if (!spec.resourceClaims?.some((claim) => claim.name === name))
      errors.push(invalid(`${at}.name`, name, 'must match the name of an entry in `spec.resourceClaims`'));
    if (seen.has(name)) errors.push(duplicate(`${at}.name`, name));
    seen.add(name);
    if (resourceClaimName !== undefined)
      complain(errors, `${at}.resourceClaimName`, resourceClaimName, dns1123Subdomain(resourceClaimName));
  }
}

function validateExtended(errors: FieldError[], claim: PodExtendedResourceClaimStatus, spec: PodSpec): void {
  const field = 'status.extendedResourceClaimStatus';
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const { requestMappings: given, resourceClaimName } = claim;
  const requestMappings = given ?? [];
  if (requestMappings.length === 0)
    errors.push(required(`${field}.requestMappings`, 'at least one request mapping is required'));
  const seen = new Set<string>();
  for (const [i, { containerName, resourceName, requestName }] of requestMappings.entries()) {
    const at = `${field}.requestMappings[${i}]`;
    const container = containers.find(({ name }) => name === containerName);
    const among = 'spec.initContainers.resources.requests or spec.containers.resources.requests';
    if (!container) {
      const detail = 'must match the name of an entry in spec.initContainers.name or spec.containers.name';
      errors.push(invalid(`${at}.containerName`, containerName, detail));
    } else if (!Object.hasOwn(container.resources?.requests ?? {}, resourceName)) {
      const detail = `must match the extended resource name of an entry in ${among}`;
      errors.push(invalid(`${at}.resourceName`, resourceName, detail));
    }
    complain(errors, `${field}.requestName`, requestName, dns1123Label(requestName));
    const key = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(key))
      for (const [name, value] of Object.entries({ containerName, resourceName, requestName }))
        errors.push(duplicate(`${at}.${name}`, value));
    seen.add(key);
  }
  if (!resourceClaimName) errors.push(required(`${field}.resourceClaimName`));
  else complain(errors, `${field}.resourceClaimName`, resourceClaimName, dns1123Subdomain(resourceClaimName));
}

type Addresses = PodStatus['podIPs'];

/** At most one of each family. */
function validateIps(
  errors: FieldError[],
  field: string,
  { ips = [], old = [] }: { readonly ips: Addresses; readonly old: Addresses },
): void {
  if (ips === old) return;
  for (const [i, { ip }] of ips.entries())
    if (!old.some((one) => one.ip === ip)) validateIp(errors, `${field}[${i}]`, ip);
  if (ips.length < 2) return;
  const families = new Set(ips.map(({ ip = '' }) => parseIp(ip, { loose: true })?.bytes.length));
  if (ips.length === 2 && families.size === 2) return;
  const value = ips.map(({ ip = '' }) => ({ IP: ip }));
  errors.push(invalid(field, value, 'may specify no more than one IP for each IP family'));
}

const userMax = 2147483647;

function validateUsers(
  errors: FieldError[],
  field: string,
  { statuses = [], spec }: { readonly statuses: readonly ContainerStatus[] | undefined; readonly spec: PodSpec },
): void {
  for (const [i, { user }] of statuses.entries()) {
    if (!user?.linux) continue;
    const at = `${field}[${i}].user.linux`;
    if (spec.os?.name === 'windows') {
      errors.push(forbidden(at, 'cannot be set for a windows pod'));
      continue;
    }
    const { uid, gid, supplementalGroups = [] } = user.linux;
    complain(errors, `${at}.uid`, uid, inRange(uid, 0, userMax));
    complain(errors, `${at}.gid`, gid, inRange(gid, 0, userMax));
    for (const [j, group] of supplementalGroups.entries())
      complain(errors, `${at}.supplementalGroups[${j}]`, group, inRange(group, 0, userMax));
  }
}
