// Errors of the API: a v1.Status in an exception, with upstream's exact words (apimachinery's api/errors).

import { quote } from '../base/go/quote.ts';
import { aggregateText, type FieldError, fieldErrorText } from './field-error.ts';
import type { Status, StatusCause, StatusDetails } from './generated/types.ts';
import { type GroupKind, type GroupResource, groupKindText, groupResourceText } from './resource.ts';

/** The machine-readable reason of a Status; '' where there is none. */
export type StatusReason =
  | ''
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Expired'
  | 'Invalid'
  | 'ServerTimeout'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'ServiceUnavailable'
  | 'StoreReadError';

/** A refusal by the API server. `status` is the answer's body; `code` the HTTP status. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: number;

  constructor(readonly status: Status) {
    super(status.message ?? '');
    this.code = status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

interface Failure {
  readonly code: number;
  readonly reason: StatusReason;
  readonly message: string;
  readonly details?: StatusDetails;
}

/** An error with a body of the caller's own: for messages that only one place of the server writes. */
export function apiError({ code, reason, message, details }: Failure): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  });
}

/** `pods "x" not found`. */
export function notFound(resource: GroupResource, name: string): ApiError {
  const message = `${groupResourceText(resource)} ${quote(name)} not found`;
  return apiError({ code: 404, reason: 'NotFound', message, details: detailsOf(resource, name) });
}

/** `pods "x" already exists`. */
export function alreadyExists(resource: GroupResource, name: string): ApiError {
  const message = `${groupResourceText(resource)} ${quote(name)} already exists`;
  return apiError({ code: 409, reason: 'AlreadyExists', message, details: detailsOf(resource, name) });
}

/** No free name was found for a generateName. */
export function generateNameConflict(resource: GroupResource, name: string, retryAfterSeconds = 1): ApiError {
  const what = `${groupResourceText(resource)} ${quote(name)}`;
  const message = `${what} already exists, the server was not able to generate a unique name for the object`;
  const details = { ...detailsOf(resource, name), retryAfterSeconds };
  return apiError({ code: 409, reason: 'AlreadyExists', message, details });
}

/** What an update meets when somebody else was quicker. */
export const modifiedText =
  'the object has been modified; please apply your changes to the latest version and try again';

/** `Operation cannot be fulfilled on deployments.apps "x": …`. */
export function conflict(resource: GroupResource, name: string, text = modifiedText): ApiError {
  const message = `Operation cannot be fulfilled on ${groupResourceText(resource)} ${quote(name)}: ${text}`;
  return apiError({ code: 409, reason: 'Conflict', message, details: detailsOf(resource, name) });
}

/** Server-side apply met fields of other managers. */
export function applyConflict(causes: readonly StatusCause[], message: string): ApiError {
  return apiError({ code: 409, reason: 'Conflict', message, details: { causes } });
}

/** `Pod "x" is invalid: spec.containers[0].name: Required value`. */
export function invalid(kind: GroupKind, name: string, errors: readonly FieldError[]): ApiError {
  const causes = errors.map(({ type, field, body }) => ({ reason: type, message: body, field }));
  const what = `${groupKindText(kind)} ${quote(name)} is invalid`;
  const message = errors.length === 0 ? what : `${what}: ${aggregateText(errors.map(fieldErrorText))}`;
  const details = { ...detailsOf({ group: kind.group, resource: kind.kind }, name), ...(causes.length && { causes }) };
  return apiError({ code: 422, reason: 'Invalid', message, details });
}

/** `pods "x" is forbidden: TEXT`; without a name `pods is forbidden: TEXT`. */
export function forbidden(resource: GroupResource, name: string, text: string): ApiError {
  const type = groupResourceText(resource);
  const what = type === '' ? 'forbidden' : name === '' ? `${type} is forbidden` : `${type} ${quote(name)} is forbidden`;
  return apiError({ code: 403, reason: 'Forbidden', message: `${what}: ${text}`, details: detailsOf(resource, name) });
}

/** The request makes no sense: 400 with the message as it is. */
export function badRequest(message: string): ApiError {
  return apiError({ code: 400, reason: 'BadRequest', message });
}

/** Nobody knows who asks: 401. */
export function unauthorized(message = 'not authorized'): ApiError {
  return apiError({ code: 401, reason: 'Unauthorized', message });
}

/** `create is not supported on resources of kind "componentstatuses"`. */
export function methodNotSupported(resource: GroupResource, action: string): ApiError {
  const message = `${action} is not supported on resources of kind ${quote(groupResourceText(resource))}`;
  return apiError({ code: 405, reason: 'MethodNotAllowed', message, details: detailsOf(resource, '') });
}

/** The path exists, the method does not; also what a path that leads nowhere gets. */
export function notAcceptable(message: string): ApiError {
  return apiError({ code: 406, reason: 'NotAcceptable', message });
}

/** A resource version or a continue token that has been compacted away. */
export function expired(message: string): ApiError {
  return apiError({ code: 410, reason: 'Expired', message });
}

/** The thing is gone for good: 410. A resource version that is too old is {@link expired}. */
export function gone(message: string): ApiError {
  return apiError({ code: 410, reason: 'Gone', message });
}

/** The body's type is none of those the server takes: it lists them. */
export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return apiError({ code: 415, reason: 'UnsupportedMediaType', message });
}

/** Try again after that many seconds: 429, e.g. an eviction that a disruption budget forbids. */
export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  const details = retryAfterSeconds ? { retryAfterSeconds } : {};
  return apiError({ code: 429, reason: 'TooManyRequests', message, details });
}

/** `Internal error occurred: TEXT`. */
export function internalError(text: string): ApiError {
  const message = `Internal error occurred: ${text}`;
  return apiError({ code: 500, reason: 'InternalError', message, details: { causes: [{ message: text }] } });
}

/** The server cannot answer now: 503. */
export function serviceUnavailable(message: string): ApiError {
  return apiError({ code: 503, reason: 'ServiceUnavailable', message });
}

/** `Timeout: TEXT`. */
export function timeout(text: string, retryAfterSeconds = 0): ApiError {
  const details = retryAfterSeconds ? { retryAfterSeconds } : {};
  return apiError({ code: 504, reason: 'Timeout', message: `Timeout: ${text}`, details });
}

const missingText = 'the server could not find the requested resource';

/** What a path that leads nowhere answers in JSON. */
export function noSuchResource(): ApiError {
  return apiError({ code: 404, reason: 'NotFound', message: missingText, details: {} });
}

/** Whether an error is a 404 of the API. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.reason === 'NotFound' || (!error.reason && error.code === 404));
}
/** Whether a create met an object of that name. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.reason === 'AlreadyExists';
}
/** Whether somebody else was quicker. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.reason === 'Conflict' || (!error.reason && error.code === 409));
}
/** Whether validation refused the object. */
export function isInvalid(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.reason === 'Invalid' || (!error.reason && error.code === 422));
}
/** Whether authorization or admission refused the request. */
export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.reason === 'Forbidden' || (!error.reason && error.code === 403));
}

function detailsOf({ group, resource }: GroupResource, name: string): StatusDetails {
  return { ...(name && { name }), ...(group && { group }), ...(resource && { kind: resource }) };
}
