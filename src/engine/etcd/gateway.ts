// A member's client port as etcd's JSON gateway serves it: POST /v3/kv/range and so on, bytes in base64, 64-bit
// numbers as text; and GET /health, /version.
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import type { AnswerSink, StreamHandler } from '../../base/http-streams.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import type { Stop } from '../sim/scope.ts';
import { calls } from './gateway-calls.ts';
import { answerDocument } from './gateway-health.ts';
import { type Gateway, header } from './gateway-port.ts';
import { watchKeys } from './gateway-watch.ts';
import { LeaseExistsError, LeaseNotFoundError } from './lessor.ts';
import { EtcdError, InvalidArgumentError, MemberNotFoundError, NoSpaceError, PreconditionError } from './member.ts';
import { CompactedError, FutureRevisionError } from './store.ts';

export function etcdGateway(gateway: Gateway): StreamHandler {
  return ({ method, target, body }, sink) => {
    const path = target.replace(/\?.*$/, '');
    if (!gateway.member.running) {
      sink.end();
      return () => {};
    }
    if (method === 'GET') return answerDocument(gateway, target, sink);
    const request = requestIn(body);
    if (!request) {
      reply(sink, 400, { code: 3, message: 'invalid character in the request', details: [] });
      return () => {};
    }
    return path === '/v3/watch' ? watchKeys(gateway, request, sink) : answerCall(gateway, { path, request }, sink);
  };
}

/** Undefined: it is no JSON. */
function requestIn(body: Uint8Array): JsonObject | undefined {
  if (body.length === 0) return {};
  try {
    const given: unknown = JSON.parse(decodeUtf8(body));
    return isObject(given) ? given : undefined;
  } catch {
    return undefined; // told to the client
  }
}

function answerCall(
  gateway: Gateway,
  { path, request }: { readonly path: string; readonly request: JsonObject },
  sink: AnswerSink,
): Stop {
  const call = Object.hasOwn(calls, path) ? calls[path] : undefined;
  if (!call) {
    reply(sink, 404, { code: 5, message: 'Not Found', details: [] });
    return () => {};
  }
  const { scope } = gateway.cluster;
  if (gateway.member.learner && !answersAsLearner(path, request)) {
    const message = 'etcdserver: rpc not supported for learner';
    reply(sink, 400, { error: message, code: 9, message });
    return () => {};
  }
  return scope.run(
    call(gateway, request),
    (answer) => reply(sink, 200, isObject(answer.result) ? answer : { header: headerOf(gateway, path), ...answer }),
    (error) => {
      const code = codeOf(error);
      if (code === undefined) throw error;
      const message = error instanceof Error ? error.message : String(error);
      reply(sink, code === 14 ? 503 : 400, { error: message, code, message });
    },
  );
}

function answersAsLearner(path: string, { serializable }: JsonObject): boolean {
  return path === '/v3/maintenance/status' || (path === '/v3/kv/range' && serializable === true);
}

/** Answers about members tell no revision. */
function headerOf(gateway: Gateway, path: string): JsonObject {
  const { revision: _, ...others } = header(gateway);
  return path.startsWith('/v3/cluster/') ? others : header(gateway);
}

/** A member's port for --listen-metrics-urls: nothing but what it tells of itself. */
export function etcdMetrics(gateway: Gateway): StreamHandler {
  return ({ target }, sink) => answerDocument(gateway, target, sink);
}

/** gRPC's number for what went wrong; undefined: a mistake of ours. */
function codeOf(error: unknown): number | undefined {
  if (error instanceof CompactedError || error instanceof FutureRevisionError) return 11;
  if (error instanceof LeaseNotFoundError || error instanceof MemberNotFoundError) return 5;
  if (error instanceof LeaseExistsError || error instanceof PreconditionError) return 9;
  if (error instanceof NoSpaceError) return 8;
  if (error instanceof InvalidArgumentError) return 3;
  return error instanceof EtcdError ? 14 : undefined;
}

function reply(sink: AnswerSink, status: number, value: JsonObject): void {
  sink.head(status, { 'Content-Type': 'application/json' });
  sink.piece(encodeUtf8(JSON.stringify(value)));
  sink.end();
}
