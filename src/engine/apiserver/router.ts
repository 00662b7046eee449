// From a request's path to what it means: a resource with a verb, or a path that is no resource.
//
//   GET /api/v1/namespaces/default/pods/web/log ─▶ get pods web, subresource log
//   GET /apis/apps/v1/deployments?watch=1        ─▶ watch deployments everywhere
import type { Verb } from '../../api/request.ts';

export interface ResourceRoute {
  readonly kind: 'resource';
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** What follows `proxy/`. */
  readonly rest: string;
}

export type Route = ResourceRoute | { readonly kind: 'path'; readonly path: string };

export interface Target {
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

/** Path and query, decoded. */
export function parseTarget(text: string): Target {
  const mark = text.indexOf('?');
  const query = new Map<string, string[]>();
  if (mark >= 0) {
    for (const pair of text.slice(mark + 1).split('&')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      const key = decodeText(equals < 0 ? pair : pair.slice(0, equals));
      const values = query.get(key) ?? [];
      values.push(equals < 0 ? '' : decodeText(pair.slice(equals + 1)));
      query.set(key, values);
    }
  }
  return { path: mark < 0 ? text : text.slice(0, mark), query };
}

export function routeOf(method: string, { path, query }: Target): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeText);
  const legacy = parts[0] === 'api';
  if ((!legacy && parts[0] !== 'apis') || parts.length < (legacy ? 3 : 4)) return { kind: 'path', path };
  const [group = '', version = ''] = legacy ? ['', parts[1]] : [parts[1], parts[2]];
  let rest = parts.slice(legacy ? 2 : 3);
  let watching = flag(query, 'watch');
  if (rest[0] === 'watch') {
    watching = true;
    rest = rest.slice(1);
  }
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') {
    namespace = rest[1];
    rest = rest.slice(2);
  }
  const [resource = '', name, subresource] = rest;
  const verb = verbOf(method, name, watching);
  const after = rest.slice(3).join('/');
  return { kind: 'resource', verb, group, version, resource, subresource, namespace, name, rest: after };
}

function verbOf(method: string, name: string | undefined, watching: boolean): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return watching ? 'watch' : name === undefined ? 'list' : 'get';
  }
}

/** A flag of the query: set by `x`, `x=true`, `x=1`. */
export function flag(query: Target['query'], name: string): boolean {
  const value = query.get(name)?.[0];
  return value !== undefined && value !== 'false' && value !== '0';
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
