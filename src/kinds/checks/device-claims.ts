// What is wrong with devices, and who claims them.
import type { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from '../../api/generated/types.ts';
import { quote } from '../../base/go/quote.ts';
import { defineChecks } from '../kind-checks.ts';
import {
  validateClaimTemplate,
  validateClaimTemplateUpdate,
  validateDeviceClass,
  validateResourceClaim,
  validateResourceClaimStatus,
  validateResourceClaimUpdate,
} from '../validation/devices/claims.ts';
import { validateResourceSlice, validateResourceSliceUpdate } from '../validation/devices/slices.ts';

export const deviceClassChecks = defineChecks<DeviceClass>({
  group: 'resource.k8s.io',
  kind: 'DeviceClass',
  validate: validateDeviceClass,
  validateUpdate: (one, _old, errors) => validateDeviceClass(one, errors),
});

export const resourceClaimChecks = defineChecks<ResourceClaim>({
  group: 'resource.k8s.io',
  kind: 'ResourceClaim',
  validate: validateResourceClaim,
  validateUpdate: validateResourceClaimUpdate,
  validateStatusUpdate: validateResourceClaimStatus,
});

export const resourceClaimTemplateChecks = defineChecks<ResourceClaimTemplate>({
  group: 'resource.k8s.io',
  kind: 'ResourceClaimTemplate',
  validate: validateClaimTemplate,
  validateUpdate: validateClaimTemplateUpdate,
});

export const resourceSliceChecks = defineChecks<ResourceSlice>({
  group: 'resource.k8s.io',
  kind: 'ResourceSlice',
  validate: validateResourceSlice,
  validateUpdate: validateResourceSliceUpdate,
  warnings: ({ spec }) =>
    spec.driver === spec.driver.toLowerCase()
      ? []
      : [`spec.driver: driver names should be lowercase; ${quote(spec.driver)} contains uppercase characters`],
});
