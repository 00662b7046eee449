// What the authorizer is asked about an HTTP request, before anybody looks at whether it makes sense.
import { type Attributes, nameSelected, placeOf } from './authorizer.ts';
import type { Route, Target } from './router.ts';

/** Methods of requests that stand for a verb on a resource. */
export const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Watches of old: `/api/v1/watch/pods`. */
const watchPrefix = /^\/(api|apis\/[^/]+)\/[^/]+\/watch\//;

export function requestAttributes(method: string, route: Route, { path, query }: Target): Attributes {
  if (route.kind === 'path') return { kind: 'path', verb: method.toLowerCase(), path };
  const { group, resource, subresource } = route;
  const verb = watchPrefix.test(path) ? 'watch' : methods.has(method) ? route.verb : '';
  const selects = verb === 'list' || verb === 'watch';
  const fieldSelector = selects ? query.get('fieldSelector')?.[0] : undefined;
  const name = route.name ?? nameSelected(fieldSelector);
  return { kind: 'resource', verb, group, resource, subresource, namespace: placeOf(route), name, fieldSelector };
}
