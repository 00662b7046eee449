// Endpoints: the addresses behind a Service, in the older form.
import type { Endpoints } from '../api/generated/types.ts';
import { ageColumn, firstFew, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { change, changeAll, fillZero } from './share.ts';
import { validateEndpoints } from './validation/endpoint-slices.ts';
import { ipWarnings } from './validation/ip-address.ts';

/** What the server knows about Endpoints. */
export const endpoints = defineKind<Endpoints>({
  group: '',
  kind: 'Endpoints',
  createOnUpdate: true,
  defaults: (endpoints) =>
    change(endpoints, 'subsets', (subsets) =>
      changeAll(subsets, (subset) =>
        change(subset, 'ports', (ports) => changeAll(ports, (port) => fillZero(port, { protocol: 'TCP' }))),
      ),
    ),
  validate: (endpoints, errors) => validateEndpoints(endpoints, errors),
  validateUpdate: (endpoints, old, errors) => validateEndpoints(endpoints, errors, old),
  warnings: addressWarnings,
  columns: [nameColumn, textColumn('Endpoints', 'Addresses and ports.', addressesText), ageColumn],
});

function addressesText({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>';
  const texts = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) =>
          addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        ),
  );
  return firstFew(texts, 3);
}

/** The server's own controller writes addresses as they should be. */
function addressWarnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  if (metadata?.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, i) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, j) => ipWarnings(`subsets[${i}].${list}[${j}].ip`, ip)),
    ),
  );
}
