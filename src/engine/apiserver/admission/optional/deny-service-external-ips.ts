// DenyServiceExternalIPs: nobody gives a Service external addresses that it has not got yet.
import type { Service } from '../../../../api/generated/types.ts';
import { refusal } from '../admission-request.ts';
import type { AdmissionPlugin } from '../plugin.ts';

export const denyServiceExternalIps: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  validate(object, attributes) {
    const { resource, subresource, operation, old } = attributes;
    if (resource.group !== '' || resource.resource !== 'services' || subresource || !object) return;
    if (operation !== 'create' && operation !== 'update') return;
    const known = addressesOf(old);
    if (addressesOf(object).every((address) => known.includes(address))) return;
    throw refusal(attributes, object, 'Use of external IPs is denied by admission control');
  },
};

function addressesOf(object: object | undefined): readonly string[] {
  const service = object as Service | undefined; // edge: an object of the services resource
  return service?.spec?.externalIPs ?? [];
}
