// Ingresses, their classes, and NetworkPolicies.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, portName, portNumber, wildcardDns1123Subdomain } from '../../api/names.ts';
import { complain, immutable, portNumberOrName, require, requireName, shown } from './checks.ts';
import { isIp, validateCidr } from './ip-address.ts';
import { validateSelector } from './labels.ts';

/** The annotation that named the class before there was a field. */
export const oldClass = 'kubernetes.io/ingress.class';

/** Adds what is wrong with ingress. */
export function validateIngress(ingress: Ingress, errors: FieldError[]): void {
  validateIngressSpec(ingress, errors);
  const named = ingress.metadata?.annotations?.[oldClass];
  const { ingressClassName } = ingress.spec ?? {};
  if (named !== undefined && ingressClassName !== undefined && named !== ingressClassName)
    errors.push(invalid(`annotations.${oldClass}`, named, 'must match `ingressClassName` when both are specified'));
}

/** As for a new one, but an old annotation is let be. */
export function validateIngressSpec({ spec }: Ingress, errors: FieldError[]): void {
  const rules = spec?.rules ?? [];
  if (rules.length === 0 && !spec?.defaultBackend)
    errors.push(invalid('spec', shown(spec?.rules ?? null), 'either `defaultBackend` or `rules` must be specified'));
  if (spec?.defaultBackend) validateBackend(errors, 'spec.defaultBackend', spec.defaultBackend);
  for (const [i, { host, http }] of rules.entries()) {
    if (host) validateHost(errors, `spec.rules[${i}].host`, host);
    if (!http) continue;
    const at = `spec.rules[${i}].http.paths`;
    if ((http.paths ?? []).length === 0) errors.push(required(at));
    for (const [j, path] of (http.paths ?? []).entries()) validatePath(errors, `${at}[${j}]`, path);
  }
  for (const [i, { hosts = [], secretName }] of (spec?.tls ?? []).entries()) {
    for (const [j, host] of hosts.entries()) {
      const complaints = host.includes('*') ? wildcardDns1123Subdomain(host) : dns1123Subdomain(host);
      complain(errors, `spec.tls[${i}].hosts[${j}]`, host, complaints);
    }
    if (secretName) complain(errors, `spec.tls[${i}].secretName`, secretName, dns1123Subdomain(secretName));
  }
  const name = spec?.ingressClassName;
  if (name !== undefined) complain(errors, 'spec.ingressClassName', name, dns1123Subdomain(name));
}

/** Adds what is wrong with ingress class. */
export function validateIngressClass({ spec }: IngressClass, errors: FieldError[]): void {
  const { controller = '', parameters } = spec ?? {};
  if (controller.length > 250)
    errors.push({
      type: 'FieldValueTooLong',
      field: 'spec.controller',
      body: 'Too long: may not be more than 250 bytes',
    });
  const [domain = '', ...path] = controller.split('/');
  if (controller !== '' && path.length === 0)
    errors.push(invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else if (controller !== '') complain(errors, 'spec.controller', domain, dns1123Subdomain(domain));
  if (!parameters) return;
  require(errors, 'spec.parameters.kind', parameters.kind);
  require(errors, 'spec.parameters.name', parameters.name);
  const { scope = '', namespace } = parameters;
  if (scope !== 'Cluster' && scope !== 'Namespace')
    errors.push(notSupported('spec.parameters.scope', scope, ['Cluster', 'Namespace']));
  else if (scope === 'Namespace' && !namespace)
    errors.push(required('spec.parameters.namespace', "`parameters.scope` is set to 'Namespace'"));
  else if (scope === 'Cluster' && namespace)
    errors.push(forbidden('spec.parameters.namespace', "`parameters.scope` is set to 'Cluster'"));
}

/** Adds what is wrong with changing an ingress class so. */
export function validateIngressClassUpdate(one: IngressClass, old: IngressClass, errors: FieldError[]): void {
  immutable(errors, 'spec.controller', one.spec?.controller, old.spec?.controller);
  validateIngressClass(one, errors);
}

/** Adds what is wrong with network policy. */
export function validateNetworkPolicy({ spec }: NetworkPolicy, errors: FieldError[]): void {
  if (!spec) return;
  validateSelector(errors, 'spec.podSelector', spec.podSelector);
  for (const [i, { ports = [], from = [] }] of (spec.ingress ?? []).entries())
    validateTraffic(errors, `spec.ingress[${i}]`, { ports, peers: from, name: 'from' });
  for (const [i, { ports = [], to = [] }] of (spec.egress ?? []).entries())
    validateTraffic(errors, `spec.egress[${i}]`, { ports, peers: to, name: 'to' });
  const types = spec.policyTypes ?? [];
  if (types.length > 2)
    return void errors.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'));
  for (const [i, type] of types.entries())
    if (type !== 'Ingress' && type !== 'Egress')
      errors.push(notSupported(`spec.policyTypes[${i}]`, type, ['Ingress', 'Egress']));
}

function validateTraffic(
  errors: FieldError[],
  field: string,
  given: {
    readonly ports: readonly NetworkPolicyPort[];
    readonly peers: readonly NetworkPolicyPeer[];
    readonly name: string;
  },
): void {
  for (const [i, port] of given.ports.entries()) validatePolicyPort(errors, `${field}.ports[${i}]`, port);
  for (const [i, peer] of given.peers.entries()) validatePeer(errors, `${field}.${given.name}[${i}]`, peer);
}

function validatePolicyPort(errors: FieldError[], field: string, { port, endPort, protocol }: NetworkPolicyPort): void {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  if (protocol !== undefined && !protocols.includes(protocol))
    errors.push(notSupported(`${field}.protocol`, protocol, protocols));
  const place = `${field}.endPort`;
  if (typeof port === 'number') {
    portNumberOrName(errors, `${field}.port`, port);
    if (endPort === undefined) return;
    if (endPort < port) errors.push(invalid(place, port, 'must be greater than or equal to `port`'));
    complain(errors, place, endPort, portNumber(endPort));
  } else {
    const what = port === undefined ? 'not specified' : 'non-numeric';
    if (endPort !== undefined) errors.push(invalid(place, endPort, `may not be specified when \`port\` is ${what}`));
    if (port !== undefined) portNumberOrName(errors, `${field}.port`, port);
  }
}

function validatePeer(errors: FieldError[], field: string, peer: NetworkPolicyPeer): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  validateSelector(errors, `${field}.podSelector`, podSelector);
  validateSelector(errors, `${field}.namespaceSelector`, namespaceSelector);
  if (ipBlock && require(errors, `${field}.ipBlock.cidr`, ipBlock.cidr)) {
    validateCidr(errors, `${field}.ipBlock.cidr`, ipBlock.cidr);
    for (const [i, range] of (ipBlock.except ?? []).entries())
      validateCidr(errors, `${field}.ipBlock.except[${i}]`, range);
  }
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(field, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector))
    errors.push(forbidden(field, 'may not specify both ipBlock and another peer'));
}

function validateHost(errors: FieldError[], field: string, host: string): void {
  if (isIp(host)) errors.push(invalid(field, host, 'must be a DNS name, not an IP address'));
  complain(errors, field, host, host.includes('*') ? wildcardDns1123Subdomain(host) : dns1123Subdomain(host));
}

function validatePath(errors: FieldError[], field: string, { path = '', pathType, backend }: HTTPIngressPath): void {
  if (pathType === undefined) return void errors.push(required(`${field}.pathType`, 'pathType must be specified'));
  const place = `${field}.path`;
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!path.startsWith('/')) errors.push(invalid(place, path, 'must be an absolute path'));
    for (const part of ['//', '/./', '/../', '%2f', '%2F'])
      if (path.includes(part)) errors.push(invalid(place, path, `must not contain '${part}'`));
    for (const end of ['/..', '/.'])
      if (path.endsWith(end)) errors.push(invalid(place, path, `cannot end with '${end}'`));
  } else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) errors.push(invalid(place, path, 'must be an absolute path'));
  } else errors.push(notSupported(`${field}.pathType`, pathType, ['Exact', 'ImplementationSpecific', 'Prefix']));
  validateBackend(errors, `${field}.backend`, backend);
}

function validateBackend(errors: FieldError[], field: string, { service, resource }: IngressBackend): void {
  if (service && resource) return void errors.push(invalid(field, '', 'cannot set both resource and service backends'));
  if (resource) {
    require(errors, `${field}.resource.kind`, resource.kind);
    require(errors, `${field}.resource.name`, resource.name);
    return;
  }
  if (!service) return void errors.push(invalid(field, '', 'resource or service backend is required'));
  requireName(errors, `${field}.service.name`, { name: service.name, valid: dns1123Label });
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(invalid(field, '', 'cannot set both port name & port number'));
  else if (name) complain(errors, `${field}.service.port.name`, name, portName(name));
  else if (number) complain(errors, `${field}.service.port.number`, number, portNumber(number));
  else errors.push(required(field, 'port name or number is required'));
}
