// The HTTP edge: the Kubernetes API as requests and replies. Parses at the edge; inside everything is typed.
import type { KubeRequest } from '../../api/ports.ts';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import { parseApiVersion } from '../../api/resource.ts';
import { type ApiError, ApiError as ApiFailure, forbidden, internalError, noSuchResource } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Stop } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import { creationDelayMs } from './custom/custom-request.ts';
import { documentAt, methodNotAllowed } from './documents.ts';
import { ordered } from './field-order.ts';
import type { HttpSink } from './http-sink.ts';
import { actingUser } from './http-user.ts';
import { asJson } from './json-edge.ts';
import { withManagedFields } from './managed-fields/show.ts';
import { answerType } from './media-types.ts';
import type { RequestCounts } from './metrics.ts';
import type { OpenApiDocuments } from './openapi-documents.ts';
import { type ProxyReach, proxyTo } from './proxy/proxy.ts';
import { bodyOf, decodeBody, duplicatesIn, patchTypeUnsupported } from './request-body.ts';
import { AnswersNeeded, RequestMemory } from './request-memory.ts';
import { optionsOf } from './request-options.ts';
import { flag, parseTarget, type ResourceRoute, routeOf, type Target } from './router.ts';
import type { ServedResource } from './served-resource.ts';
import { storageVersionHash } from './storage-version.ts';
import { partialOf, tableOf } from './table.ts';

export interface HttpServer {
  readonly api: ApiCore;
  readonly nowMs: () => number;
  readonly openApi: OpenApiDocuments;
  readonly counts: RequestCounts;
  readonly proxy: ProxyReach;
  /** Calls later. */
  readonly after: (delayMs: number, then: () => void) => Stop;
  /** Opens logs, proxies and the like; see kubelet-streams.ts. */
  readonly stream: (route: ResourceRoute, target: Target, request: ApiRequest, sink: HttpSink) => Stop | undefined;
}

/** One request and its answer on the way. */
interface Exchange {
  readonly server: HttpServer;
  readonly request: KubeRequest;
  readonly target: Target;
  readonly accept: string;
  readonly warnings: string[];
  readonly memory: RequestMemory;
  readonly sink: HttpSink;
}

/** Answers a request. Returns how to stop an answer that keeps coming. */
export function serveHttp(server: HttpServer, request: KubeRequest, sink: HttpSink): Stop {
  const headers = request.headers ?? {};
  const target = parseTarget(request.path);
  const route = routeOf(request.method, target);
  const verb = route.kind === 'resource' ? route.verb.toUpperCase() : request.method;
  const counted: HttpSink = {
    head(status, replyHeaders) {
      server.counts.add(route, verb, status);
      sink.head(status, replyHeaders);
    },
    body: (piece) => sink.body(piece),
    end: () => sink.end(),
  };
  const memory = new RequestMemory();
  const exchange: Exchange = {
    server,
    request,
    target,
    accept: headers.accept ?? '',
    warnings: [],
    memory,
    sink: counted,
  };
  return guarded(exchange, () => {
    if (!methods.has(request.method)) throw methodNotAllowed();
    const { authenticator, authorizer } = server.api;
    const user = actingUser(authenticator.userOfRequest(request), headers, authorizer);
    if (route.kind === 'resource') return serveResource(exchange, route, user);
    servePath(exchange, user);
    return () => {};
  });
}

/** What goes wrong becomes the answer. */
function guarded(exchange: Exchange, serve: () => Stop): Stop {
  try {
    return serve();
  } catch (error) {
    if (error instanceof ApiFailure) refuse(exchange, error);
    else if (error instanceof AnswersNeeded) return error.ask(exchange.memory, () => void guarded(exchange, serve));
    else {
      refuse(exchange, internalError(error instanceof Error ? error.message : String(error)));
      throw error; // the client has its answer; the mistake is ours
    }
  }
  return () => {};
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

function servePath(exchange: Exchange, user: UserInfo): void {
  const { server, request, target, accept } = exchange;
  const verb = request.method === 'GET' || request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
  if (!server.api.authorizer.allows(user, { kind: 'path', verb, path: target.path })) {
    const text = `User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(target.path)}`;
    throw forbidden({ group: '', resource: '' }, '', text);
  }
  const document = documentAt(target.path, {
    groups: server.api.registry.groups(),
    accept,
    address: server.api.address,
    query: target.query,
    etcd: server.api.etcdHealth,
    openApi: server.openApi,
    keySet: () => server.api.authenticator.tokenKey.keySet,
    metrics: () => server.counts.text(server.api.storedCounts()),
    storageHash: ({ group, version, resource }) => {
      const served = server.api.registry.find(group, version, resource);
      return served && storageVersionHash(served);
    },
  });
  if (!document) {
    if (target.path.startsWith('/api')) throw noSuchResource();
    exchange.sink.head(404, { 'content-type': 'text/plain; charset=utf-8' });
    exchange.sink.body({ kind: 'text', text: '404 page not found\n' });
    exchange.sink.end();
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  if (document.kind === 'json') {
    if (document.type !== undefined) {
      exchange.sink.head(200, { 'content-type': document.type, 'cache-control': 'public, max-age=3600' });
      exchange.sink.body({ kind: 'text', text: JSON.stringify(document.value) });
      exchange.sink.end();
      return;
    }
    if (indented.has(target.path)) {
      answerType(accept);
      exchange.sink.head(200, headersOf(exchange, 'application/json'));
      exchange.sink.body({ kind: 'text', text: JSON.stringify(document.value, null, 2) });
      exchange.sink.end();
      return;
    }
    const aggregated = document.value.kind === 'APIGroupDiscoveryList';
    const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    reply(exchange, 200, document.value, aggregated ? type : undefined);
    return;
  }
  exchange.sink.head(document.status ?? 200, {
    'content-type': document.type ?? 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  exchange.sink.body(document);
  exchange.sink.end();
}

/** Documents that are indented for everybody. */
const indented = new Set(['/', '/version', '/version/']);

function serveResource(exchange: Exchange, route: ResourceRoute, user: UserInfo): Stop {
  const { server, target } = exchange;
  const resource = server.api.registry.find(route.group, route.version, route.resource);
  if (!resource) throw noSuchResource();
  if (route.namespace === undefined && route.name === undefined && route.verb === 'create' && resource.namespaced)
    throw methodNotAllowed();
  const call = callOf(exchange, route, resource, user);
  const stream = server.stream(route, target, call, exchange.sink);
  if (stream) return stream;
  if (route.group === '' && route.subresource === 'proxy')
    return proxyTo(server.proxy, route, {
      request: exchange.request,
      call,
      sink: exchange.sink,
      refused: (error) => refuse(exchange, error),
    });
  if (route.verb === 'watch') return serveWatch(exchange, call, resource);
  if (!isDiscovery(exchange.accept)) answerType(exchange.accept);
  const delayMs = creationDelayMs(resource, call.verb, server.nowMs());
  const perform = (): Stop => performResource(exchange, call, resource);
  return delayMs > 0 ? server.after(delayMs, () => void guarded(exchange, perform)) : perform();
}

function performResource(exchange: Exchange, call: ApiRequest, resource: ServedResource): Stop {
  const { server } = exchange;
  const outcome = server.api.perform(call, (text) => exchange.warnings.push(text), {
    decode: (shape, value) => decodeBody(shape, value, decodeOptions(exchange, shape)),
    memory: exchange.memory,
  });
  const answer = asJson(outcome.object);
  const shown = isFailure(answer) ? answer : presented(exchange, resource, answer);
  const own = shown.kind === resource.kind || shown.kind === `${resource.kind}List`;
  reply(exchange, outcome.code, own ? ordered(shown, resource.definition) : shown);
  return () => {};
}

function callOf(exchange: Exchange, route: ResourceRoute, resource: ServedResource, user: UserInfo): ApiRequest {
  const { request, target } = exchange;
  const { verb, group, version, namespace, name, subresource } = route;
  const headers = request.headers ?? {};
  const optionsKind = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' };
  const kind = verb === 'create' || verb === 'update' || verb === 'patch' ? optionsKind[verb] : 'DeleteOptions';
  const options = optionsOf(target.query, kind);
  const base = { verb, group, version, resource: resource.resource, subresource, namespace, name, options, user };
  const call: ApiRequest = { ...base, userAgent: headers['user-agent'] ?? '' };
  if (group === '' && subresource === 'proxy') return call;
  const patchType = verb === 'patch' ? patchTypeOf(headers['content-type'] ?? '') : undefined;
  const given = bodyOf(request, resource.kind);
  if (given === undefined) return call;
  if (patchType !== undefined) {
    return { ...call, patchType, body: given };
  }
  if (verb === 'delete' || verb === 'deletecollection') return { ...call, body: given };
  const shape = subresource ? bodyShape(given, resource) : resource;
  const about = { ...decodeOptions(exchange, shape), duplicates: duplicatesIn(request) };
  return { ...call, body: decodeBody(shape, given, about) };
}

/** A subresource's body may be of another kind: Scale, Binding, Eviction. */
function bodyShape(given: unknown, resource: ServedResource): ServedResource {
  const kind = typeof given === 'object' && given !== null && 'kind' in given ? given.kind : resource.kind;
  return kind === resource.kind ? resource : { ...resource, definition: undefined, custom: undefined };
}

function decodeOptions(exchange: Exchange, { version, kind }: ServedResource) {
  const fieldValidation = exchange.target.query.get('fieldValidation')?.[0];
  return { fieldValidation, gvk: { version, kind }, warn: (text: string) => void exchange.warnings.push(text) };
}

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
] as const;

function patchTypeOf(contentType: string): (typeof patchTypes)[number] {
  const type = contentType.split(';')[0]?.trim();
  const found = patchTypes.find((known) => known === type);
  if (!found) throw patchTypeUnsupported();
  return found;
}

function serveWatch(exchange: Exchange, call: ApiRequest, resource: ServedResource): Stop {
  const { server, sink } = exchange;
  let started = false;
  let first = true;
  const start = (): void => {
    if (started) return;
    started = true;
    sink.head(200, headersOf(exchange, 'application/json'));
  };
  return server.api.openWatch(call, {
    events(events) {
      start();
      for (const { type, object } of events) {
        const plain = type === 'ERROR' || (type === 'BOOKMARK' && !isTable(exchange.accept));
        const shown = plain ? object : presented(exchange, resource, object, !first);
        if (!plain) first = false;
        sink.body({ kind: 'json', value: { type, object: shown } });
      }
    },
    closed() {
      start();
      sink.end();
    },
    opened: start,
  });
}

/** In the form that the client asked for: whole, as a Table, or metadata alone. */
function presented(
  exchange: Exchange,
  resource: ServedResource,
  plain: JsonObject,
  withoutColumns = false,
): JsonObject {
  const answer = withManagedFields(plain);
  const { accept, target, server } = exchange;
  if (isTable(accept)) {
    const includeObject = target.query.get('includeObject')?.[0] ?? 'Metadata';
    return tableOf(resource, answer, { nowMs: server.nowMs(), includeObject, withoutColumns });
  }
  if (/as=PartialObjectMetadata(?!List)/.test(accept)) return partialOf(answer);
  if (!accept.includes('as=PartialObjectMetadataList')) return answer;
  const items = Array.isArray(answer.items) ? answer.items.map(partialOf) : [];
  return { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: answer.metadata ?? {}, items };
}

function isTable(accept: string): boolean {
  return accept.includes('as=Table') && accept.includes('v=v1');
}

function isDiscovery(accept: string): boolean {
  return accept.includes('as=APIGroupDiscoveryList');
}

function isFailure(answer: JsonObject): boolean {
  return answer.kind === 'Status' && parseApiVersion(String(answer.apiVersion))?.group === '';
}

function refuse(exchange: Exchange, error: ApiError): void {
  reply(exchange, error.code, asJson(error.status));
}

function reply(exchange: Exchange, status: number, value: JsonObject, type = 'application/json'): void {
  const { request, sink, target } = exchange;
  sink.head(status, headersOf(exchange, type));
  const agent = request.headers?.['user-agent'] ?? '';
  const pretty = target.query.has('pretty') ? flag(target.query, 'pretty') : /^(curl|Wget|Mozilla)/.test(agent);
  sink.body(pretty ? { kind: 'text', text: escaped(JSON.stringify(value, null, 2)) } : { kind: 'json', value });
  sink.end();
}

/** Go writes characters that mean something in HTML as escapes. */
function escaped(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function headersOf({ warnings }: Exchange, type: string): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-cache, private',
    'content-type': type,
    ...(warnings.length > 0 && {
      warning: [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`).join(', '),
    }),
  };
}
