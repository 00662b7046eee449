// Writes objects: create, replace, patch, delete, with the paths and content types that upstream uses.
import { objectAt } from '../base/fields.ts';
import type { JsonObject, JsonValue } from '../base/json.ts';
import type { Query } from './client/url.ts';
import { resourcePath } from './client/url.ts';
import type { Context } from './context.ts';
import { type Info, objectPath } from './resource/info.ts';

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

export const patchContentTypes: Readonly<Record<PatchType, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** POSTs the info's object, without a version that it may carry. */
export function createInfo(context: Context, info: Info, query: Query): Promise<JsonObject> {
  const ns = info.resource.namespaced ? info.ns : undefined;
  return context.client().object({
    method: 'POST',
    path: resourcePath(info.resource, { ns }),
    query,
    body: withoutVersion(info.object),
    about: aboutInfo(info),
  });
}

function withoutVersion(object: JsonObject | undefined): JsonObject | undefined {
  const metadata = objectAt(object, 'metadata');
  if (!metadata?.resourceVersion) return object;
  const { resourceVersion: _, ...others } = metadata;
  return { ...object, metadata: others };
}

/** PUTs the info's object. */
export function replaceInfo(context: Context, info: Info, query: Query): Promise<JsonObject> {
  return context.client().object({
    method: 'PUT',
    path: objectPath(info),
    query,
    body: info.object,
    about: aboutInfo(info),
  });
}

export interface PatchRequest {
  readonly type: PatchType;
  /** JSON, or text as the user wrote it. */
  readonly patch: JsonValue;
  readonly query?: Query;
  readonly subresource?: string;
}

export function patchInfo(context: Context, info: Info, request: PatchRequest): Promise<JsonObject> {
  return context.client().object({
    method: 'PATCH',
    path: objectPath(info, request.subresource || info.subresource),
    query: request.query ?? {},
    headers: { 'content-type': patchContentTypes[request.type] },
    ...(typeof request.patch === 'string'
      ? { rawBody: { kind: 'text' as const, text: request.patch } }
      : { body: request.patch }),
    about: aboutInfo(info),
  });
}

export function deleteInfo(context: Context, info: Info, options: JsonObject, query: Query = {}): Promise<JsonObject> {
  return context.client().object({
    method: 'DELETE',
    path: objectPath(info),
    query,
    body: options,
    about: aboutInfo(info),
  });
}

export function aboutInfo(info: Info): { group: string; resource: string; name: string } {
  return { group: info.resource.group, resource: info.resource.resource, name: info.name };
}
