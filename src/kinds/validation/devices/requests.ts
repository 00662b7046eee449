// What claims ask for: requests of devices, constraints among them, and configuration for their drivers.
import { forbidden, invalid, notSupported, required, tooLong } from '../../../api/field-error.ts';
import type {
  DeviceClaim,
  DeviceConstraint,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  OpaqueDeviceConfiguration,
} from '../../../api/generated/types.ts';
import { dns1123Subdomain, qualifiedName, validLabelValue } from '../../../api/names.ts';
import { isList, isObject, type JsonValue } from '../../../base/json.ts';
import { selectorProblem, tooComplex } from '../../devices/device-selector.ts';
import { complain, type Errors, requireName } from '../checks.ts';
import { validateDriverName } from '../volume-plugins.ts';
import { boundedList, boundedSet } from './bounded.ts';
import { validateFullName, validateLabelName } from './names.ts';

/** Requests of a claim, and constraints and configurations of them, at most. */
export const requestsMax = 32;
const subRequestsMax = 8;
const expressionLengthMax = 10 * 1024;
const dataLengthMax = 10 * 1024;

/** Names that may be referred to: `REQUEST` or `REQUEST/SUBREQUEST`. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

/** The names of a claim's requests. */
export function requestNamesOf({ requests = [] }: DeviceClaim): RequestNames {
  return new Map(
    requests.map(({ name, firstAvailable = [] }) => [name, new Set(firstAvailable.map((one) => one.name))]),
  );
}

/** Adds what is wrong with what a claim asks for. */
export function validateDeviceClaim(errors: Errors, field: string, claim: DeviceClaim): void {
  const names = requestNamesOf(claim);
  boundedSet(errors, `${field}.requests`, {
    items: claim.requests,
    most: requestsMax,
    check: validateRequest,
    key: ({ name }) => name,
  });
  boundedList(errors, `${field}.constraints`, {
    items: claim.constraints,
    most: requestsMax,
    check: (_, at, constraint) => validateConstraint(errors, at, constraint, names),
  });
  boundedList(errors, `${field}.config`, {
    items: claim.config,
    most: requestsMax,
    check: (_, at, { requests, opaque }) => {
      validateReferences(errors, `${at}.requests`, requests, names);
      validateConfiguration(errors, at, opaque);
    },
  });
}

/** Adds what is wrong with selectors of devices. */
export function validateSelectors(errors: Errors, field: string, items: readonly DeviceSelector[] | undefined): void {
  boundedList(errors, field, { items, most: requestsMax, check: validateSelector });
}

/** Adds what is wrong with names of a claim's requests. */
export function validateReferences(
  errors: Errors,
  field: string,
  items: readonly string[] | undefined,
  names: RequestNames,
): void {
  boundedSet(errors, field, {
    items,
    most: requestsMax,
    check: (_, at, name) => validateReference(errors, at, name, names),
    key: (name) => name,
  });
}

/** Adds what is wrong with the name of a claim's request. */
export function validateReference(errors: Errors, field: string, name: string, names: RequestNames): void {
  const detail =
    "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const [request = '', subRequest, ...more] = name.split('/');
  if (more.length === 0) for (const part of name.split('/')) validateLabelName(errors, field, part);
  const known = names.get(request);
  const there = more.length === 0 && known !== undefined && (subRequest === undefined || known.has(subRequest));
  if (!there) errors.push(invalid(field, name, detail));
}

/** Adds what is wrong with a driver's configuration. */
export function validateConfiguration(
  errors: Errors,
  field: string,
  opaque: OpaqueDeviceConfiguration | undefined,
): void {
  if (!opaque) {
    errors.push(required(`${field}.opaque`));
    return;
  }
  validateDriverName(errors, `${field}.opaque.driver`, opaque.driver);
  validateData(errors, `${field}.opaque.parameters`, opaque.parameters);
}

/** Adds what is wrong with data that only a driver knows: an object, and not a large one. */
export function validateData(errors: Errors, field: string, data: JsonValue | undefined): void {
  if (data === undefined || data === null) errors.push(required(field));
  else if (JSON.stringify(data).length > dataLengthMax) errors.push(tooLong(field, dataLengthMax));
  else if (!isObject(data) || isList(data))
    errors.push(invalid(field, '<value omitted>', 'must be a valid JSON object'));
}

function validateRequest(errors: Errors, field: string, { name, exactly, firstAvailable = [] }: DeviceRequest): void {
  validateLabelName(errors, `${field}.name`, name);
  const one = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly && firstAvailable.length > 0) errors.push(invalid(field, null, `${one}, but multiple fields are set`));
  else if (exactly) validateAsked(errors, `${field}.exactly`, exactly);
  else if (firstAvailable.length === 0) errors.push(required(field, one));
  else
    boundedSet(errors, `${field}.firstAvailable`, {
      items: firstAvailable,
      most: subRequestsMax,
      check: (_, at, subRequest) => {
        validateLabelName(errors, `${at}.name`, subRequest.name);
        validateAsked(errors, at, subRequest);
      },
      key: (subRequest) => subRequest.name,
    });
}

function validateAsked(errors: Errors, field: string, asked: ExactDeviceRequest | DeviceSubRequest): void {
  const { deviceClassName: name, selectors, allocationMode: mode = '', count = 0, tolerations = [] } = asked;
  requireName(errors, `${field}.deviceClassName`, { name, valid: dns1123Subdomain });
  validateSelectors(errors, `${field}.selectors`, selectors);
  if (mode === 'All') {
    if (count !== 0)
      errors.push(invalid(`${field}.count`, count, "must not be specified when allocationMode is 'All'"));
  } else if (mode === 'ExactCount') {
    if (count <= 0) errors.push(invalid(`${field}.count`, count, 'must be greater than zero'));
  } else errors.push(notSupported(`${field}.allocationMode`, mode, ['All', 'ExactCount']));
  for (const [i, toleration] of tolerations.entries())
    validateToleration(errors, `${field}.tolerations[${i}]`, toleration);
}

function validateSelector(errors: Errors, field: string, { cel }: DeviceSelector): void {
  const at = `${field}.cel.expression`;
  if (!cel) errors.push(required(`${field}.cel`));
  else if (cel.expression.length > expressionLengthMax) errors.push(tooLong(at, expressionLengthMax));
  else {
    const problem = selectorProblem(cel.expression);
    if (problem === tooComplex) errors.push(forbidden(at, problem));
    else if (problem !== undefined) errors.push(invalid(at, cel.expression, problem));
  }
}

function validateConstraint(errors: Errors, field: string, constraint: DeviceConstraint, names: RequestNames): void {
  const { requests, matchAttribute, distinctAttribute } = constraint;
  validateReferences(errors, `${field}.requests`, requests, names);
  if (matchAttribute !== undefined) validateFullName(errors, `${field}.matchAttribute`, matchAttribute);
  else if (distinctAttribute !== undefined) validateFullName(errors, `${field}.distinctAttribute`, distinctAttribute);
  else {
    // Upstream says so where none is set.
    const detail = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
    errors.push(required(field, detail));
  }
}

/** Effects of devices' taints. */
export const deviceTaintEffects = ['NoExecute', 'NoSchedule', 'None'];

function validateToleration(errors: Errors, field: string, toleration: DeviceToleration): void {
  const { key = '', operator = '', value = '', effect = '' } = toleration;
  if (key !== '') complain(errors, `${field}.key`, key, qualifiedName(key));
  if (operator === 'Exists') {
    if (value !== '') errors.push(invalid(`${field}.value`, value, 'must be empty for operator `Exists`'));
  } else if (operator === 'Equal') complain(errors, `${field}.value`, value, validLabelValue(value));
  else if (operator === '') errors.push(required(`${field}.operator`));
  else errors.push(notSupported(`${field}.operator`, operator, ['Equal', 'Exists']));
  if (effect !== '' && !deviceTaintEffects.includes(effect))
    errors.push(notSupported(`${field}.effect`, effect, deviceTaintEffects));
}
