// A request as policies and webhooks are told of it: an AdmissionRequest without its objects.

import type { ApiRequest } from '../../../api/request.ts';
import type { ApiError } from '../../../api/status.ts';
import { forbidden } from '../../../api/status.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { asJson } from '../json-edge.ts';
import { inServersOrder } from '../presentation.ts';
import type { ServedResource } from '../served-resource.ts';
import type { Attributes } from './plugin.ts';
import { namespaceOf } from './request-matching.ts';

/** `matched`: the version in which it is told. */
export function admissionRequest(
  attributes: Attributes,
  matched: ServedResource,
  object: StoredObject | undefined,
): JsonObject {
  const { resource, subresource, operation, request, dryRun } = attributes;
  const name = operation === 'create' ? (object?.metadata?.name ?? '') : attributes.name;
  const namespace = namespaceOf(attributes);
  const { user } = request;
  const options = operation === 'connect' ? undefined : optionsOf(operation, request);
  return {
    kind: kindOf(attributes, matched),
    resource: resourceOf(matched),
    ...(subresource && { subResource: subresource }),
    requestKind: kindOf(attributes, resource),
    requestResource: resourceOf(resource),
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation: operation.toUpperCase(),
    userInfo: {
      username: user.name,
      ...(user.uid && { uid: user.uid }),
      groups: user.groups,
      ...(user.extra && { extra: user.extra }),
    },
    dryRun,
    ...(options && { options }),
  };
}

/** The object in the version in which a request matched. */
export function shownIn(
  { view }: Attributes,
  matched: ServedResource,
  object: StoredObject | undefined,
): JsonObject | null {
  if (!object) return null;
  if (view) return asJson(view.show(object));
  return inServersOrder(matched, asJson(matched.conversion?.fromStored(object) ?? object));
}

/** Upstream's NewForbidden: the name as far as it is known. */
export function refusal({ resource, name }: Attributes, object: StoredObject | undefined, text: string): ApiError {
  const { metadata } = object ?? {};
  return forbidden(resource, name || metadata?.name || metadata?.generateName || 'Unknown', text);
}

function kindOf({ subresource, view }: Attributes, { group, version, kind, subresources }: ServedResource): JsonObject {
  const part = view && subresources.find(({ name }) => name === subresource);
  return part ? { group: part.group, version: part.version, kind: part.kind } : { group, version, kind };
}

function resourceOf({ group, version, resource }: ServedResource): JsonObject {
  return { group, version, resource };
}

const optionKinds = { create: 'CreateOptions', update: 'UpdateOptions', delete: 'DeleteOptions' };

function optionsOf(operation: keyof typeof optionKinds, request: ApiRequest): JsonObject {
  const kind = request.verb === 'patch' ? 'PatchOptions' : optionKinds[operation];
  const { dryRun, fieldManager, fieldValidation, force, gracePeriodSeconds, propagationPolicy } = request.options ?? {};
  const deletion = operation === 'delete';
  return {
    kind,
    apiVersion: 'meta.k8s.io/v1',
    ...(dryRun?.length && { dryRun }),
    ...(!deletion && fieldManager && { fieldManager }),
    ...(!deletion && fieldValidation && { fieldValidation }),
    ...(force !== undefined && { force }),
    ...(deletion && gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(deletion && propagationPolicy && { propagationPolicy }),
  };
}
