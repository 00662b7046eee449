// One HTTP request and its answer on the way.
import type { KubeRequest } from '../../api/ports.ts';
import { ApiError } from '../../api/status.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { contentType, encodeAnswer } from './encode-answer.ts';
import type { HttpSink } from './http-sink.ts';
import { asJson } from './json-edge.ts';
import { type AnswerType, negotiate } from './media-types.ts';
import type { RequestMemory } from './request-memory.ts';
import { flag, type Target } from './router.ts';

export interface Exchange {
  readonly request: KubeRequest;
  readonly target: Target;
  readonly accept: string;
  readonly warnings: string[];
  readonly memory: RequestMemory;
  readonly sink: HttpSink;
}

/** Answers with an object, encoded as was negotiated. */
export function reply(
  exchange: Exchange,
  {
    status,
    type,
    contentType: named,
    headers,
  }: {
    readonly status: number;
    readonly type: AnswerType;
    readonly contentType?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
  value: JsonObject,
): void {
  const { sink } = exchange;
  exchange.memory.audit?.answered(value);
  sink.head(status, { ...headersOf(exchange, named ?? contentType(type)), ...retryAfter(value), ...headers });
  sink.body(encodeAnswer({ encoding: type.encoding, pretty: type.pretty || wantsPretty(exchange) }, value));
  sink.end();
}

/** Answers with an error; it comes as JSON to those who accept nothing that it could come in. */
export function refuse(exchange: Exchange, error: ApiError): void {
  const { sink, accept } = exchange;
  try {
    const type = negotiate(accept, { encodings: ['json', 'yaml', 'protobuf'], forms: false, watch: false });
    reply(exchange, { status: error.code, type }, asJson(error.status));
  } catch (unacceptable) {
    if (!(unacceptable instanceof ApiError)) throw unacceptable;
    sink.head(error.code, headersOf(exchange, 'application/json'));
    sink.body(encodeAnswer({ encoding: 'json', pretty: true }, asJson(error.status)));
    sink.end();
  }
}

export function headersOf({ warnings }: Exchange, type: string): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-cache, private',
    'content-type': type,
    ...(warnings.length > 0 && {
      warning: [...new Set(warnings)].map((text) => `299 - ${JSON.stringify(text)}`).join(', '),
    }),
  };
}

/** When a client that was refused may try again. */
function retryAfter({ kind, details }: JsonObject): Readonly<Record<string, string>> {
  const seconds = kind === 'Status' && isObject(details) ? details.retryAfterSeconds : undefined;
  return seconds ? { 'retry-after': String(seconds) } : {};
}

/** People read what they get by these programs. */
function wantsPretty({ request, target }: Exchange): boolean {
  const agent = request.headers?.['user-agent'] ?? '';
  return target.query.get('pretty')?.[0] ? flag(target.query, 'pretty') : /^(curl|Wget|Mozilla\/5\.0)/.test(agent);
}
