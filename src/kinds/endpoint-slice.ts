// EndpointSlices: the addresses behind a Service.
import type { Endpoint, EndpointSlice } from '../api/generated/types.ts';
import { ageColumn, firstFew, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { assign, change, changeAll, fill } from './share.ts';

/** What the server knows about EndpointSlices. */
export const endpointSlice = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  generationPart: ({ addressType, endpoints, ports }) => ({ addressType, endpoints, ports }),
  defaults: (slice) =>
    change(
      change(slice, 'ports', (ports) => changeAll(ports, (port) => fill(port, { name: '', protocol: 'TCP' }))),
      'endpoints',
      (endpoints) => changeAll(endpoints, withoutTopology),
    ),
  columns: [
    nameColumn,
    textColumn('AddressType', 'IPv4, IPv6 or FQDN.', ({ addressType }) => addressType),
    textColumn('Ports', 'Ports of each endpoint.', ({ ports }) => {
      return (
        firstFew(
          (ports ?? []).map(({ name, port }) => String(port ?? name ?? '*')),
          3,
        ) || '<unset>'
      );
    }),
    textColumn('Endpoints', 'Addresses.', ({ endpoints }) => {
      return (
        firstFew(
          (endpoints ?? []).flatMap(({ addresses }) => addresses),
          3,
        ) || '<unset>'
      );
    }),
    ageColumn,
  ],
});

/** It is of v1beta1; v1 takes it and drops it. */
function withoutTopology(endpoint: Endpoint): Endpoint {
  return endpoint.deprecatedTopology ? assign(endpoint, { deprecatedTopology: undefined }) : endpoint;
}
