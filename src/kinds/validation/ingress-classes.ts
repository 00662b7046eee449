// IngressClasses.
import { type FieldError, forbidden, notSupported, required, tooLong } from '../../api/field-error.ts';
import type { IngressClass, IngressClassParametersReference } from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, pathSegmentName } from '../../api/names.ts';
import { complain, immutable, requireName } from './checks.ts';
import { domainPrefixedPath } from './paths.ts';

const controllerBytesMax = 250;

/** Adds what is wrong with ingress class. */
export function validateIngressClass({ spec }: IngressClass, errors: FieldError[]): void {
  const { controller = '', parameters } = spec ?? {};
  if (controller.length > controllerBytesMax) errors.push(tooLong('spec.controller', controllerBytesMax));
  domainPrefixedPath(errors, 'spec.controller', controller);
  if (parameters) validateParameters(errors, 'spec.parameters', parameters);
}

/** Adds what is wrong with changing an ingress class so. */
export function validateIngressClassUpdate(one: IngressClass, old: IngressClass, errors: FieldError[]): void {
  immutable(errors, 'spec.controller', one.spec?.controller ?? '', old.spec?.controller ?? '');
  validateIngressClass(one, errors);
}

function validateParameters(errors: FieldError[], field: string, parameters: IngressClassParametersReference): void {
  const { apiGroup, kind, name, scope, namespace } = parameters;
  if (apiGroup !== undefined) complain(errors, `${field}.apiGroup`, apiGroup, dns1123Subdomain(apiGroup));
  requireName(errors, `${field}.kind`, { name: kind, valid: pathSegmentName });
  requireName(errors, `${field}.name`, { name, valid: pathSegmentName });
  const place = `${field}.namespace`;
  if (scope === undefined) errors.push(required(`${field}.scope`));
  else if (scope !== 'Cluster' && scope !== 'Namespace')
    errors.push(notSupported(`${field}.scope`, scope, ['Cluster', 'Namespace']));
  else if (scope === 'Cluster') {
    if (namespace !== undefined) errors.push(forbidden(place, "`parameters.scope` is set to 'Cluster'"));
  } else if (namespace === undefined) errors.push(required(place, "`parameters.scope` is set to 'Namespace'"));
  else complain(errors, place, namespace, dns1123Label(namespace));
}
