// The value of an environment variable that comes from a container's own requests or limits.
import { parseQuantity, Quantity } from '../../api/quantity.ts';
import { objectAt, textAt } from '../../base/fields.ts';
import { type JsonObject, own } from '../../base/json.ts';

/** Divided by the divisor and rounded up, as the kubelet sets it; '' for what a container cannot refer to. */
export function resourceFieldValue(reference: JsonObject, container: JsonObject): string {
  const [list = '', resource = ''] = textAt(reference, 'resource').split(/\.(.*)/);
  const known = ['cpu', 'memory', 'ephemeral-storage'].includes(resource) || resource.startsWith('hugepages-');
  if (!known || (list !== 'limits' && list !== 'requests')) return '';
  const amount = own(objectAt(container, `resources.${list}`) ?? {}, resource);
  const value = typeof amount === 'string' ? parseQuantity(amount) : Quantity.of(0);
  const written = parseQuantity(textAt(reference, 'divisor') || '0');
  const divisor = written.isZero() ? Quantity.of(1) : written;
  if (resource === 'cpu') return String(Math.ceil(value.milliValue() / divisor.milliValue()));
  return String(Math.ceil(value.value() / divisor.value()));
}
