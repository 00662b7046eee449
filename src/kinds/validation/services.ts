// Services.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  Verbatim,
} from '../../api/field-error.ts';
import type { Service, ServicePort, ServiceSpec } from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, portNumber, qualifiedName } from '../../api/names.ts';
import { complain, oneOf, optionalOneOf, portNumberOrName } from './checks.ts';
import { validateEndpointIp } from './endpoint-slices.ts';
import { isIpv6, validateCidr, validateIp } from './ip-address.ts';
import { validateLabels } from './labels.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];
const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** Adds what is wrong with service. */
export function validateService(service: Service, errors: FieldError[], old?: Service): void {
  const spec = service.spec ?? {};
  validateTopology(errors, service);
  const ports = spec.ports ?? [];
  const headless = isHeadless(spec);
  if (ports.length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  validateType(errors, spec);
  const names = new Set<string>();
  for (const [i, port] of ports.entries())
    validatePort(errors, `spec.ports[${i}]`, { port, needsName: ports.length > 1, names });
  validateLabels(errors, 'spec.selector', spec.selector);
  oneOf(errors, 'spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']);
  validateAffinity(errors, 'spec.sessionAffinityConfig', spec);
  if (spec.type !== 'ExternalName') validateClusterIps(errors, spec, old?.spec?.clusterIPs);
  const known = old?.spec?.externalIPs ?? [];
  for (const [i, address] of (spec.externalIPs ?? []).entries())
    if (known.includes(address) || validateIp(errors, `spec.externalIPs[${i}]`, address))
      validateEndpointIp(errors, `spec.externalIPs[${i}]`, address);
  oneOf(errors, 'spec.type', spec.type, types);
  validateNodePorts(errors, spec, ports);
  validateLoadBalancer(errors, service, old);
  validateTraffic(errors, spec);
}

const topologyMode = 'service.kubernetes.io/topology-mode';
const topologyHints = 'service.kubernetes.io/topology-aware-hints';

/** An annotation that has two names. */
function validateTopology(errors: FieldError[], { metadata }: Service): void {
  const { [topologyMode]: mode, [topologyHints]: hints } = metadata?.annotations ?? {};
  if (mode === undefined || hints === undefined || mode === hints) return;
  const detail = `must match annotations[${topologyHints}] when both are specified`;
  errors.push(invalid(`metadata.annotations[${topologyMode}]`, mode, detail));
}

/** Adds what is wrong with changing a service so. */
export function validateServiceUpdate(service: Service, before: Service, errors: FieldError[]): void {
  const spec = service.spec ?? {};
  const old = before.spec ?? {};
  validateAddressesKept(errors, spec, old);
  validateFamiliesKept(errors, spec, old);
  validateClassKept(errors, spec, old);
  if (needsHealthCheck(spec) && needsHealthCheck(old) && spec.healthCheckNodePort !== old.healthCheckNodePort)
    errors.push(forbidden('spec.healthCheckNodePort', 'field is immutable'));
  validateService(service, errors, before);
}

function isHeadless({ clusterIPs }: ServiceSpec): boolean {
  return clusterIPs?.length === 1 && clusterIPs[0] === 'None';
}

function isOutside({ type, externalIPs }: ServiceSpec): boolean {
  return type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0);
}

function needsHealthCheck({ type, externalTrafficPolicy }: ServiceSpec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

/** Addresses stay once they are given out; a second one may come and, for a single stack, go. */
function validateAddressesKept(errors: FieldError[], spec: ServiceSpec, old: ServiceSpec): void {
  if (old.type === 'ExternalName' || spec.type === 'ExternalName' || (isHeadless(spec) && isHeadless(old))) return;
  const before = old.clusterIPs ?? [];
  const now = spec.clusterIPs ?? [];
  const place = 'spec.clusterIPs';
  if (before.length === now.length) {
    for (const [i, address] of before.entries())
      if (address !== now[i]) errors.push(invalid(`${place}[${i}]`, now, 'may not change once set'));
    return;
  }
  if (now.length === 0) errors.push(invalid(`${place}[0]`, null, 'primary clusterIP can not be unset'));
  else if (before.length > 0 && now[0] !== before[0])
    errors.push(invalid(`${place}[0]`, now, 'may not change once set'));
  if (before.length > now.length && now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, detail));
  }
}

/** The first family stays, the second may come and, for a single stack, go. */
function validateFamiliesKept(errors: FieldError[], spec: ServiceSpec, old: ServiceSpec): void {
  if (old.type === 'ExternalName' || spec.type === 'ExternalName' || isHeadless(spec) || isHeadless(old)) return;
  const before = old.ipFamilies ?? [];
  const now = spec.ipFamilies ?? [];
  const field = 'spec.ipFamilies[0]';
  if (before.length === now.length) {
    for (const [i, family] of before.entries())
      if (family !== now[i]) errors.push(invalid(field, now, 'may not change once set'));
    return;
  }
  const fewer = before.length > now.length;
  if (fewer && (spec.clusterIPs ?? []).length === 0)
    errors.push(invalid(field, now, 'primary ipFamily can not be unset'));
  if (now.length > 0 && before.length > 0 && now[0] !== before[0])
    errors.push(invalid(field, spec.clusterIPs ?? [], 'may not change once set'));
  if (fewer && now.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy ?? null, detail));
  }
}

function validateClassKept(errors: FieldError[], spec: ServiceSpec, old: ServiceSpec): void {
  const both = spec.type === 'LoadBalancer' && old.type === 'LoadBalancer';
  if (both && spec.loadBalancerClass !== old.loadBalancerClass)
    errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'));
  validateClass(errors, spec);
}

function validateClass(errors: FieldError[], spec: ServiceSpec): void {
  const name = spec.loadBalancerClass;
  if (name === undefined) return;
  if (spec.type !== 'LoadBalancer')
    errors.push(forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"));
  else complain(errors, 'spec.loadBalancerClass', name, qualifiedName(name));
}

function validateType(errors: FieldError[], spec: ServiceSpec): void {
  if (spec.type === 'LoadBalancer' || spec.type === 'NodePort') {
    if (isHeadless(spec))
      errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`));
  } else if (spec.type === 'ExternalName') {
    const refused = 'may not be set for ExternalName services';
    if ((spec.clusterIPs?.length ?? 0) > 0) errors.push(forbidden('spec.clusterIPs', refused));
    if ((spec.ipFamilies?.length ?? 0) > 0) errors.push(forbidden('spec.ipFamilies', refused));
    if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden('spec.ipFamilyPolicy', refused));
    const name = (spec.externalName ?? '').replace(/\.$/, '');
    if (name === '') errors.push(required('spec.externalName'));
    else complain(errors, 'spec.externalName', name, dns1123Subdomain(name));
  }
}

function validatePort(
  errors: FieldError[],
  field: string,
  { port, needsName, names }: { readonly port: ServicePort; readonly needsName: boolean; readonly names: Set<string> },
): void {
  const { name, protocol, targetPort, appProtocol } = port;
  if (name) {
    complain(errors, `${field}.name`, name, dns1123Label(name));
    if (names.has(name)) errors.push(duplicate(`${field}.name`, name));
    names.add(name);
  } else if (needsName) errors.push(required(`${field}.name`));
  complain(errors, `${field}.port`, port.port, portNumber(port.port));
  oneOf(errors, `${field}.protocol`, protocol, protocols);
  portNumberOrName(errors, `${field}.targetPort`, targetPort ?? 0);
  if (appProtocol !== undefined) complain(errors, `${field}.appProtocol`, appProtocol, qualifiedName(appProtocol));
}

function validateAffinity(errors: FieldError[], field: string, spec: ServiceSpec): void {
  const config = spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'None' && config)
    errors.push(forbidden(field, 'must not be set when session affinity is None'));
  if (spec.sessionAffinity !== 'ClientIP') return;
  if (!config) return void errors.push(required(field, 'when session affinity type is ClientIP'));
  if (!config.clientIP)
    return void errors.push(required(`${field}.clientIP`, 'when session affinity type is ClientIP'));
  const seconds = config.clientIP.timeoutSeconds;
  const place = `${field}.clientIP.timeoutSeconds`;
  if (seconds === undefined) errors.push(required(place, 'when session affinity type is ClientIP'));
  else if (seconds <= 0 || seconds > 86_400)
    errors.push(invalid(place, seconds, 'must be greater than 0 and less than 86400'));
}

/** What is wrong with a Service's own addresses, whatever the cluster has. */
export function validateClusterIps(errors: FieldError[], spec: ServiceSpec, known: readonly string[] = []): void {
  const { clusterIP = '', clusterIPs = [], ipFamilies = [] } = spec;
  const place = 'spec.clusterIPs';
  if (clusterIP === '') {
    if (clusterIPs.length > 0)
      errors.push(invalid(place, clusterIPs, 'must be empty when `clusterIP` is not specified'));
  } else if (clusterIPs.length === 0) errors.push(required(place));
  else if (clusterIPs[0] !== clusterIP) errors.push(invalid(place, clusterIPs, 'first value must match `clusterIP`'));
  for (const [i, family] of ipFamilies.entries()) {
    optionalOneOf(errors, `spec.ipFamilies[${i}]`, family, ['IPv4', 'IPv6']);
    if (ipFamilies.indexOf(family) < i) errors.push(duplicate(`spec.ipFamilies[${i}]`, family));
  }
  const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
  optionalOneOf(errors, 'spec.ipFamilyPolicy', spec.ipFamilyPolicy, policies);
  const before = errors.length;
  for (const [i, address] of clusterIPs.entries()) {
    if (known.includes(address)) continue;
    if (i > 0 || address !== 'None') validateIp(errors, `${place}[${i}]`, address);
    else if (clusterIPs.length > 1) errors.push(invalid(place, clusterIPs, "'None' must be the first and only value"));
  }
  const wrong = errors.length > before;
  if (clusterIPs.length > 2) errors.push(invalid(place, clusterIPs, 'may only hold up to 2 values'));
  if (wrong) return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(isIpv6)).size < 2)
    errors.push(invalid(place, clusterIPs, 'may specify no more than one IP for each IP family'));
  if (isHeadless(spec)) return;
  for (const [i, address] of clusterIPs.entries()) {
    const family = ipFamilies[i];
    if (family !== undefined && (family === 'IPv6') !== isIpv6(address)) {
      const detail = `expected an ${family} value as indicated by \`ipFamilies[${i}]\``;
      errors.push(invalid(`${place}[${i}]`, address, detail));
    }
  }
}

function validateNodePorts(errors: FieldError[], spec: ServiceSpec, ports: readonly ServicePort[]): void {
  if (spec.type === 'ClusterIP')
    for (const [i, { nodePort }] of ports.entries())
      if (nodePort) errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  const nodePorts = new Set<string>();
  for (const [i, { nodePort, protocol = '' }] of ports.entries()) {
    if (!nodePort) continue;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    nodePorts.add(key);
  }
  const seen = new Set<string>();
  for (const [i, { port, protocol = '' }] of ports.entries()) {
    const key = `${protocol}/${port}`;
    const shown = `{"Name":"","Protocol":"${protocol}","AppProtocol":null,"Port":${port},"TargetPort":0,"NodePort":0}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${i}]`, new Verbatim(shown)));
    seen.add(key);
  }
}

const rangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function validateLoadBalancer(errors: FieldError[], { spec = {}, metadata }: Service, old: Service | undefined): void {
  const only = "may only be used when `type` is 'LoadBalancer'";
  const balanced = spec.type === 'LoadBalancer';
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = metadata?.annotations?.[rangesAnnotation];
  if (ranges.length > 0) {
    if (!balanced) errors.push(forbidden('spec.LoadBalancerSourceRanges', only));
    const known = (old?.spec?.loadBalancerSourceRanges ?? []).map((range) => range.trim());
    for (const [i, range] of ranges.map((one) => one.trim()).entries())
      if (!known.includes(range)) validateCidr(errors, `spec.LoadBalancerSourceRanges[${i}]`, range);
  } else if (annotation !== undefined) {
    const field = `metadata.annotations[${rangesAnnotation}]`;
    if (!balanced) errors.push(forbidden(field, only));
    const same = old?.metadata?.annotations?.[rangesAnnotation] === annotation;
    if (!same && annotation.trim() !== '')
      for (const range of annotation.split(',')) validateCidr(errors, field, range.trim());
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !balanced)
    errors.push(forbidden('spec.allocateLoadBalancerNodePorts', only));
  validateClass(errors, spec);
}

function validateTraffic(errors: FieldError[], spec: ServiceSpec): void {
  const { externalTrafficPolicy = '', healthCheckNodePort = 0, internalTrafficPolicy, trafficDistribution } = spec;
  const outside = 'spec.externalTrafficPolicy';
  if (isOutside(spec)) oneOf(errors, outside, externalTrafficPolicy, ['Cluster', 'Local']);
  else if (externalTrafficPolicy !== '')
    errors.push(invalid(outside, externalTrafficPolicy, 'may only be set for externally-accessible services'));
  const check = 'spec.healthCheckNodePort';
  if (healthCheckNodePort !== 0 && needsHealthCheck(spec))
    complain(errors, check, healthCheckNodePort, portNumber(healthCheckNodePort));
  else if (healthCheckNodePort !== 0) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid(check, healthCheckNodePort, detail));
  }
  optionalOneOf(errors, 'spec.internalTrafficPolicy', internalTrafficPolicy, ['Cluster', 'Local']);
  const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
    errors.push(notSupported('spec.trafficDistribution', trafficDistribution, distributions));
}
