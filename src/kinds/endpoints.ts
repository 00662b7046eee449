// Endpoints: the addresses behind a Service, in the older form.
import type { Endpoints } from '../api/generated/types.ts';
import { ageColumn, firstFew, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { change, changeAll, fillZero } from './share.ts';

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
