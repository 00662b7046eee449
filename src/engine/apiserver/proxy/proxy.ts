// The proxy subresources of pods, services and nodes: the request goes on to what they name, over the cluster's network.
//
//   GET /api/v1/namespaces/default/pods/web:80/proxy/index.html ─▶ GET /index.html at 10.244.1.2:80
import type { KubeletApi } from '../../../api/kubelet.ts';
import type { KubeRequest } from '../../../api/ports.ts';
import type { ApiRequest } from '../../../api/request.ts';
import { type ApiError, badRequest, serviceUnavailable } from '../../../api/status.ts';
import { concatBytes, encodeUtf8 } from '../../../base/bytes.ts';
import type { Dialer, HttpResponse } from '../../../base/http.ts';
import { exchange } from '../../../base/http-exchange.ts';
import { tlsDialer } from '../../../base/tls-dialer.ts';
import type { RandomStream } from '../../sim/random.ts';
import type { Stop } from '../../sim/scope.ts';
import type { ApiCore } from '../api-core.ts';
import type { ChannelInput, ChannelSink } from '../channels.ts';
import type { HttpSink } from '../http-sink.ts';
import type { ResourceRoute } from '../router.ts';
import { type Location, locationOf } from './location.ts';
import { bytesOf, onlyOfMessage, onwardHeaders, upgradeHeaders } from './messages.ts';
import { isRewritten, type Page, rewritten } from './rewrite.ts';
import { openTunnel } from './tunnel.ts';

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
export function proxyTo(
  reach: ProxyReach,
  route: ResourceRoute,
  { call, request, sink, refused }: ProxyExchange,
): Stop {
  reach.api.authorizer.check(call);
  const location = locationOf(reach.api, { ...route, id: route.name ?? '' }, reach.random);
  const page = pageOf(request);
  if (page.path === '' && (request.method === 'GET' || request.method === 'HEAD')) {
    sink.head(301, { location: `${page.prefix}/${page.query}` });
    sink.end();
    return () => {};
  }
  if (location.kind === 'kubelet') {
    const { status, body, type } = kubeletOf(reach, location).get(page.path + page.query);
    answer(sink, { page, host: location.host }, responseOf(status, body, type));
    return () => {};
  }
  const { way, target, host } = wayTo(reach, location, { page, request });
  return exchange(way, target, {
    ...relayed(sink, { page, host }),
    failed: (message) => refused(unreachable(dialText(message, host))),
    upgraded: (connection) => connection.close(), // nobody asked for it
  });
}

/** Takes an upgrade to whoever is behind the proxy. Throws ApiError. */
export function tunnelTo(
  reach: ProxyReach,
  route: ResourceRoute,
  { call, request, sink }: TunnelExchange,
): ChannelInput {
  reach.api.authorizer.check(call);
  const location = locationOf(reach.api, { ...route, id: route.name ?? '' }, reach.random);
  const page = pageOf(request);
  if (location.kind === 'kubelet') throw badRequest("upgrades at a node's kubelet are not simulated");
  const { way, target, host } = wayTo(reach, location, { page, request });
  const headers = { ...target.headers, ...upgradeHeaders(request.headers ?? {}) };
  return openTunnel(way, { ...target, headers }, sink, (message) => unreachable(dialText(message, host)));
}

function kubeletOf(reach: ProxyReach, { node, host, port }: Location & { readonly kind: 'kubelet' }): KubeletApi {
  const kubelet = reach.kubelets(node);
  if (!kubelet) throw unreachable(`dial tcp ${host}:${port}: connect: no route to host`);
  return kubelet;
}

/** How an address is reached, and what it is asked. */
function wayTo(
  reach: ProxyReach,
  { host, port, scheme }: Location & { readonly kind: 'address' },
  { page, request }: { readonly page: Page; readonly request: KubeRequest },
) {
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
  return { way, target, host: `${host}:${port}` };
}

export interface ProxyExchange {
  readonly request: KubeRequest;
  readonly call: ApiRequest;
  readonly sink: HttpSink;
  /** Answers with an error that came up later. */
  refused(error: ApiError): void;
}

export interface TunnelExchange {
  readonly request: KubeRequest;
  readonly call: ApiRequest;
  readonly sink: ChannelSink;
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

/** Passes an answer on as it comes; a page waits until it is whole, for its links are to be rewritten. */
function relayed(sink: HttpSink, at: { readonly page: Page; readonly host: string }) {
  let waiting: { readonly status: number; readonly headers: HttpResponse['headers'] } | undefined;
  const pieces: Uint8Array[] = [];
  return {
    head(status: number, headers: HttpResponse['headers']): void {
      if (isRewritten(headers)) waiting = { status, headers };
      else answerHead(sink, rewritten({ status, headers, body: noBytes }, at));
    },
    piece(bytes: Uint8Array): void {
      if (waiting) pieces.push(bytes);
      else sink.body({ kind: 'bytes', bytes });
    },
    end(): void {
      if (waiting) answer(sink, at, { ...waiting, body: concatBytes(pieces) });
      else sink.end();
    },
  };
}

const noBytes = new Uint8Array();

type Answer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

function answer(sink: HttpSink, at: { readonly page: Page; readonly host: string }, response: Answer): void {
  const shown = rewritten(response, at);
  answerHead(sink, shown);
  if (shown.body.length > 0) sink.body({ kind: 'bytes', bytes: shown.body });
  sink.end();
}

function answerHead(sink: HttpSink, { status, headers }: Answer): void {
  const kept = [...onlyOfMessage(headers)].filter(([name]) => !name.startsWith('access-control-'));
  sink.head(status, { 'cache-control': 'no-cache, private', ...Object.fromEntries(kept) });
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
