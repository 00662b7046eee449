// ResourceSlices: devices of one pool, and counters that they share.

import { alike } from '../../../api/alike.ts';
import { forbidden, invalid, notSupported, required, tooLong } from '../../../api/field-error.ts';
import type {
  CounterSet,
  Device,
  DeviceAttribute,
  DeviceCounterConsumption,
  DeviceTaint,
  ResourceSlice,
  ResourceSliceSpec,
} from '../../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, qualifiedName, validLabelValue } from '../../../api/names.ts';
import { internalForm } from '../../internal-form.ts';
import { validateNodeSelector } from '../affinity.ts';
import { complain, type Errors, immutable, require, requireName, shown } from '../checks.ts';
import { validateDriverName } from '../volume-plugins.ts';
import { validateBindingConditions } from './binding-conditions.ts';
import { boundedList, boundedMap, boundedSet } from './bounded.ts';
import { attributeNameMax, validateAttributeName, validateLabelName, validatePoolName } from './names.ts';
import { validateRequestPolicy } from './request-policy.ts';
import { deviceTaintEffects } from './requests.ts';

const devicesMax = 128;
/** Where devices have taints or share counters. */
const complexDevicesMax = 64;
const counterSetsMax = 8;
const countersMax = 32;
const consumptionsMax = 2;
const propertiesMax = 32;
const valuesMax = 48;
const valueLengthMax = 64;
const taintsMax = 16;

/** Adds what is wrong with a slice. */
export function validateResourceSlice({ spec }: ResourceSlice, errors: Errors): void {
  validateSpec(errors, spec, undefined);
}

/** A slice stays of one driver, pool and node. */
export function validateResourceSliceUpdate({ spec }: ResourceSlice, old: ResourceSlice, errors: Errors): void {
  validateSpec(errors, spec, old.spec);
}

function validateSpec(errors: Errors, spec: ResourceSliceSpec, old: ResourceSliceSpec | undefined): void {
  const { driver, pool, devices, sharedCounters, perDeviceNodeSelection } = spec;
  validateDriverName(errors, 'spec.driver', driver);
  validatePool(errors, pool);
  if (old) {
    immutable(errors, 'spec.pool.name', pool?.name, old.pool?.name);
    immutable(errors, 'spec.driver', driver, old.driver);
    immutable(errors, 'spec.nodeName', spec.nodeName, old.nodeName);
  }
  validatePlaces(errors, spec);
  if (sharedCounters && devices)
    errors.push(invalid('spec', '', 'only one of `sharedCounters` or `devices` is allowed'));
  const complex = devices?.some(
    ({ taints = [], consumesCounters = [] }) => taints.length + consumesCounters.length > 0,
  );
  boundedSet(errors, 'spec.devices', {
    items: devices,
    most: complex ? complexDevicesMax : devicesMax,
    check: (_, at, device) => {
      const before = old?.devices?.find(({ name }) => name === device.name);
      validateDevice(errors, at, device, before);
      validateDevicePlaces(errors, at, device, perDeviceNodeSelection === true);
      validateBindingConditions(errors, at, device);
    },
    key: ({ name }) => name,
  });
  boundedSet(errors, 'spec.sharedCounters', {
    items: sharedCounters,
    most: counterSetsMax,
    check: validateCounterSet,
    key: ({ name }) => name,
  });
}

function validatePool(errors: Errors, pool: ResourceSliceSpec['pool'] | undefined): void {
  const { name, resourceSliceCount: slices = 0, generation = 0 } = pool ?? {};
  validatePoolName(errors, 'spec.pool.name', name);
  if (slices <= 0) errors.push(invalid('spec.pool.resourceSliceCount', slices, 'must be greater than zero'));
  if (generation < 0) errors.push(invalid('spec.pool.generation', generation, 'must be greater than or equal to zero'));
}

type Places = Pick<ResourceSliceSpec, 'nodeName' | 'nodeSelector' | 'allNodes' | 'perDeviceNodeSelection'>;

/** Where devices are must be said in one way. Returns the ways that are used. */
function waysOf(errors: Errors, field: string, places: Places, emptyName: string): readonly string[] {
  const { nodeName, nodeSelector, allNodes } = places;
  const ways: string[] = [];
  if (nodeName === '') errors.push(invalid(`${field}.nodeName`, nodeName, emptyName));
  else if (nodeName !== undefined) {
    ways.push('`nodeName`');
    complain(errors, `${field}.nodeName`, nodeName, dns1123Subdomain(nodeName));
  }
  if (nodeSelector) {
    ways.push('`nodeSelector`');
    validateNodeSelector(errors, `${field}.nodeSelector`, nodeSelector);
  }
  if (allNodes) ways.push('`allNodes`');
  else if (allNodes === false) errors.push(invalid(`${field}.allNodes`, allNodes, unsetOrTrue));
  return ways;
}
const unsetOrTrue = 'must be either unset or set to true';

function validatePlaces(errors: Errors, spec: ResourceSliceSpec): void {
  const { allNodes, perDeviceNodeSelection, ...named } = spec;
  const ways = [...waysOf(errors, 'spec', named, 'must be either unset or set to a non-empty string')];
  const terms: readonly object[] | undefined = spec.nodeSelector?.nodeSelectorTerms;
  if (spec.nodeSelector && terms?.length !== 1) {
    const text = 'must have exactly one node selector term';
    errors.push(invalid('spec.nodeSelector.nodeSelectorTerms', shown(terms ?? null), text));
  }
  for (const [name, value] of Object.entries({ allNodes, perDeviceNodeSelection })) {
    if (value) ways.push(`\`${name}\``);
    else if (value === false) errors.push(invalid(`spec.${name}`, value, unsetOrTrue));
  }
  const one = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (ways.length === 0) errors.push(required('spec', one));
  else if (ways.length > 1) errors.push(invalid('spec', `{${ways.join(', ')}}`, `${one}, but multiple fields are set`));
}

function validateDevicePlaces(errors: Errors, field: string, device: Device, perDevice: boolean): void {
  const given = device.nodeName !== undefined || device.nodeSelector || device.allNodes !== undefined;
  const only =
    '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (!perDevice) {
    if (given) errors.push(invalid(field, null, only));
    return;
  }
  const ways = waysOf(errors, field, device, 'must not be empty');
  const one =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (ways.length === 0) errors.push(required(field, one));
  else if (ways.length > 1) errors.push(invalid(field, `{${ways.join(', ')}}`, one));
}

function validateCounterSet(errors: Errors, field: string, { name, counters }: CounterSet): void {
  requireName(errors, `${field}.name`, { name, valid: dns1123Label });
  validateCounters(errors, `${field}.counters`, counters);
}

function validateCounters(errors: Errors, field: string, entries: CounterSet['counters'] | undefined): void {
  if (Object.keys(entries ?? {}).length === 0) errors.push(required(field));
  else
    boundedMap(errors, field, {
      entries,
      most: countersMax,
      keyLengthMax: 63,
      checkKey: validateLabelName,
      check: () => undefined,
    });
}

function validateDevice(errors: Errors, field: string, device: Device, old: Device | undefined): void {
  const { attributes = {}, capacity = {}, taints, consumesCounters, allowMultipleAllocations } = device;
  validateLabelName(errors, `${field}.name`, device.name);
  const properties = Object.keys(attributes).length + Object.keys(capacity).length;
  const total = (what: string, most: number) => `the total number of ${what} must not exceed ${most}`;
  if (properties > propertiesMax)
    errors.push(invalid(field, properties, total('attributes and capacities', propertiesMax)));
  const values = Object.keys(attributes).length;
  if (values > valuesMax) errors.push(invalid(field, values, total('attribute values', valuesMax)));
  const keys = { keyLengthMax: attributeNameMax, checkKey: validateAttributeName };
  boundedMap(errors, `${field}.attributes`, { ...keys, entries: attributes, check: validateAttribute });
  boundedMap(errors, `${field}.capacity`, {
    ...keys,
    entries: capacity,
    check: (_, at, { value, requestPolicy: policy }) => {
      if (!policy) return;
      if (allowMultipleAllocations) validateRequestPolicy(errors, `${at}.requestPolicy`, { value, policy });
      else errors.push(forbidden(`${at}.requestPolicy`, 'allowMultipleAllocations must be true'));
    },
  });
  if (!old || !alike(old.taints ?? [], taints ?? []))
    boundedList(errors, `${field}.taints`, {
      items: taints,
      most: taintsMax,
      check: (_, at, taint) => {
        const before = old?.taints?.find(({ key, effect }) => key === taint.key && effect === taint.effect);
        validateTaint(errors, at, taint, before !== undefined);
      },
    });
  boundedSet(errors, `${field}.consumesCounters`, {
    items: consumesCounters,
    most: consumptionsMax,
    check: validateConsumption,
    key: ({ counterSet }) => counterSet,
  });
}

function validateConsumption(errors: Errors, field: string, consumption: DeviceCounterConsumption): void {
  const { counterSet: name, counters } = consumption;
  requireName(errors, `${field}.counterSet`, { name, valid: dns1123Label });
  validateCounters(errors, `${field}.counters`, counters);
}

const number = '(0|[1-9]\\d*)';
const beforeRelease = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const build = '[0-9a-zA-Z-]+';
const semanticVersion = new RegExp(
  `^${number}\\.${number}\\.${number}(-${beforeRelease}(\\.${beforeRelease})*)?(\\+${build}(\\.${build})*)?$`,
);

function validateAttribute(errors: Errors, field: string, attribute: DeviceAttribute): void {
  const { string: text, version, int, bool } = attribute;
  if (text !== undefined && text.length > valueLengthMax) errors.push(tooLong(`${field}.string`, valueLengthMax));
  if (version !== undefined) {
    const detail = 'must be a string compatible with semver.org spec 2.0.0';
    if (!semanticVersion.test(version)) errors.push(invalid(`${field}.version`, version, detail));
    if (version.length > valueLengthMax) errors.push(tooLong(`${field}.version`, valueLengthMax));
  }
  const given = [text, version, int, bool].filter((value) => value !== undefined).length;
  if (given === 1) return;
  const values = { intValue: int, boolValue: bool, stringValue: text, versionValue: version };
  const shownValue = given === 0 ? '' : internalForm('resource_DeviceAttribute', values);
  errors.push(invalid(field, shownValue, 'exactly one value must be specified'));
}

/** An effect that was there before may be one of a later version. */
function validateTaint(
  errors: Errors,
  field: string,
  { key, value = '', effect }: DeviceTaint,
  knownEffect: boolean,
): void {
  complain(errors, `${field}.key`, key, qualifiedName(key));
  if (value !== '') complain(errors, `${field}.value`, value, validLabelValue(value));
  if (!knownEffect && require(errors, `${field}.effect`, effect) && !deviceTaintEffects.includes(effect))
    errors.push(notSupported(`${field}.effect`, effect, deviceTaintEffects));
}
