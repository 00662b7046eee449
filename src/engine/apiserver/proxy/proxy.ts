// The proxy subresources of pods, services and nodes: the request goes on to what they name, over the cluster's network.
//
//   GET /api/v1/namespaces/default/pods/web:80/proxy/index.html ─▶ GET /index.html at 10.244.1.2:80
//
// Left out: upgrades (WebSocket) through a proxy; answers that never end arrive when their connection closes.
import type { KubeletApi } from '../../../api/kubelet.ts';
import type { KubeRequest } from '../../../api/ports.ts';
import type { ApiRequest } from '../../../api/request.ts';
import { type ApiError, serviceUnavailable } from '../../../api/status.ts';
import { encodeUtf8 } from '../../../base/bytes.ts';
import { type Dialer, type HttpResponse, httpGet } from '../../../base/http.ts';
import { tlsDialer } from '../../../base/tls-dialer.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { Stop } from '../../sim/scope.ts';
import type { ApiCore } from '../api-core.ts';
import type { HttpSink } from '../http-sink.ts';
import type { ResourceRoute } from '../router.ts';
import { locationOf } from './location.ts';
import { bytesOf, onlyOfMessage, onwardHeaders } from './messages.ts';
import { type Page, rewritten } from './rewrite.ts';

/** What a proxy reaches others by. */
export interface ProxyReach {
  readonly api: ApiCore;
  /** The machine that the API server runs on; undefined where it has no network. */
  dialer(): Dialer | undefined;
  kubelets(node: string): KubeletApi | undefined;
  now(): number;
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
    headers: { ...onwardHeaders(request.headers ?? {}), 'X-Forwarded-Uri': page.prefix + page.path },
    body: bytesOf(request.body),
  };
  const way = scheme === 'https' ? tlsDialer(dialer, { serverName: host, now: reach.now }) : dialer;
  return httpGet(way, target, {
    response: (response) => answer(sink, { page, host: `${host}:${port}` }, response),
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

function answer(sink: HttpSink, at: { readonly page: Page; readonly host: string }, response: HttpResponse): void {
  const { status, headers, body } = rewritten(response, at);
  const kept = [...onlyOfMessage(headers)].filter(([name]) => !name.startsWith('access-control-'));
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
