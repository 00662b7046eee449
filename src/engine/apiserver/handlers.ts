// What the API server does for each verb, and for each subresource that has a way of its own.
import type { ApiRequest } from '../../api/request.ts';
import type { Authorizer } from './authorizer.ts';
import { bind } from './binding.ts';
import { componentStatusHandler } from './component-statuses.ts';
import { create } from './create.ts';
import { remove, removeCollection } from './delete.ts';
import { evict } from './eviction.ts';
import { get, list } from './list.ts';
import type { Operation, Outcome } from './operation.ts';
import { patch } from './patch.ts';
import { reviewHandler } from './reviews.ts';
import { scale } from './scale.ts';
import { issueToken } from './token.ts';
import { update } from './update.ts';

/** Undefined: the resource does not allow it. */
export function handlerOf(
  request: ApiRequest,
  authorizer: Authorizer,
): ((operation: Operation) => Outcome) | undefined {
  const { verb, subresource, resource } = request;
  if (subresource === undefined)
    return (
      (verb === 'create' ? reviewHandler(authorizer, resource) : componentStatusHandler(request)) ?? handlers[verb]
    );
  if (subresource === 'scale') return ['get', 'update', 'patch'].includes(verb) ? scale : undefined;
  if (verb === 'create') return Object.hasOwn(makers, subresource) ? makers[subresource] : undefined;
  const known = partsOfObjects.has(subresource) && (verb === 'get' || verb === 'update' || verb === 'patch');
  return known ? handlers[verb] : undefined;
}

const handlers: Readonly<Record<string, (operation: Operation) => Outcome>> = {
  get,
  list,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeCollection,
};

/** Subresources that are a part of their object, read and written as the object is. */
const partsOfObjects = new Set(['status', 'finalize', 'approval', 'ephemeralcontainers', 'resize']);

/** Subresources that something is created through. */
const makers: Readonly<Record<string, (operation: Operation) => Outcome>> = {
  binding: bind,
  eviction: evict,
  token: issueToken,
};
