// GET: one object, or a list of what a selection finds, in pages.

import { apiError, badRequest, expired, notFound } from '../../api/status.ts';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { CompactedError } from '../etcd/store.ts';
import { keyIn, type Operation, type Outcome, presented } from './operation.ts';
import { selectionOf } from './selection.ts';

export function get(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  const name = request.name ?? '';
  checkNotAhead(operation);
  const object = storage.get(keyIn(resource, request.namespace, name));
  if (!object) throw notFound(resource, name);
  return { code: 200, object: presented(operation, object) };
}

export function list(operation: Operation): Outcome {
  const { request, resource, server } = operation;
  const { limit = 0, continue: token } = request.options ?? {};
  const selection = selectionOf(resource, request);
  checkNotAhead(operation);
  const from = token ? decodeToken(token) : undefined;
  const revision = from?.revision ?? server.revision();
  const all = objectsAt(operation, from?.revision);
  const items: StoredObject[] = [];
  let remaining = 0;
  let last = '';
  for (const object of all) {
    const { namespace, name = '' } = object.metadata ?? {};
    const key = keyIn(resource, namespace, name);
    if (from && key < from.key) continue;
    if (!selection.matches(object)) continue;
    if (limit > 0 && items.length === limit) remaining++;
    else {
      items.push(selection.present(object));
      last = key;
    }
  }
  const filtered = Boolean(request.options?.labelSelector || request.options?.fieldSelector);
  const metadata = {
    resourceVersion: String(revision),
    ...(remaining > 0 && { continue: encodeToken({ revision, key: `${last}\0` }) }),
    ...(remaining > 0 && !filtered && { remainingItemCount: remaining }),
  };
  return { code: 200, object: { kind: `${resource.kind}List`, apiVersion: resource.apiVersion, metadata, items } };
}

function objectsAt({ request, storage }: Operation, revision: number | undefined): readonly StoredObject[] {
  const { resourceVersion, resourceVersionMatch } = request.options ?? {};
  const exact = revision ?? (resourceVersionMatch === 'Exact' ? Number(resourceVersion) : undefined);
  if (exact === undefined) return storage.list(request.namespace);
  try {
    return storage.listAt(exact, request.namespace);
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
}

/** A resourceVersion that etcd has not reached: upstream waits three seconds for it, then says so. */
function checkNotAhead({ request, server }: Operation): void {
  const { resourceVersion } = request.options ?? {};
  if (!resourceVersion) return;
  const wanted = Number(resourceVersion);
  if (!/^\d+$/.test(resourceVersion)) {
    const body =
      'Invalid value: "' + resourceVersion + '": strconv.ParseUint: parsing "' + resourceVersion + '": invalid syntax';
    throw badRequest(`resourceVersion: ${body}`);
  }
  if (wanted <= server.revision()) return;
  const message = `Too large resource version: ${wanted}, current: ${server.revision()}`;
  const details = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  };
  throw apiError({ code: 504, reason: 'Timeout', message: `Timeout: ${message}`, details });
}

interface Token {
  readonly revision: number;
  readonly key: string;
}

function encodeToken({ revision, key }: Token): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: key });
  return encodeBase64(encodeUtf8(text)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function decodeToken(token: string): Token {
  const padding = '='.repeat((4 - (token.length % 4)) % 4);
  const bytes = decodeBase64(token.replace(/-/g, '+').replace(/_/g, '/') + padding);
  const match = bytes && /^\{"v":"meta\.k8s\.io\/v1","rv":(\d+),"start":(".*")\}$/.exec(decodeUtf8(bytes));
  if (!match) throw badRequest('continue key is not valid: illegal base64 data at input byte 0');
  return { revision: Number(match[1]), key: String(JSON.parse(match[2] ?? '""')) };
}
