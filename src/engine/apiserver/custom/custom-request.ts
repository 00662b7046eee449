// What holds for requests of custom resources alone.
import { forbidden } from '../../../api/status.ts';
import { isObject } from '../../../base/json.ts';
import type { Operation } from '../operation.ts';
import type { ServedResource } from '../served-resource.ts';

/** After a definition is established, other API servers may need so long to see it. */
const settleMs = 2000;

/** Warns of deprecated versions. Throws where nothing new may be created. */
export function checkCustom({ resource, request, warn }: Operation): void {
  const { custom } = resource;
  if (!custom) return;
  if (custom.warning !== undefined) warn(custom.warning);
  if (!custom.terminating || request.verb !== 'create') return;
  const text = 'create not allowed while custom resource definition is terminating';
  const { metadata } = isObject(request.body) ? request.body : {};
  const name = isObject(metadata) ? metadata.name : undefined;
  throw forbidden(resource, request.name ?? (typeof name === 'string' ? name : ''), text);
}

/** How long the creation of an object waits: its definition is young. */
export function creationDelayMs(resource: ServedResource, verb: string, nowMs: number): number {
  if (verb !== 'create' || !resource.custom) return 0;
  return nowMs - resource.custom.sinceMs < settleMs ? settleMs : 0;
}
