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

/** Whether every escape of a path is one: others are refused before anything looks at them. */
export function isWellFormed(text: string): boolean {
  const mark = text.indexOf('?');
  return isEscaped(mark < 0 ? text : text.slice(0, mark));
}

/** Path and query, decoded. */
export function parseTarget(text: string): Target {
  const mark = text.indexOf('?');
  const query = new Map<string, string[]>();
  if (mark >= 0) {
    for (const pair of text.slice(mark + 1).split('&')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      const [key, value] = [equals < 0 ? pair : pair.slice(0, equals), equals < 0 ? '' : pair.slice(equals + 1)];
      if (!isEscaped(pair) || pair.includes(';')) continue; // as Go does
      const name = decodeQuery(key);
      const values = query.get(name) ?? [];
      values.push(decodeQuery(value));
      query.set(name, values);
    }
  }
  return { path: decodeText(mark < 0 ? text : text.slice(0, mark)), query };
}

export function routeOf(method: string, { path, query }: Target): Route {
  const [beforeProxy = path] = /^.*?\/proxy(?=\/|$)/.exec(path) ?? [];
  if (beforeProxy.includes('//')) return { kind: 'path', path };
  const parts = path.split('/').filter((part) => part !== '');
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

/** A flag of the query: set by `x`, `x=true`, `x=1`, by anything but what says no. */
export function flag(query: Target['query'], name: string): boolean {
  const value = query.get(name)?.[0];
  return value !== undefined && value !== '0' && value.toLowerCase() !== 'false';
}

function isEscaped(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

function decodeQuery(text: string): string {
  return decodeText(text.replace(/\+/g, ' '));
}

/** Bytes that are no UTF-8 stay as they were sent. */
function decodeText(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
