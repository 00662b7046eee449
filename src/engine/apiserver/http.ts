// The HTTP edge: the Kubernetes API as requests and replies. Parses at the edge; inside everything is typed.
import type { KubeBody, KubeRequest } from '../../api/ports.ts';
import type { ApiRequest, UserInfo } from '../../api/request.ts';
import { type GroupVersionKind, parseApiVersion } from '../../api/resource.ts';
import { definitionName } from '../../api/schema/schema.ts';
import { ApiError, badRequest, internalError, noSuchResource, notFound } from '../../api/status.ts';
import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import type { Stop } from '../sim/scope.ts';
import { forward } from './aggregator/forward.ts';
import type { RemoteApi } from './aggregator/remote-api.ts';
import { connectionOptions } from './connection-admission.ts';
import { creationDelayMs } from './custom/custom-request.ts';
import { answerNotFound, answerPath } from './document-answer.ts';
import { methodNotAllowed } from './documents.ts';
import { type Exchange, refuse, reply } from './exchange.ts';
import { type Turn, turnOf } from './fairness/turnstile.ts';
import type { HttpServer } from './http-parts.ts';
import type { HttpSink } from './http-sink.ts';
import { serveWatch } from './http-watch.ts';
import { asJson } from './json-edge.ts';
import { openStream } from './kubelet-streams.ts';
import { type AnswerType, negotiate } from './media-types.ts';
import { presented } from './presentation.ts';
import { proxyTo } from './proxy/proxy.ts';
import { methods, requestAttributes } from './request-attributes.ts';
import {
  bodyOf,
  decodeBody,
  decodeOptionsBody,
  duplicatesIn,
  emptyBody,
  emptyPatch,
  jsonTextOf,
  patchProblems,
  patchTypeUnsupported,
} from './request-body.ts';
import { AnswersNeeded, RequestMemory } from './request-memory.ts';
import { optionsOf } from './request-options.ts';
import { requestUser } from './request-user.ts';
import { isWellFormed, parseTarget, type ResourceRoute, type Route, routeOf, type Target } from './router.ts';
import type { ServedResource } from './served-resource.ts';

/** Answers a request. Returns how to stop an answer that keeps coming. */
export function serveHttp(server: HttpServer, request: KubeRequest, sink: HttpSink): Stop {
  const headers = request.headers ?? {};
  if (!isWellFormed(request.path)) {
    sink.head(400, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    sink.body({ kind: 'text', text: '400 Bad Request' });
    sink.end();
    return () => {};
  }
  const target = parseTarget(request.path);
  const route = routeOf(request.method, target);
  const auditId = headers['audit-id'] ?? server.auditId();
  const memory = new RequestMemory();
  let turn: Turn | undefined;
  let entered = false;
  const since = server.nowMs();
  let bytes = 0;
  let code = 0;
  const counted: HttpSink = {
    head(status, replyHeaders) {
      code = status;
      if (entered) tallyAnswer(server, { route, target, headers, status, tookMs: server.nowMs() - since });
      memory.audit?.started(status);
      const guarded = !entered && (status === 400 || status === 403) && { 'x-content-type-options': 'nosniff' };
      const own = { 'audit-id': auditId, 'cache-control': 'no-cache, private', ...turn?.headers, ...guarded };
      sink.head(status, { ...own, ...replyHeaders });
    },
    body(piece) {
      bytes += lengthOf(piece);
      sink.body(piece);
    },
    end() {
      sink.end();
      memory.audit?.completed();
      if (entered) tallySize(server, route, { code, bytes });
    },
  };
  const exchange: Exchange = {
    request,
    target,
    accept: headers.accept ?? '',
    warnings: [],
    memory,
    sink: counted,
  };
  const stop = guarded(exchange, () => {
    const attributes = requestAttributes(request.method, route, target);
    const user = requestUser(server.api, { memory, route, request, attributes, auditId });
    turn ??= turnOf(server.api.fairness, { user, method: request.method, route });
    if (turn.refuse) return turn.refuse(counted, server.after);
    memory.audit?.authorized(user, server.api.authorizer);
    server.api.authorizer.permit(user, attributes);
    entered = true;
    if (!methods.has(request.method)) throw methodNotAllowed();
    const remote = remoteOf(server, route);
    if (remote) return serveRemote(server, exchange, { remote, route, user });
    if (route.kind === 'resource') return serveResource(server, exchange, { route, user });
    answerPath(server, exchange);
    return () => {};
  });
  return () => {
    stop();
    memory.audit?.completed();
  };
}

/** Bytes, as far as they are known: those of text are nearly its characters. */
function lengthOf(piece: KubeBody): number {
  if (piece.kind === 'bytes') return piece.bytes.length;
  return piece.kind === 'text' ? piece.text.length : 0;
}

function tallySize(
  { api }: HttpServer,
  route: Route,
  { code, bytes }: { readonly code: number; readonly bytes: number },
): void {
  if (route.kind !== 'resource' || (route.verb !== 'get' && route.verb !== 'list')) return;
  if (api.registry.find(route.group, route.version, route.resource)) api.tally.answered(route, code, bytes);
}

/** Counts an answer. Watches count when they end, and what was refused at the door not at all, as upstream. */
function tallyAnswer(
  server: HttpServer,
  about: {
    readonly route: Route;
    readonly target: Target;
    readonly headers: Readonly<Record<string, string>>;
    readonly status: number;
    readonly tookMs: number;
  },
): void {
  const { route, target, headers, status, tookMs } = about;
  const { tally, registry } = server.api;
  if (route.kind === 'path') {
    if (status !== 404) tally.addPath(route.path, status);
    return;
  }
  if (!registry.find(route.group, route.version, route.resource) || (route.verb === 'watch' && status === 200)) return;
  const patchType = patchTypes.find((type) => headers['content-type']?.startsWith(type));
  const dryRun = target.query.get('dryRun');
  tally.add({ ...route, patchType, options: dryRun && { dryRun: [...dryRun] } }, status, tookMs);
}

/** What goes wrong becomes the answer. */
function guarded(exchange: Exchange, serve: () => Stop): Stop {
  try {
    return serve();
  } catch (error) {
    if (error instanceof ApiError) refuse(exchange, error);
    else if (error instanceof AnswersNeeded) return error.ask(exchange.memory, () => void guarded(exchange, serve));
    else {
      const message = error instanceof Error ? error.message : String(error);
      refuse(exchange, internalError(message));
      exchange.memory.audit?.panicked(message);
      throw error; // the client has its answer; the mistake is ours
    }
  }
  return () => {};
}

/** Who else answers: a resource of an aggregated API, `/apis/GROUP/VERSION` or the OpenAPI document of one. */
function remoteOf(server: HttpServer, route: Route): RemoteApi | undefined {
  if (route.kind === 'resource') return server.aggregator().find(route.group, route.version);
  const [, document] = /^\/openapi\/v3\/(.+)$/.exec(route.path) ?? [];
  if (document !== undefined)
    return server.openApi.has(`v3/${document}`) ? undefined : server.aggregator().openApiAt(document);
  const [, group = '', version = ''] = /^\/apis\/([^/]+)\/([^/]+)\/?$/.exec(route.path) ?? [];
  return group === '' ? undefined : server.aggregator().find(group, version);
}

function serveRemote(
  server: HttpServer,
  { request, sink }: Exchange,
  { remote, route, user }: { readonly remote: RemoteApi; readonly route: Route; readonly user: UserInfo },
): Stop {
  const isWatch = route.kind === 'resource' && route.verb === 'watch';
  return forward(server.aggregator().connection, remote, { request, user, sink, isWatch });
}

const knownEncodings = ['json', 'yaml', 'protobuf'] as const;
/** What custom resources come in. */
const textEncodings = ['json', 'yaml'] as const;

function serveResource(
  server: HttpServer,
  exchange: Exchange,
  { route, user }: { readonly route: ResourceRoute; readonly user: UserInfo },
): Stop {
  const { target } = exchange;
  const resource = server.api.registry.find(route.group, route.version, route.resource);
  if (!resource) {
    if (server.api.registry.hasBuiltInGroup(route.group)) throw noSuchResource();
    answerNotFound(exchange);
    return () => {};
  }
  for (const text of resource.warnings ?? []) exchange.warnings.push(text);
  if (resource.namespaced && route.name !== undefined && route.namespace === undefined) throw noSuchResource();
  if (resource.custom && !hasPart(resource, route.subresource)) throw notFound(resource, route.name ?? '');
  if (!resource.custom && !isRouted(exchange.request.method, route, resource)) throw methodNotAllowed();
  const call = callOf(exchange, route, resource, user);
  const options = connectionOptions(resource, route, target);
  const warn = (text: string): void => void exchange.warnings.push(text);
  if (options) server.api.admitConnection(call, options, { memory: exchange.memory, warn });
  const stream = openStream(server.proxy, { route, target, request: call, sink: exchange.sink });
  if (stream) return stream;
  if (route.group === '' && route.subresource === 'proxy')
    return proxyTo(server.proxy, route, {
      request: exchange.request,
      call,
      sink: exchange.sink,
      refused: (error) => refuse(exchange, error),
    });
  const encodings = resource.custom ? textEncodings : knownEncodings;
  const routed = resource.custom === undefined;
  const type = negotiate(exchange.accept, { encodings, forms: true, watch: route.verb === 'watch', routed });
  const { nowMs } = server;
  const texts = server.openApi.columns;
  if (route.verb === 'watch') return serveWatch(server.api, exchange, call, { resource, type, nowMs, texts });
  const delayMs = creationDelayMs(resource, call.verb, server.nowMs());
  const perform = (): Stop => performResource(server, exchange, { call, resource, type });
  return delayMs > 0 ? server.after(delayMs, () => void guarded(exchange, perform)) : perform();
}

/** Whether there is a route for the method: to a collection, in all namespaces or one, or to an object. */
/** Custom resources have the subresources that their definition names. */
function hasPart({ subresources }: ServedResource, subresource: string | undefined): boolean {
  return subresource === undefined || subresources.some(({ name }) => name === subresource);
}

function isRouted(method: string, { name, namespace, subresource }: ResourceRoute, resource: ServedResource): boolean {
  if (subresource !== undefined) return true;
  if (name !== undefined) return method !== 'POST' && method !== 'HEAD';
  if (method === 'GET' || method === 'DELETE')
    return method === 'GET' || namespace !== undefined || !resource.namespaced;
  return method === 'POST' && (namespace !== undefined || !resource.namespaced);
}

function performResource(
  server: HttpServer,
  exchange: Exchange,
  wanted: { readonly call: ApiRequest; readonly resource: ServedResource; readonly type: AnswerType },
): Stop {
  const { call, resource, type } = wanted;
  const inPatch = call.patchType ? patchProblems(exchange.request, call.body) : [];
  const outcome = server.api.perform(call, (text) => exchange.warnings.push(text), {
    decode: (shape, value, words) =>
      decodeBody(shape, value, { ...decodeOptions(exchange, shape), words, duplicates: words && inPatch }),
    memory: exchange.memory,
  });
  const answer = asJson(outcome.object);
  const options = { type, target: exchange.target, nowMs: server.nowMs(), texts: server.openApi.columns };
  const shown = isFailure(answer) ? answer : presented(resource, answer, options);
  reply(exchange, { status: outcome.code, type }, shown);
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
  if (patchType !== undefined) return { ...call, patchType, body: given ?? emptyPatch(patchType) };
  if (given === undefined) {
    if ((verb === 'create' || verb === 'update') && !subresource) throw emptyBody(resource.kind);
    return call;
  }
  if (verb === 'delete' || verb === 'deletecollection') return { ...call, body: deleteOptionsOf(given) };
  const shape = subresource ? bodyShape(given, subresource, resource) : resource;
  const about = {
    ...decodeOptions(exchange, shape),
    duplicates: duplicatesIn(request, given),
    text: () => jsonTextOf(request),
  };
  return { ...call, body: decodeBody(shape, given, about) };
}

function deleteOptionsOf(given: JsonValue): JsonValue {
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = isObject(given) ? given : {};
  if (kind === 'DeleteOptions') return decodeOptionsBody('meta.v1.DeleteOptions', given);
  throw badRequest(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27"`,
  );
}

/** Kinds of the bodies that subresources take. */
const bodyKinds: Readonly<Record<string, GroupVersionKind>> = {
  binding: { group: '', version: 'v1', kind: 'Binding' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};

/** A subresource's body may be of another kind, also where it does not say so. */
function bodyShape(given: JsonValue, subresource: string, resource: ServedResource): ServedResource {
  const wanted = bodyKinds[subresource];
  const kind = isObject(given) ? (given.kind ?? wanted?.kind ?? resource.kind) : resource.kind;
  if (kind === resource.kind || (resource.custom && subresource === 'status')) return resource;
  const definition = kind === wanted?.kind ? definitionName(wanted) : undefined;
  return { ...resource, ...(definition && wanted), definition, custom: undefined };
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

function isFailure(answer: JsonObject): boolean {
  return answer.kind === 'Status' && parseApiVersion(String(answer.apiVersion))?.group === '';
}
