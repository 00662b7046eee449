// Requests whose answers go on for long: their events tell when they begin as well.
import type { ApiRequest } from '../../../api/request.ts';

/** Verbs and subresources whose answers go on. */
export function isLongRunning({ verb, subresource }: Pick<ApiRequest, 'verb' | 'subresource'>): boolean {
  return verb === 'watch' || (subresource !== undefined && longRunning.has(subresource));
}

const longRunning = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);
