// Answers to paths that are no resources: discovery, OpenAPI, version, health; and to those that nothing is behind.
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { noSuchResource } from '../../api/status.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { late } from '../../base/late.ts';
import { withRemote } from './aggregator/remote-groups.ts';
import { type Document, documentAt, methodNotAllowed } from './documents.ts';
import { type Exchange, reply } from './exchange.ts';
import { fairnessDump } from './fairness/dumps.ts';
import type { HttpServer } from './http-parts.ts';
import { aggregatedEncoding, type Encoding, mediaTypes, negotiate } from './media-types.ts';
import { openApiAnswer } from './openapi-answer.ts';
import { storageVersionHash } from './storage-version.ts';

const metricsCode = late('metrics', () => import('./metrics/server-metrics.ts'));

export function answerPath(server: HttpServer, exchange: Exchange): void {
  const { request, target, accept } = exchange;
  const { headers = {}, method } = request;
  const { openApi } = server;
  const file = openApiAnswer(target.path, { headers, query: target.query, openApi, nowMs: server.nowMs() });
  if (file) {
    exchange.sink.head(file.status, file.headers);
    if (file.body) exchange.sink.body(file.body);
    exchange.sink.end();
    return;
  }
  const document = target.path.includes('//')
    ? undefined
    : documentAt(target.path, {
        groups: withRemote(server.api.registry, server.aggregator().groups()),
        accept,
        address: server.api.address,
        query: target.query,
        etcd: server.api.etcdHealth,
        keySet: () => server.api.authenticator.tokenKey.keySet,
        metrics: (what) => {
          const { api, startedAt, storageBytes } = server;
          const measured = { api, startedAt, now: server.nowMs(), storageBytes };
          return what === 'slis' ? metricsCode().serverSlis(measured) : metricsCode().serverMetrics(measured);
        },
        zPages: {
          component: 'apiserver',
          startedAt: server.startedAt,
          now: server.nowMs(),
          flags: server.api.flags,
          separator: server.separator(),
        },
        fairness: (path) => fairnessDump(path, server.api.fairness),
        storageHash: ({ group, version, resource }) => {
          const served = server.api.registry.find(group, version, resource);
          return served && storageVersionHash(served);
        },
      });
  if (!document) {
    const [, root = '', group = ''] = target.path.split('/');
    if (root === 'api' || (root === 'apis' && server.api.registry.hasBuiltInGroup(group))) throw noSuchResource();
    answerNotFound(exchange);
    return;
  }
  if (method !== 'GET' && (method !== 'HEAD' || isRouted(target.path))) throw methodNotAllowed();
  if (document.kind === 'json') answerJson(exchange, document);
  else answerText(exchange, document);
}

/** What a path is answered that nothing is behind, not even a group of the API. */
export function answerNotFound({ sink }: Exchange): void {
  sink.head(404, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
  sink.body({ kind: 'text', text: '404 page not found\n' });
  sink.end();
}

/** Paths that have routes by method, of which none is HEAD. */
function isRouted(path: string): boolean {
  return /^\/(?:api\/?$|api\/|apis\/[^/]+\/.|version|openid\/|\.well-known\/)/.test(path);
}

function answerJson(exchange: Exchange, { value, type: named }: Document & { readonly kind: 'json' }): void {
  const { sink, target, accept } = exchange;
  if (named !== undefined) {
    sink.head(200, { 'content-type': named, 'cache-control': 'public, max-age=3600' });
    sink.body({ kind: 'text', text: JSON.stringify(value) });
    sink.end();
    return;
  }
  const encoding = value.kind === 'APIGroupDiscoveryList' ? aggregatedEncoding(accept) : undefined;
  if (encoding) {
    answerAggregated(exchange, value, encoding);
    return;
  }
  const encodings = value.kind === undefined ? inJson : knownEncodings;
  const type = negotiate(accept, { encodings, forms: false, watch: false, routed: true });
  reply(exchange, { status: 200, type: { ...type, pretty: type.pretty || indented.has(target.path) } }, value);
}

/** A client that has the same document already is spared it. */
function answerAggregated(exchange: Exchange, value: JsonObject, encoding: Encoding): void {
  const etag = JSON.stringify(bytesToHex(sha512(encodeUtf8(JSON.stringify(value)))).toUpperCase());
  const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
  if (exchange.request.headers?.['if-none-match'] === etag) {
    exchange.sink.head(304, headers);
    exchange.sink.end();
    return;
  }
  const contentType = `${mediaTypes[encoding]};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`;
  reply(exchange, { status: 200, type: { encoding, form: undefined, pretty: false }, contentType, headers }, value);
}

function answerText({ sink }: Exchange, document: Document & { readonly kind: 'text' }): void {
  sink.head(document.status ?? 200, {
    'content-type': document.type ?? 'text/plain; charset=utf-8',
    ...(document.headers ?? { 'x-content-type-options': 'nosniff' }),
  });
  sink.body(document);
  sink.end();
}

/** Documents that are indented for everybody. */
const indented = new Set(['/', '/version', '/version/']);

const inJson = ['json'] as const;
const knownEncodings = ['json', 'yaml', 'protobuf'] as const;
