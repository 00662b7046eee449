// Ingresses.
import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  HTTPIngressPath,
  HTTPIngressRuleValue,
  Ingress,
  IngressBackend,
  IngressTLS,
} from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, portName, portNumber, wildcardDns1123Subdomain } from '../../api/names.ts';
import { complain, require, requireName, shown } from './checks.ts';
import { isIp, validateIp } from './ip-address.ts';

/** The annotation that named the class before there was a field. */
export const oldClass = 'kubernetes.io/ingress.class';

/** What the old object had wrong already, which is let be. */
interface Leniency {
  /** Whatever stands below a host with a wildcard. */
  readonly wildcardRules: boolean;
  readonly secretNames: boolean;
}

/** Adds what is wrong with ingress. */
export function validateIngress(ingress: Ingress, errors: FieldError[]): void {
  validateSpec(errors, ingress, { wildcardRules: false, secretNames: false });
  const named = ingress.metadata?.annotations?.[oldClass];
  const { ingressClassName } = ingress.spec ?? {};
  if (named !== undefined && ingressClassName !== undefined && named !== ingressClassName)
    errors.push(invalid(`annotations.${oldClass}`, named, 'must match `ingressClassName` when both are specified'));
}

/** Adds what is wrong with changing an ingress so. */
export function validateIngressUpdate(ingress: Ingress, old: Ingress, errors: FieldError[]): void {
  const { rules = [], tls = [] } = old.spec ?? {};
  const wildcardRules = rules.some(({ host, http }) => {
    const found: FieldError[] = [];
    if (http && host?.includes('*')) validateHttp(found, '', http);
    return found.length > 0;
  });
  const secretNames = tls.some(({ secretName }) => secretName && dns1123Subdomain(secretName).length > 0);
  validateSpec(errors, ingress, { wildcardRules, secretNames });
}

/** Adds what is wrong with changing an ingress' status so. */
export function validateIngressStatus({ status }: Ingress, old: Ingress, errors: FieldError[]): void {
  const known = old.status?.loadBalancer?.ingress?.map(({ ip }) => ip) ?? [];
  for (const [i, { ip, hostname }] of (status?.loadBalancer?.ingress ?? []).entries()) {
    const at = `status.loadBalancer.ingress[${i}]`;
    if (ip && !known.includes(ip)) validateIp(errors, `${at}.ip`, ip);
    if (!hostname) continue;
    complain(errors, `${at}.hostname`, hostname, dns1123Subdomain(hostname));
    if (isIp(hostname)) errors.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
  }
}

function validateSpec(errors: FieldError[], { spec }: Ingress, leniency: Leniency): void {
  const rules = spec?.rules ?? [];
  if (rules.length === 0 && !spec?.defaultBackend)
    errors.push(invalid('spec', shown(spec?.rules ?? null), 'either `defaultBackend` or `rules` must be specified'));
  if (spec?.defaultBackend) validateBackend(errors, 'spec.defaultBackend', spec.defaultBackend);
  for (const [i, { host, http }] of rules.entries()) {
    if (host) validateHost(errors, `spec.rules[${i}].host`, host);
    if (http && !(leniency.wildcardRules && host?.includes('*'))) validateHttp(errors, `spec.rules[${i}].http`, http);
  }
  for (const [i, tls] of (spec?.tls ?? []).entries()) validateTls(errors, `spec.tls[${i}]`, { ...tls, ...leniency });
  const name = spec?.ingressClassName;
  if (name !== undefined) complain(errors, 'spec.ingressClassName', name, dns1123Subdomain(name));
}

function validateTls(errors: FieldError[], field: string, tls: IngressTLS & Leniency): void {
  const { hosts = [], secretName, secretNames } = tls;
  for (const [i, host] of hosts.entries()) complain(errors, `${field}.hosts[${i}]`, host, hostComplaints(host));
  if (secretName && !secretNames) complain(errors, `${field}.secretName`, secretName, dns1123Subdomain(secretName));
}

function validateHost(errors: FieldError[], field: string, host: string): void {
  if (isIp(host)) errors.push(invalid(field, host, 'must be a DNS name, not an IP address'));
  complain(errors, field, host, hostComplaints(host));
}

function hostComplaints(host: string): readonly string[] {
  return host.includes('*') ? wildcardDns1123Subdomain(host) : dns1123Subdomain(host);
}

function validateHttp(errors: FieldError[], field: string, { paths }: HTTPIngressRuleValue): void {
  // The schema says that there are paths; a user may still leave them out.
  const given = paths ?? [];
  if (given.length === 0) errors.push(required(`${field}.paths`));
  for (const [i, path] of given.entries()) validatePath(errors, `${field}.paths[${i}]`, path);
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
