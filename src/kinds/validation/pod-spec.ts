// The spec of a pod, by itself or in a template.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
  tooLong,
} from '../../api/field-error.ts';
import type { PodSpec } from '../../api/generated/types.ts';
import {
  dns1123Label,
  dns1123Subdomain,
  dns1123SubdomainWithUnderscore,
  inRange,
  qualifiedName,
} from '../../api/names.ts';
import { internalForm } from '../internal-form.ts';
import { remember } from '../share.ts';
import { validateAffinity, validateSpreading, validateTolerations } from './affinity.ts';
import { complain, oneOf, optionalOneOf, shown } from './checks.ts';
import { validateContainers } from './containers.ts';
import { validateIp } from './ip-address.ts';
import { validateLabels } from './labels.ts';
import { validateForSystem } from './operating-systems.ts';
import { validateRoomForContainers } from './pod-resources.ts';
import { validateContainerResources, validatePodResources } from './resources.ts';
import { validateHostUsers, validatePodSecurityContext } from './security-context.ts';
import { validateVolumes } from './volumes.ts';

/** Adds what is wrong with a spec. It is found out once for each spec: a thousand replicas share one. */
export function validatePodSpec(
  errors: FieldError[],
  field: string,
  { spec, inPod }: { readonly spec: PodSpec; readonly inPod: boolean },
): void {
  for (const problem of inPod ? podProblems(spec) : templateProblems(spec))
    errors.push({ ...problem, field: `${field}${problem.field}` });
}

const podProblems = remember((spec: PodSpec) => problemsOf(spec, true));
const templateProblems = remember((spec: PodSpec) => problemsOf(spec, false));

/** With fields relative to the spec: `.containers[0].name`. */
function problemsOf(spec: PodSpec, inPod: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required('.terminationGracePeriodSeconds'));
  const volumes = validateVolumes(errors, '.volumes', { volumes: spec.volumes ?? [], inPod });
  validateResourceClaims(errors, spec);
  validateContainers(errors, '', { spec, volumes });
  if (spec.resources && spec.os?.name === 'windows')
    errors.push(forbidden('.resources', 'may not be set for a windows pod'));
  else if (spec.resources) {
    validatePodResources(errors, '.resources', spec.resources);
    validateRoomForContainers(errors, spec);
  }
  validateHostNetwork(errors, spec, inPod);
  oneOf(errors, '.restartPolicy', spec.restartPolicy, ['Always', 'OnFailure', 'Never']);
  oneOf(errors, '.dnsPolicy', spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);
  validateLabels(errors, '.nodeSelector', spec.nodeSelector);
  validatePodSecurityContext(errors, '.securityContext', spec);
  validateAffinity(errors, '.affinity', spec.affinity);
  validateDns(errors, spec);
  for (const [i, { conditionType }] of (spec.readinessGates ?? []).entries())
    complain(errors, `.readinessGates[${i}].conditionType`, conditionType, qualifiedName(conditionType));
  validateGates(errors, spec);
  validateSpreading(errors, '.topologySpreadConstraints', spec.topologySpreadConstraints ?? []);
  validateHostUsers(errors, '', spec);
  validateHostname(errors, spec);
  validateNames(errors, spec);
  validateRest(errors, spec);
  validateFileReferences(errors, spec);
  return errors;
}

function validateHostNetwork(errors: FieldError[], spec: PodSpec, inPod: boolean): void {
  if (!spec.hostNetwork) return;
  for (const [i, { ports = [] }] of (spec.containers ?? []).entries())
    for (const [j, { hostPort = 0, containerPort }] of ports.entries())
      if ((inPod || hostPort !== 0) && hostPort !== containerPort) {
        const detail = 'must match `containerPort` when `hostNetwork` is true';
        errors.push(invalid(`.containers[${i}].ports[${j}].hostPort`, hostPort, detail));
      }
}

function validateDns(errors: FieldError[], { dnsPolicy, dnsConfig }: PodSpec): void {
  if (dnsPolicy === 'None') {
    if (!dnsConfig)
      return void errors.push(required('.dnsConfig', 'must provide `dnsConfig` when `dnsPolicy` is None'));
    if ((dnsConfig.nameservers?.length ?? 0) === 0) {
      const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return void errors.push(required('.dnsConfig.nameservers', detail));
    }
  }
  if (!dnsConfig) return;
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  const place = '.dnsConfig.nameservers';
  if (nameservers.length > 3) errors.push(invalid(place, nameservers, 'must not have more than 3 nameservers'));
  for (const [i, address] of nameservers.entries()) validateIp(errors, `${place}[${i}]`, address);
  const many = '.dnsConfig.searches';
  if (searches.length > 32) errors.push(invalid(many, searches, 'must not have more than 32 search paths'));
  if (searches.join(' ').length > 2048)
    errors.push(
      invalid(many, searches, 'must not have more than 2048 characters (including spaces) in the search list'),
    );
  for (const [i, search] of searches.entries()) {
    const name = search.replace(/\.$/, '');
    if (search !== '.') complain(errors, `${many}[${i}]`, name, dns1123SubdomainWithUnderscore(name));
  }
  for (const [i, { name }] of options.entries())
    if (!name) errors.push(required(`.dnsConfig.options[${i}]`, 'must not be empty'));
}

function validateGates(errors: FieldError[], { schedulingGates = [] }: PodSpec): void {
  const seen = new Set<string>();
  for (const [i, { name }] of schedulingGates.entries()) {
    complain(errors, `.schedulingGates[${i}]`, name, qualifiedName(name));
    if (seen.has(name)) errors.push(duplicate(`.schedulingGates[${i}]`, name));
    seen.add(name);
  }
}

function validateHostname(errors: FieldError[], spec: PodSpec): void {
  const { hostnameOverride: name, setHostnameAsFQDN, hostNetwork } = spec;
  if (name === undefined) return;
  const field = '.hostnameOverride';
  if (setHostnameAsFQDN) errors.push(forbidden(field, 'may not be specified when setHostnameAsFQDN is true'));
  if (hostNetwork) errors.push(forbidden(field, 'may not be specified when hostNetwork is true'));
  if (name.length > 64) errors.push(tooLong(field, 64));
  complain(errors, field, name, dns1123Subdomain(name));
}

function validateResourceClaims(errors: FieldError[], { resourceClaims = [] }: PodSpec): void {
  const names = new Set<string>();
  for (const [i, claim] of resourceClaims.entries()) {
    const { name, resourceClaimName: own, resourceClaimTemplateName: template } = claim;
    const at = `.resourceClaims[${i}]`;
    if (!name) errors.push(required(`${at}.name`));
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else complain(errors, `${at}.name`, name, dns1123Label(name));
    names.add(name);
    const which =
      own !== undefined && template !== undefined
        ? 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'
        : own === undefined && template === undefined
          ? 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'
          : undefined;
    if (which) errors.push(invalid(at, internalForm('PodResourceClaim', claim), which));
    if (own !== undefined) complain(errors, `${at}.resourceClaimName`, own, dns1123Subdomain(own));
    if (template !== undefined)
      complain(errors, `${at}.resourceClaimTemplateName`, template, dns1123Subdomain(template));
  }
}

function validateNames(errors: FieldError[], spec: PodSpec): void {
  const { serviceAccountName, nodeName, activeDeadlineSeconds, hostname, subdomain } = spec;
  if (serviceAccountName)
    complain(errors, '.serviceAccountName', serviceAccountName, dns1123Subdomain(serviceAccountName));
  if (nodeName) complain(errors, '.nodeName', nodeName, dns1123Subdomain(nodeName));
  if (activeDeadlineSeconds !== undefined)
    complain(errors, '.activeDeadlineSeconds', activeDeadlineSeconds, inRange(activeDeadlineSeconds, 1, 2147483647));
  if (hostname) complain(errors, '.hostname', hostname, dns1123Label(hostname));
  if (subdomain) complain(errors, '.subdomain', subdomain, dns1123Label(subdomain));
}

function validateRest(errors: FieldError[], spec: PodSpec): void {
  const { priorityClassName, runtimeClassName, os } = spec;
  validateTolerations(errors, '.tolerations', spec.tolerations ?? []);
  for (const [i, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    validateIp(errors, `.hostAliases[${i}].ip`, ip);
    for (const [j, name] of hostnames.entries())
      complain(errors, `.hostAliases[${i}].hostnames[${j}]`, name, dns1123Subdomain(name));
  }
  if (priorityClassName) complain(errors, '.priorityClassName', priorityClassName, dns1123Subdomain(priorityClassName));
  if (runtimeClassName !== undefined)
    complain(errors, '.runtimeClassName', runtimeClassName, dns1123Subdomain(runtimeClassName));
  optionalOneOf(errors, '.preemptionPolicy', spec.preemptionPolicy, ['PreemptLowerPriority', 'Never']);
  if (spec.overhead)
    validateContainerResources(errors, '.overhead', { resources: { limits: spec.overhead }, claims: new Set() });
  if (os && !os.name) errors.push(required('.os.name'));
  else if (os && os.name !== 'linux' && os.name !== 'windows')
    errors.push(notSupported('.os', os.name, ['linux', 'windows']));
  else validateForSystem(errors, spec);
}

function validateFileReferences(errors: FieldError[], spec: PodSpec): void {
  const lists = { initContainers: spec.initContainers ?? [], containers: spec.containers ?? [] };
  for (const [list, containers] of Object.entries(lists))
    for (const [i, { env = [] }] of containers.entries())
      for (const [j, { valueFrom }] of env.entries()) {
        const name = valueFrom?.fileKeyRef?.volumeName;
        if (name === undefined) continue;
        const place = `.${list}[${i}].env[${j}].valueFrom.fileKeyRef.volumeName`;
        const volume = spec.volumes?.find((one) => one.name === name);
        if (!volume) errors.push(notFound(place, name));
        else if (!volume.emptyDir)
          errors.push(invalid(place, shown(name), 'referenced volume must be of type emptyDir'));
      }
}
