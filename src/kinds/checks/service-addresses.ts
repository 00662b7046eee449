// What is wrong with ServiceCIDRs and IPAddresses.
import type { IPAddress, ServiceCIDR } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import {
  validateIPAddress,
  validateIPAddressUpdate,
  validateServiceCIDR,
  validateServiceCIDRUpdate,
} from '../validation/service-addresses.ts';

export const serviceCIDRChecks = defineChecks<ServiceCIDR>({
  group: 'networking.k8s.io',
  kind: 'ServiceCIDR',
  validate: validateServiceCIDR,
  validateUpdate: validateServiceCIDRUpdate,
});

export const ipAddressChecks = defineChecks<IPAddress>({
  group: 'networking.k8s.io',
  kind: 'IPAddress',
  validate: validateIPAddress,
  validateUpdate: validateIPAddressUpdate,
});
