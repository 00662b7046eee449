// PATCH: JSON patches, merge patches and strategic merge patches.

import { forbidden, invalid as invalidField } from '../../api/field-error.ts';
import { compareText, jsonText } from '../../api/go-format.ts';
import { applyJsonPatch } from '../../api/patch/json-patch.ts';
import { applyMergePatch } from '../../api/patch/merge-patch.ts';
import { PatchError } from '../../api/patch/patch-error.ts';
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { strictDecodingText } from '../../api/schema/decode.ts';
import { restoreProblem } from '../../api/schema/restore-problem.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { apiError, badRequest, invalid, notFound } from '../../api/status.ts';
import { goText } from '../../base/go/format.ts';
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { apply } from './apply.ts';
import { objectOf, unknownConversion, unknownKind } from './body.ts';
import { asJson } from './json-edge.ts';
import { withManagedFields } from './managed-fields/show.ts';
import { keyIn, type Operation, type Outcome, presented } from './operation.ts';
import { inServersOrder } from './presentation.ts';
import type { ServedResource } from './served-resource.ts';
import { replace } from './update.ts';

export function patch(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  if (request.patchType === 'application/apply-patch+yaml') return apply(operation);
  if (request.options?.force !== undefined)
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      forbidden('force', 'may not be specified for non-apply patch'),
    ]);
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  if (!old) throw notFound(resource, name);
  const shown = asJson(presented(operation, old));
  const whole =
    request.patchType === 'application/json-patch+json' ? inServersOrder(resource, withManagedFields(shown)) : shown;
  const patched = patchedObject(operation, whole);
  return { code: 200, object: presented(operation, replace(operation, old, objectOf(operation, patched))) };
}

/** The patch applied to an object as the client sees it, and decoded as the client's bodies are. */
export function patchedObject(operation: Operation, object: JsonObject): JsonObject {
  const { request, resource } = operation;
  const body = request.body ?? null;
  try {
    switch (request.patchType) {
      case 'application/json-patch+json':
        return decodePatched(operation, object, (whole) => applyJsonPatch(whole, body));
      case 'application/merge-patch+json':
        if (body === null) throw badRequest('Invalid JSON Patch');
        if (!isObject(body)) throw badRequest(`error decoding patch: ${notAnObject(body)}`);
        return decodePatched(operation, object, (whole) => applyMergePatch(whole, body));
      case 'application/strategic-merge-patch+json':
        if (resource.definition === undefined) throw unsupportedStrategic();
        if (body !== null && !isObject(body)) throw badRequest(notAnObject(body));
        return decodeMerged(
          operation,
          object,
          applyStrategicMerge(object, body ?? {}, resource.definition),
          body ?? {},
        );
      default:
        throw unsupportedStrategic();
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw patchRefused(error);
  }
}

/** Decodes what a JSON patch or a merge patch has made; where that fails, the error shows the whole of it. */
function decodePatched(
  { decode, resource }: Operation,
  object: JsonObject,
  apply: (object: JsonObject) => JsonValue,
): JsonObject {
  const refused = (problem: string): Error => {
    const whole = inServersOrder(resource, withManagedFields(object));
    return invalidPatch(patchedText(apply(whole), whole), problem);
  };
  const patched = apply(object);
  const wrong = isObject(patched) ? wrongTypeProblem(resource, patched) : undefined;
  if (wrong !== undefined) throw refused(wrong);
  return decode(resource, patched, { unfit: refused, strict: (problems) => refused(strictDecodingText(problems)) });
}

/** Decodes the result of a strategic merge; where that fails, in the words of upstream's merge. */
function decodeMerged(
  { decode, resource }: Operation,
  object: JsonObject,
  merged: JsonObject,
  patch: JsonObject,
): JsonObject {
  const { definition } = resource;
  return decode(resource, ofSameType(object, merged), {
    unfit: (problem) => invalidPatch(goText(patch), (definition && restoreProblem(definition, merged)) ?? problem),
    strict: (problems) => invalidPatch(goText(patch), strictDecodingText(problems)),
  });
}

/** A strategic merge happens between objects of one type: what the patch says of kind and version counts for nothing. */
function ofSameType({ kind = '', apiVersion = '' }: JsonObject, patched: JsonObject): JsonObject {
  if (patched.kind === kind && patched.apiVersion === apiVersion) return patched;
  return { ...patched, kind, apiVersion };
}

function invalidPatch(shown: string, problem: string): Error {
  return invalid({ group: '', kind: '' }, '', [invalidField('patch', shown, problem)]);
}

/** As Go writes the bytes of a patched object: what the patch has touched by its keys, the rest as it was. */
function patchedText(value: JsonValue | undefined, original: JsonValue | undefined): string {
  if (value === original) return jsonText(value ?? null);
  if (isList(value)) {
    const before = isList(original) ? original : [];
    return `[${value.map((item, i) => patchedText(item, before[i])).join(',')}]`;
  }
  if (!isObject(value)) return jsonText(value ?? null);
  const before = isObject(original) ? original : {};
  const fields = Object.keys(value).sort(compareText);
  return `{${fields.map((key) => `${jsonText(key)}:${patchedText(value[key], own(before, key))}`).join(',')}}`;
}

/** Why a patched object is no longer of the resource's type, where it is a built-in one. */
function wrongTypeProblem(resource: ServedResource, { apiVersion, kind }: JsonObject): string | undefined {
  if (resource.definition === undefined || typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  if (apiVersion === resource.apiVersion && kind === resource.kind) return undefined;
  const version = parseApiVersion(apiVersion);
  const known = version && definitionName({ ...version, kind }) !== undefined;
  return known ? unknownConversion(resource, apiVersion, kind) : unknownKind(apiVersion, kind);
}

function notAnObject(value: JsonValue): string {
  const type = isList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
}

function patchRefused(error: PatchError): Error {
  if (error.code === 422)
    return apiError({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
      details: {},
    });
  if (error.code === 413)
    return apiError({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: `Request entity too large: ${error.message}`,
    });
  return error.code === 400 ? badRequest(error.message) : apiError({ code: 500, reason: '', message: error.message });
}

/** Only built-in kinds have the tags that a strategic merge patch goes by. */
export function unsupportedStrategic(): Error {
  const message =
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
  return apiError({ code: 415, reason: 'UnsupportedMediaType', message });
}
