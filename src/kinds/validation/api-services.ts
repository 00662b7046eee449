// APIServices. Models ValidateAPIService of kube-aggregator.
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import type { APIService } from '../../api/generated/types.ts';
import { dns1035Label, dns1123Subdomain, portNumber } from '../../api/names.ts';
import { complain, require } from './checks.ts';

type Spec = NonNullable<APIService['spec']>;

/** Adds what is wrong with an APIService. */
export function validateApiService({ metadata, spec }: APIService, errors: FieldError[]): void {
  const { group = '', version = '' } = spec ?? {};
  const name = metadata?.name ?? '';
  const wanted = `${version}.${group}`;
  if (name !== '' && name !== wanted) {
    const detail = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(wanted)}`;
    errors.push(invalid('metadata.name', name, detail));
  }
  if (group === '' && version !== 'v1')
    errors.push(required('spec.group', 'only v1 may have an empty group and it better be legacy kube'));
  if (group !== '') complain(errors, 'spec.group', group, dns1123Subdomain(group));
  complain(errors, 'spec.version', version, dns1035Label(version));
  inBounds(errors, 'spec.groupPriorityMinimum', spec?.groupPriorityMinimum ?? 0, 20_000);
  inBounds(errors, 'spec.versionPriority', spec?.versionPriority ?? 0, 1000);
  if (spec?.service) validateReach(errors, spec, spec.service);
  else validateLocal(errors, spec);
}

function inBounds(errors: FieldError[], field: string, value: number, max: number): void {
  if (value <= 0 || value > max) errors.push(invalid(field, value, `must be positive and less than ${max}`));
}

function validateLocal(errors: FieldError[], spec: Spec | undefined): void {
  if (spec?.caBundle) errors.push(invalid('spec.caBundle', spec.caBundle, 'local APIServices may not have a caBundle'));
  if (spec?.insecureSkipTLSVerify)
    errors.push(invalid('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'));
}

function validateReach(errors: FieldError[], spec: Spec, service: NonNullable<Spec['service']>): void {
  require(errors, 'spec.service.namespace', service.namespace);
  require(errors, 'spec.service.name', service.name);
  const port = service.port ?? 443;
  const complaints = portNumber(port);
  if (complaints.length > 0)
    errors.push(invalid('spec.service.port', port, `port is not valid: ${complaints.join(', ')}`));
  if (spec.insecureSkipTLSVerify && spec.caBundle)
    errors.push(invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
}
