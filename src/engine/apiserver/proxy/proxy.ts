// The proxy subresources of pods, services and nodes: the request goes on to what they name, over the cluster's network.
//
//   GET /api/v1/namespaces/default/pods/web:80/proxy/index.html ─▶ GET /index.html at 10.244.1.2:80
//
// Left out: upgrades (WebSocket) through a proxy; answers that never end arrive when their connection closes.
import type { KubeletApi } from '../../../api/kubelet.ts';
import type { KubeBody, KubeRequest } from '../../../api/ports.ts';
import type { ApiRequest } from '../../../api/request.ts';
import { type ApiError, serviceUnavailable } from '../../../api/status.ts';
import { encodeUtf8 } from '../../../base/bytes.ts';
import { type Dialer, type HttpResponse, httpGet } from '../../../base/http.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { Stop } from '../../sim/scope.ts';
import type { ApiCore } from '../api-core.ts';
import type { HttpSink } from '../http-sink.ts';
import type { ResourceRoute } from '../router.ts';
import { locationOf } from './location.ts';
import { type Page, rewritten } from './rewrite.ts';

/** What a proxy reaches others by. */
export interface ProxyReach {
  readonly api: ApiCore;
  /** The machine that the API server runs on; undefined where it has no network. */
  dialer(): Dialer | undefined;
  kubelets(node: string): KubeletApi | undefined;
  readonly random: RandomStream;
}

/** Answers from behind the proxy. Throws ApiError. */
export function proxyTo(reach: ProxyReach, route: ResourceRoute, exchange: ProxyExchange): Stop {
  const { call, request, sink, refused } = exchange;
  reach.api.authorizer.check(call);
  const location = locationOf(reach.api, { ...route, id: route.name ?? '' }, reach.random);
  const page = pageOf(request);
  if (page.path === '' && (request.method === 'GET' || request.method === 'HEAD')) {
    sink.head(301, { location: `${page.prefix}/${page.query}` });
    sink.end();
    return () => {};
  }
  if (location.kind === 'kubelet') {
    const kubelet = reach.kubelets(location.node);
    if (!kubelet) throw unreachable(`dial tcp ${location.host}:${location.port}: connect: no route to host`);
    const { status, body, type } = kubelet.get(page.path + page.query);
    answer(sink, { page, host: location.host }, responseOf(status, body, type));
    return () => {};
  }
  const { host, port, scheme } = location;
  const dialer = reach.dialer();
  if (!dialer) throw unreachable(`dial tcp ${host}:${port}: connect: no route to host`);
  const target = {
    host,
    port,
    path: page.path + page.query,
    method: request.method,
    headers: onwardHeaders(request, page),
    body: bytesOf(request.body),
  };
  return httpGet(dialer, target, {
    response(response) {
      if (scheme === 'https') refused(unreachable('http: server gave HTTP response to HTTPS client'));
      else answer(sink, { page, host: `${host}:${port}` }, response);
    },
    failed: (message) => refused(unreachable(dialText(message, `${host}:${port}`))),
  });
}

export interface ProxyExchange {
  readonly request: KubeRequest;
  readonly call: ApiRequest;
  readonly sink: HttpSink;
  /** Answers with an error that came up later. */
  refused(error: ApiError): void;
}

/** The request's path in two: what leads to the proxy, and what it is asked for. */
function pageOf({ path, headers }: KubeRequest): Page {
  const mark = path.indexOf('?');
  const bare = mark < 0 ? path : path.slice(0, mark);
  const at = /^.*?\/(?:pods|services|nodes)\/[^/]+\/proxy/.exec(bare)?.[0].length ?? bare.length;
  return {
    prefix: bare.slice(0, at),
    path: bare.slice(at),
    query: mark < 0 ? '' : path.slice(mark),
    asked: headers?.host ?? '',
  };
}

/** Headers that are about one connection and not about the message. */
const hopByHop = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Credentials are for the API server; the body's length is counted anew. */
const notPassedOn = new Set(['authorization', 'content-length', 'accept-encoding']);

function onwardHeaders({ headers = {} }: KubeRequest, { prefix, path }: Page): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(
    ([name]) => !hopByHop.has(name) && !notPassedOn.has(name) && !name.startsWith('impersonate-'),
  );
  const named = kept.map(([name, value]) => [canonical(name), value] as const);
  return { ...Object.fromEntries(named), 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Uri': prefix + path };
}

/** `content-type` → `Content-Type`. */
function canonical(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function answer(sink: HttpSink, at: { readonly page: Page; readonly host: string }, response: HttpResponse): void {
  const { status, headers, body } = rewritten(response, at);
  const kept = [...headers].filter(([name]) => !hopByHop.has(name) && !name.startsWith('access-control-'));
  sink.head(status, { 'cache-control': 'no-cache, private', ...Object.fromEntries(kept) });
  if (body.length > 0) sink.body({ kind: 'bytes', bytes: body });
  sink.end();
}

function unreachable(reason: string): ApiError {
  return serviceUnavailable(`error trying to reach service: ${reason}`);
}

/** `connect: connection refused` → `dial tcp 10.244.1.2:80: connect: connection refused`. */
function dialText(message: string, address: string): string {
  return message.startsWith('connect:') || message === 'i/o timeout' ? `dial tcp ${address}: ${message}` : message;
}

function responseOf(status: number, content: object | string, type: string | undefined): HttpResponse {
  const text = typeof content === 'string' ? content : `${JSON.stringify(content)}\n`;
  const plain = typeof content === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const body = encodeUtf8(text);
  const headers = new Map([
    ['content-type', type ?? plain],
    ['content-length', String(body.length)],
  ]);
  return { version: 'HTTP/1.1', status, statusText: '', headers, body };
}

function bytesOf(body: KubeBody | undefined): Uint8Array | undefined {
  if (!body) return undefined;
  if (body.kind === 'bytes') return body.bytes;
  return encodeUtf8(body.kind === 'text' ? body.text : JSON.stringify(body.value));
}
