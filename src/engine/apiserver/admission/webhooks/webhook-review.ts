// What a webhook is asked, and what its answer means.
import { ApiError, internalError } from '../../../../api/status.ts';
import { decodeBase64, decodeUtf8 } from '../../../../base/bytes.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';

/** An answer in order: the request may go on, perhaps changed. */
export interface Verdict {
  readonly allowed: boolean;
  /** Of a JSON patch, as text. */
  readonly patch: string | undefined;
  readonly patchType: string | undefined;
  /** Why not, as far as the webhook says. */
  readonly status: JsonObject | undefined;
  readonly warnings: readonly string[];
  /** For the audit event. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The answer makes no sense; the message is upstream's. */
export class InvalidAnswer extends Error {
  override name = 'InvalidAnswer';
}

const group = 'admission.k8s.io';

/** The version in which to ask: the first that both sides know. */
export function reviewVersion(versions: readonly string[]): string | undefined {
  return versions.find((version) => version === 'v1' || version === 'v1beta1');
}

export function reviewOf(version: string, request: JsonObject): JsonObject {
  return { kind: 'AdmissionReview', apiVersion: `${group}/${version}`, request };
}

/** Throws InvalidAnswer. */
export function verdictOf(
  review: JsonObject,
  asked: { readonly uid: string; readonly version: string; readonly mutating: boolean },
): Verdict {
  const { response } = review;
  if (!isObject(response)) throw new InvalidAnswer('webhook response was absent');
  const { uid = '', patch, patchType } = response;
  if (asked.version === 'v1') {
    if (uid !== asked.uid)
      throw new InvalidAnswer(`expected response.uid=${JSON.stringify(asked.uid)}, got ${JSON.stringify(uid)}`);
    const expected = `${group}/v1, Kind=AdmissionReview`;
    const got = `${String(review.apiVersion)}, Kind=${String(review.kind)}`;
    if (got !== expected) throw new InvalidAnswer(`expected webhook response of ${expected}, got ${got}`);
    checkPatch(patch, patchType, asked.mutating);
  }
  const text = typeof patch === 'string' && patch !== '' ? decodedPatch(patch) : undefined;
  return {
    allowed: response.allowed === true,
    patch: asked.mutating ? text : undefined,
    patchType: asked.version === 'v1' ? textOf(patchType) : 'JSONPatch',
    status: isObject(response.status) ? response.status : undefined,
    annotations: textsIn(response.auditAnnotations),
    warnings: isList(response.warnings) ? response.warnings.filter((text) => typeof text === 'string') : [],
  };
}

function checkPatch(patch: JsonValue | undefined, patchType: JsonValue | undefined, mutating: boolean): void {
  const given = typeof patch === 'string' && patch !== '';
  if (!mutating) {
    if (given) throw new InvalidAnswer('validating webhook may not return response.patch');
    if (textOf(patchType) !== undefined)
      throw new InvalidAnswer('validating webhook may not return response.patchType');
    return;
  }
  if (given && textOf(patchType) === undefined)
    throw new InvalidAnswer('webhook returned response.patch but not response.patchType');
  if (!given && textOf(patchType) !== undefined)
    throw new InvalidAnswer('webhook returned response.patchType but not response.patch');
  if (patchType === '') throw new InvalidAnswer('webhook returned invalid response.patchType of ""');
}

function textsIn(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function decodedPatch(patch: string): string {
  const bytes = decodeBase64(patch);
  if (!bytes) throw new InvalidAnswer('illegal base64 data in response.patch');
  return decodeUtf8(bytes);
}

/** The refusal of a request, as the webhook words it. */
export function deniedBy(webhook: string, given: JsonObject = {}): ApiError {
  const { code, message, reason, details } = given;
  const denied = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const why = textOf(message) || textOf(reason);
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: why ? `${denied}: ${why}` : `${denied} without explanation`,
    ...(textOf(reason) && { reason: textOf(reason) }),
    ...(isObject(details) && { details }),
    code: typeof code === 'number' && code >= 400 ? code : 400,
  });
}

/** The webhook could not be asked. */
export function callFailed(webhook: string, reason: string): ApiError {
  return internalError(`failed calling webhook ${JSON.stringify(webhook)}: ${reason}`);
}
