// ResourceClaims, ResourceClaimTemplates and DeviceClasses.

import { alike } from '../../../api/alike.ts';
import { forbidden, invalid, notSupported, required, tooLong, tooMany, Verbatim } from '../../../api/field-error.ts';
import type {
  AllocatedDeviceStatus,
  AllocationResult,
  DeviceClass,
  DeviceRequestAllocationResult,
  NetworkDeviceData,
  ResourceClaim,
  ResourceClaimConsumerReference,
  ResourceClaimStatus,
  ResourceClaimTemplate,
} from '../../../api/generated/types.ts';
import { internalForm } from '../../internal-form.ts';
import { validateNodeSelector } from '../affinity.ts';
import type { Errors } from '../checks.ts';
import { validateConditions } from '../conditions.ts';
import { validateInterfaceAddress } from '../ip-address.ts';
import { validateTemplateMetadata } from '../labels.ts';
import { isExtendedResource } from '../resources.ts';
import { validateDriverName } from '../volume-plugins.ts';
import { validateBindingConditions } from './binding-conditions.ts';
import { boundedList, boundedSet } from './bounded.ts';
import { validateLabelName, validatePoolName, validateUuid } from './names.ts';
import {
  type RequestNames,
  requestNamesOf,
  requestsMax,
  validateConfiguration,
  validateData,
  validateDeviceClaim,
  validateReference,
  validateReferences,
  validateSelectors,
} from './requests.ts';

const reservedMax = 256;
const conditionsMax = 8;
const addressesMax = 16;
const interfaceNameMax = 256;
const hardwareAddressMax = 128;

/** Adds what is wrong with a claim. */
export function validateResourceClaim({ spec }: ResourceClaim, errors: Errors): void {
  validateDeviceClaim(errors, 'spec.devices', spec?.devices ?? {});
}

/** What a claim asks for stays as it is. */
export function validateResourceClaimUpdate({ spec }: ResourceClaim, old: ResourceClaim, errors: Errors): void {
  sameSpec(errors, 'resource_ResourceClaimSpec', { spec, old: old.spec });
}

/** Adds what is wrong with a template. */
export function validateClaimTemplate({ spec }: ResourceClaimTemplate, errors: Errors): void {
  validateTemplateMetadata(errors, 'spec.metadata', spec?.metadata);
  validateDeviceClaim(errors, 'spec.spec.devices', spec?.spec?.devices ?? {});
}

/** What a template asks for stays as it is. */
export function validateClaimTemplateUpdate(
  template: ResourceClaimTemplate,
  old: ResourceClaimTemplate,
  errors: Errors,
): void {
  validateClaimTemplate(template, errors);
  sameSpec(errors, 'resource_ResourceClaimTemplateSpec', { spec: template.spec, old: old.spec });
}

/** Adds what is wrong with a class. */
export function validateDeviceClass({ spec }: DeviceClass, errors: Errors): void {
  const { selectors, config, extendedResourceName: name } = spec ?? {};
  validateSelectors(errors, 'spec.selectors', selectors);
  boundedList(errors, 'spec.config', {
    items: config,
    most: requestsMax,
    check: (_, at, { opaque }) => validateConfiguration(errors, at, opaque),
  });
  if (name !== undefined && !isExtendedResource(name))
    errors.push(invalid('spec.extendedResourceName', name, 'must be a valid extended resource name'));
}

/** Adds what is wrong with what became of a claim. */
export function validateResourceClaimStatus(claim: ResourceClaim, old: ResourceClaim, errors: Errors): void {
  const status = claim.status ?? {};
  boundedSet(errors, 'status.reservedFor', {
    items: status.reservedFor,
    most: reservedMax,
    check: validateConsumer,
    key: ({ uid }) => uid,
  });
  const allocated = new Set((status.allocation?.devices?.results ?? []).map(deviceKey));
  boundedSet(errors, 'status.devices', {
    items: status.devices,
    check: (_, at, device) => validateDeviceStatus(errors, at, device, allocated),
    key: deviceKey,
    shown: shownDevice,
  });
  validateReservations(errors, claim, old.status ?? {});
  const before = old.status?.allocation;
  if (!status.allocation) return;
  if (!before)
    validateAllocation(errors, 'status.allocation', status.allocation, requestNamesOf(claim.spec?.devices ?? {}));
  else if (!alike(status.allocation, before)) {
    const shown = internalForm('resource_AllocationResult', status.allocation);
    errors.push(invalid('status.allocation', shown, 'field is immutable'));
  }
}

/** What a device is known by; upstream's messages show it as it is inside, without its texts. */
function deviceKey({ driver, pool, device, shareID }: AllocatedDeviceStatus | DeviceRequestAllocationResult): string {
  return JSON.stringify([driver, pool, device, shareID ?? '']);
}
/** The same as messages show it. */
function shownDevice({ driver, pool, device, shareID = '' }: AllocatedDeviceStatus) {
  return new Verbatim(JSON.stringify({ Driver: driver, Pool: pool, Device: device, ShareID: shareID }));
}

function sameSpec(
  errors: Errors,
  type: string,
  { spec, old }: { readonly spec: object | undefined; readonly old: object | undefined },
): void {
  if (!alike(spec, old)) errors.push(invalid('spec', internalForm(type, spec ?? {}), 'field is immutable'));
}

function validateConsumer(errors: Errors, field: string, consumer: ResourceClaimConsumerReference): void {
  for (const name of ['resource', 'name', 'uid'] as const)
    if (!consumer[name]) errors.push(required(`${field}.${name}`));
}

function validateReservations(errors: Errors, { metadata, status }: ResourceClaim, old: ResourceClaimStatus): void {
  const reserved = status?.reservedFor ?? [];
  if (reserved.length === 0) return;
  const field = 'status.reservedFor';
  if (!status?.allocation) errors.push(forbidden(field, 'may not be specified when `allocated` is not set'));
  else if (
    metadata?.deletionTimestamp &&
    reserved.some((one) => !old.reservedFor?.some((other) => alike(one, other)))
  ) {
    const detail = 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set';
    errors.push(forbidden(field, detail));
  }
}

function validateAllocation(errors: Errors, field: string, allocation: AllocationResult, names: RequestNames): void {
  const { devices = {}, nodeSelector } = allocation;
  boundedList(errors, `${field}.devices.results`, {
    items: devices.results,
    most: requestsMax,
    check: (_, at, result) => validateResult(errors, at, result, names),
  });
  boundedList(errors, `${field}.devices.config`, {
    items: devices.config,
    most: 2 * requestsMax,
    check: (_, at, { source, requests, opaque }) => {
      const sources = ['FromClaim', 'FromClass'];
      if (!source) errors.push(required(`${at}.source`));
      else if (!sources.includes(source)) errors.push(notSupported(`${at}.source`, source, sources));
      validateReferences(errors, `${at}.requests`, requests, names);
      validateConfiguration(errors, at, opaque);
    },
  });
  if (nodeSelector) validateNodeSelector(errors, `${field}.nodeSelector`, nodeSelector);
}

function validateResult(
  errors: Errors,
  field: string,
  result: DeviceRequestAllocationResult,
  names: RequestNames,
): void {
  validateReference(errors, `${field}.request`, result.request, names);
  validatePlace(errors, field, result);
  validateBindingConditions(errors, field, result);
  if (result.shareID !== undefined) validateUuid(errors, `${field}.shareID`, result.shareID);
}

function validatePlace(
  errors: Errors,
  field: string,
  { driver, pool, device }: { readonly driver: string; readonly pool: string; readonly device: string },
): void {
  validateDriverName(errors, `${field}.driver`, driver);
  validatePoolName(errors, `${field}.pool`, pool);
  validateLabelName(errors, `${field}.device`, device);
}

function validateDeviceStatus(
  errors: Errors,
  field: string,
  status: AllocatedDeviceStatus,
  allocated: ReadonlySet<string>,
): void {
  const { shareID, conditions = [], data, networkData } = status;
  validatePlace(errors, field, status);
  if (shareID !== undefined) validateUuid(errors, `${field}.shareID`, shareID);
  if (!allocated.has(deviceKey(status)))
    errors.push(invalid(field, shownDevice(status), 'must be an allocated device in the claim'));
  if (conditions.length > conditionsMax) errors.push(tooMany(`${field}.conditions`, conditions.length, conditionsMax));
  validateConditions(errors, `${field}.conditions`, conditions);
  if (data !== undefined) validateData(errors, `${field}.data`, data);
  if (networkData) validateNetworkData(errors, `${field}.networkData`, networkData);
}

function validateNetworkData(errors: Errors, field: string, data: NetworkDeviceData): void {
  const { interfaceName = '', hardwareAddress = '', ips } = data;
  if (interfaceName.length > interfaceNameMax) errors.push(tooLong(`${field}.interfaceName`, interfaceNameMax));
  if (hardwareAddress.length > hardwareAddressMax) errors.push(tooLong(`${field}.hardwareAddress`, hardwareAddressMax));
  boundedSet(errors, `${field}.ips`, {
    items: ips,
    most: addressesMax,
    check: validateInterfaceAddress,
    key: (address) => address,
  });
}
