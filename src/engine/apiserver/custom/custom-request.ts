// What holds for requests of custom resources alone.
import { forbidden } from '../../../api/status.ts';
import type { Operation } from '../operation.ts';
import type { ServedResource } from '../served-resource.ts';

/** After a definition is established, other API servers may need so long to see it. */
const settleMs = 2000;

/** Warns of deprecated versions. */
export function warnOfVersion({ resource, warn }: Operation): void {
  if (resource.custom?.warning !== undefined) warn(resource.custom.warning);
}

/** Admits no object whose definition is going. */
export function refuseAtTheEnd(resource: ServedResource, name: string): void {
  if (!resource.custom?.terminating) return;
  throw forbidden(resource, name, 'create not allowed while custom resource definition is terminating');
}

/** How long the creation of an object waits: its definition is young. */
export function creationDelayMs(resource: ServedResource, verb: string, nowMs: number): number {
  if (verb !== 'create' || !resource.custom) return 0;
  return nowMs - resource.custom.sinceMs < settleMs ? settleMs : 0;
}
