// Request targets: paths of resources and queries as Go's url package writes them.
import { escapePath, escapeQuery } from '../../base/go/url.ts';

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Sorted by key, as url.Values.Encode does; what is undefined is left out. */
export function encodeQuery(query: Query): string {
  return Object.keys(query)
    .sort()
    .flatMap((key) => {
      const value = query[key];
      const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
      return values.map((one) => `${escapeQuery(key)}=${escapeQuery(String(one))}`);
    })
    .join('&');
}

export interface ResourceName {
  readonly group: string;
  readonly version: string;
  /** Plural, e.g. `pods`. */
  readonly resource: string;
}

/** `/apis/apps/v1/namespaces/default/deployments/web/scale` */
export function resourcePath(
  resource: ResourceName,
  at: {
    readonly ns?: string | undefined;
    readonly name?: string | undefined;
    readonly subresource?: string | undefined;
  } = {},
): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const parts = [root];
  if (at.ns) parts.push('namespaces', escapePath(at.ns));
  parts.push(resource.resource);
  if (at.name) parts.push(escapePath(at.name));
  if (at.subresource) parts.push(at.subresource);
  return parts.join('/');
}
