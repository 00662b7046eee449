// A parsed request as the request target that a client would have sent: path and query.
import type { ApiRequest, RequestOptions } from '../../api/request.ts';

export function uriOf({ group, version, namespace, resource, name, subresource, options, verb }: ApiRequest): string {
  const parts = [...(namespace ? ['namespaces', namespace] : []), resource, name, subresource];
  const path = parts
    .filter((part) => part !== undefined)
    .map(encodeURIComponent)
    .join('/');
  const root = group === '' ? '/api' : `/apis/${group}`;
  return `${root}/${version}/${path}${queryOf(options, verb === 'watch' ? { watch: true } : {})}`;
}

function queryOf(options: RequestOptions = {}, more: { readonly watch?: boolean } = {}): string {
  const pairs = Object.entries({ ...options, ...more }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
