// ServiceCIDRs and IPAddresses: where the addresses of Services come from, and who has which.
import type { IPAddress, ServiceCIDR } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';
import { addressName } from './validation/service-addresses.ts';

const group = 'networking.k8s.io';

/** What the server knows about ServiceCIDRs. */
export const serviceCIDR = defineKind<ServiceCIDR>({
  ...statusOfItsOwn,
  group,
  kind: 'ServiceCIDR',
  columns: [nameColumn, textColumn('CIDRs', 'Ranges.', ({ spec }) => (spec?.cidrs ?? []).join(',')), ageColumn],
});

/** What the server knows about IPAddress. */
export const ipAddress = defineKind<IPAddress>({
  group,
  kind: 'IPAddress',
  validName: addressName,
  columns: [
    nameColumn,
    textColumn('ParentRef', 'Who has it.', ({ spec }) => {
      if (!spec?.parentRef) return '<none>';
      const { group, resource, namespace, name } = spec.parentRef;
      const of = `${resource}${group ? `.${group}` : ''}`.toLowerCase();
      return [of, namespace, name].filter(Boolean).join('/');
    }),
    // Upstream does not say that the age is one.
    { ...ageColumn, untold: true },
  ],
});
