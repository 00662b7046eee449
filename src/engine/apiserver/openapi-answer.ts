// How OpenAPI documents are answered: like files, with when they were changed and a tag by which a client that has one
// already is spared it.
//
//   /openapi/v3 ─▶ paths ─▶ /openapi/v3/apis/apps/v1?hash=AB12 ─▶ a document that may be kept for ever
//                                                 └ of an older document ─▶ 301 to the one that is there now
import type { KubeBody, KubeRequest } from '../../api/ports.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatHttpDate } from '../../base/time.ts';
import { preferredOf } from './media-types.ts';
import type { OpenApiDocuments } from './openapi-documents.ts';
import type { Target } from './router.ts';

export interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: KubeBody;
}

interface OpenApiRequest {
  readonly headers: NonNullable<KubeRequest['headers']>;
  readonly query: Target['query'];
  readonly openApi: OpenApiDocuments;
  readonly nowMs: number;
}

/** Undefined: the path leads to no document. */
export function openApiAnswer(path: string, asked: OpenApiRequest): FileAnswer | undefined {
  if (path === '/openapi/v2') return version2(asked);
  if (path === '/openapi/v3') {
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'last-modified': formatHttpDate(asked.nowMs) };
    return { status: 200, headers, body: json(asked.openApi.at('v3') ?? {}) };
  }
  return path.startsWith('/openapi/v3/') ? groupVersion(path.slice('/openapi/'.length), asked) : undefined;
}

const inJson = 'application/json';
const inProtobuf = (version: 'v2' | 'v3'): string =>
  `application/com.github.proto-openapi.spec.${version}.v1.0+protobuf`;
/** What clients still call it. */
const inProtobufOnce = (version: 'v2' | 'v3'): string =>
  `application/com.github.proto-openapi.spec.${version}@v1.0+protobuf`;

function version2({ headers, openApi }: OpenApiRequest): FileAnswer {
  const type = preferredOf(headers.accept ?? '', [inJson, inProtobuf('v2'), inProtobufOnce('v2')]);
  if (type === undefined) return notAcceptable;
  const isJson = type === inJson;
  const body = (): KubeBody => (isJson ? json(openApi.at('v2') ?? {}) : { kind: 'bytes', bytes: openApi.bytes() });
  return file(
    { type: isJson ? inJson : inProtobuf('v2'), tag: openApi.hash('v2'), changedAt: openApi.changedAt, body },
    headers,
  );
}

function groupVersion(path: string, { headers, query, openApi, nowMs }: OpenApiRequest): FileAnswer {
  if (!openApi.has(path)) return { status: 404, headers: {} };
  const asked = preferredOf(headers.accept ?? '', [inJson, inProtobuf('v3'), inProtobufOnce('v3')]);
  if (asked === undefined) return notAcceptable;
  const isJson = asked === inJson;
  const type = isJson ? inJson : inProtobuf('v3');
  const tag = openApi.hash(path);
  const wanted = query.get('hash')?.[0] ?? '';
  if (wanted !== '' && wanted !== tag) {
    const location = `/openapi/${path}?hash=${tag}`;
    const more = { 'content-type': type, etag: JSON.stringify(tag), vary: 'Accept', location };
    return { status: 301, headers: more };
  }
  const body = (): KubeBody =>
    isJson ? json(openApi.at(path) ?? {}) : { kind: 'bytes', bytes: openApi.bytesOf(path) };
  const lasting = { 'cache-control': 'public, immutable', expires: expiry(nowMs) };
  return file({ type, tag, changedAt: openApi.changedAt, body, ...(wanted !== '' && { more: lasting }) }, headers);
}

interface File {
  readonly type: string;
  readonly tag: string;
  readonly changedAt: number;
  readonly more?: Readonly<Record<string, string>>;
  body(): KubeBody;
}

/** As Go's file server answers: 304 to whoever has it. */
function file({ type, tag, changedAt, more = {}, body }: File, asked: OpenApiRequest['headers']): FileAnswer {
  const etag = JSON.stringify(tag);
  const headers = { vary: 'Accept', etag, ...more };
  if (isKnown(asked, etag, changedAt)) return { status: 304, headers };
  return {
    status: 200,
    headers: { ...headers, 'content-type': type, 'last-modified': formatHttpDate(changedAt) },
    body: body(),
  };
}

function isKnown(headers: OpenApiRequest['headers'], etag: string, changedAt: number): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return tags.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')));
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(changedAt / 1000) * 1000 <= since;
}

const notAcceptable: FileAnswer = { status: 406, headers: { vary: 'Accept' } };

function json(value: JsonObject): KubeBody {
  return { kind: 'json', value };
}

/** A year from now, as far as a header says it. */
function expiry(nowMs: number): string {
  const next = new Date(nowMs);
  next.setUTCFullYear(next.getUTCFullYear() + 1);
  return formatHttpDate(next.getTime()).replace('GMT', 'UTC');
}
