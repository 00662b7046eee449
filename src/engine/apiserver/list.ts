// GET: one object, or a list of what a selection finds, in pages.

import { notFound } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { CompactedError } from '../etcd/store.ts';
import {
  checkListOptions,
  checkRevision,
  compacted,
  continueToken,
  type PageStart,
  pageLimit,
  pageStart,
} from './list-options.ts';
import { keyIn, type Operation, type Outcome, presented } from './operation.ts';
import { selectionOf } from './selection.ts';
import { listKindOf, type ServedResource } from './served-resource.ts';

export function get(operation: Operation): Outcome {
  const { request, resource, server, storage } = operation;
  const name = request.name ?? '';
  checkRevision(request, server.revision());
  const object = storage.get(keyIn(resource, request.namespace, name));
  if (!object) throw notFound(resource, name);
  return { code: 200, object: presented(operation, object) };
}

export function list(operation: Operation): Outcome {
  const { request, resource, server } = operation;
  const { options = {} } = request;
  const selection = selectionOf(resource, request);
  checkListOptions(request);
  checkRevision(request, server.revision());
  const start = pageStart(options);
  const revision = start.revision ?? server.revision();
  const cached = isCached(resource);
  const limit = pageLimit(options, cached);
  const counted = !options.labelSelector && !options.fieldSelector;
  const items: StoredObject[] = [];
  let remaining = 0;
  let last: StoredObject | undefined;
  for (const object of objectsFrom(operation, start)) {
    if (!selection.matches(object)) continue;
    if (limit > 0 && items.length === limit) {
      remaining++;
      if (!counted) break; // that there are more is all that is told
      continue;
    }
    items.push(selection.present(object));
    last = object;
  }
  const metadata = {
    resourceVersion: String(revision),
    ...(last && remaining > 0 && { continue: continueToken(revision, nextKey(operation, last, cached)) }),
    ...(remaining > 0 && counted && { remainingItemCount: remaining }),
  };
  return { code: 200, object: { kind: listKindOf(resource), apiVersion: resource.apiVersion, metadata, items } };
}

/** The objects that a page may hold, in the order of their keys. */
function objectsFrom(operation: Operation, start: PageStart): readonly StoredObject[] {
  const { request, resource, storage } = operation;
  const { revision, key } = start;
  try {
    if (revision !== undefined) return storage.listAt(revision, request.namespace, key);
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    throw compacted(start);
  }
  const all = storage.list(request.namespace);
  if (key === '') return all;
  const from = request.namespace === undefined ? key : `${request.namespace}/${key}`;
  return all.filter(({ metadata }) => keyIn(resource, metadata?.namespace, metadata?.name ?? '') >= from);
}

/** Events come and go too often to be held by the server itself. */
function isCached({ kind, custom }: ServedResource): boolean {
  return kind !== 'Event' || custom !== undefined;
}

/** Where the next page begins, below what is listed; as keys are in the server's cache, or in etcd. */
function nextKey({ request, resource }: Operation, { metadata }: StoredObject, cached: boolean): string {
  const name = metadata?.name ?? '';
  const key = request.namespace === undefined ? keyIn(resource, metadata?.namespace, name) : name;
  return `${cached ? '/' : ''}${key}\0`;
}
