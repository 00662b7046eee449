// PATCH: JSON patches, merge patches and strategic merge patches.

import { invalid as invalidField } from '../../api/field-error.ts';
import { applyJsonPatch } from '../../api/patch/json-patch.ts';
import { applyMergePatch } from '../../api/patch/merge-patch.ts';
import { PatchError } from '../../api/patch/patch-error.ts';
import { applyStrategicMerge } from '../../api/patch/strategic-merge.ts';
import { restoreProblem } from '../../api/schema/restore-problem.ts';
import { apiError, badRequest, invalid, notFound } from '../../api/status.ts';
import { goText } from '../../base/go/format.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { apply } from './apply.ts';
import { objectOf } from './body.ts';
import { asJson } from './json-edge.ts';
import { withManagedFields } from './managed-fields/show.ts';
import { keyIn, type Operation, type Outcome, presented } from './operation.ts';
import type { ServedResource } from './served-resource.ts';
import { replace } from './update.ts';

export function patch(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  if (request.patchType === 'application/apply-patch+yaml') return apply(operation);
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  if (!old) throw notFound(resource, name);
  const shown = asJson(presented(operation, old));
  const whole = request.patchType === 'application/json-patch+json' ? withManagedFields(shown) : shown;
  const patched = patchedObject(operation, whole);
  return { code: 200, object: presented(operation, replace(operation, old, objectOf(operation, patched))) };
}

/** The patch applied to an object as the client sees it, and decoded as the client's bodies are. */
export function patchedObject(operation: Operation, object: JsonObject): JsonObject {
  const { request, resource } = operation;
  const decode = (value: JsonValue): JsonObject => operation.decode(resource, value);
  const body = request.body ?? {};
  try {
    switch (request.patchType) {
      case 'application/json-patch+json':
        return decode(applyJsonPatch(object, body));
      case 'application/merge-patch+json':
        return decode(applyMergePatch(object, body));
      case 'application/strategic-merge-patch+json':
        if (!isObject(body))
          throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}');
        if (resource.definition === undefined) throw unsupportedStrategic();
        return decodeMerged(operation, object, applyStrategicMerge(object, body, resource.definition), body);
      default:
        throw unsupportedStrategic();
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw patchRefused(error);
  }
}

/** Decodes the result of a strategic merge; where that fails, in the words of upstream's merge. */
function decodeMerged(
  { decode, resource }: Operation,
  object: JsonObject,
  merged: JsonObject,
  patch: JsonObject,
): JsonObject {
  try {
    return decode(resource, ofSameType(object, merged));
  } catch (error) {
    throw unrestorable(merged, patch, resource) ?? error;
  }
}

/** A strategic merge happens between objects of one type: what the patch says of kind and version counts for nothing. */
function ofSameType({ kind = '', apiVersion = '' }: JsonObject, patched: JsonObject): JsonObject {
  if (patched.kind === kind && patched.apiVersion === apiVersion) return patched;
  return { ...patched, kind, apiVersion };
}

/** What is wrong with a strategic patch whose result cannot be decoded. */
function unrestorable(patched: JsonObject, patch: JsonObject, { definition }: ServedResource): Error | undefined {
  const problem = definition && restoreProblem(definition, patched);
  if (!problem) return undefined;
  return invalid({ group: '', kind: '' }, '', [invalidField('patch', goText(patch), problem)]);
}

function patchRefused(error: PatchError): Error {
  if (error.code === 422)
    return apiError({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
      details: {},
    });
  return badRequest(error.message);
}

function unsupportedStrategic(): Error {
  const message =
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
  return apiError({ code: 415, reason: 'UnsupportedMediaType', message });
}
