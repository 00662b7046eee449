// What is wrong with EndpointSlices.
import type { EndpointSlice } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateEndpointSlice } from '../validation/endpoint-slices.ts';
import { ipWarnings } from '../validation/ip-address.ts';

export const endpointSliceChecks = defineChecks<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  validate: (slice, errors) => validateEndpointSlice(slice, errors),
  validateUpdate: (slice, old, errors) => validateEndpointSlice(slice, errors, old),
  warnings: (slice, old) => [
    ...(!old && slice.addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
    ...addressWarnings(slice),
  ],
});

/** The server's own controllers write addresses as they should be. */
function addressWarnings({ metadata, endpoints }: EndpointSlice): readonly string[] {
  const manager = metadata?.labels?.['endpointslice.kubernetes.io/managed-by'] ?? '';
  if (/^endpointslice(mirroring)?-controller\.k8s\.io$/.test(manager)) return [];
  return (endpoints ?? []).flatMap(({ addresses }, i) =>
    addresses.flatMap((address, j) => ipWarnings(`endpoints[${i}].addresses[${j}]`, address)),
  );
}
