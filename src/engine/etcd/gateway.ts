// A member's client port as etcd's JSON gateway serves it: POST /v3/kv/range and so on, bytes in base64, 64-bit
// numbers as text; and GET /health, /version.
import { grpcCode } from '../../api/etcd-methods.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import type { AnswerSink, StreamHandler } from '../../base/http-streams.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import type { Stop } from '../sim/scope.ts';
import type { Work } from '../sim/work.ts';
import { AuthError } from './auth-store.ts';
import { checkPermitted } from './gateway-auth.ts';
import { calls } from './gateway-calls.ts';
import { countedCall } from './gateway-counts.ts';
import { answerDocument } from './gateway-health.ts';
import { type Gateway, header } from './gateway-port.ts';
import { watchKeys } from './gateway-watch.ts';
import { LeaseExistsError, LeaseNotFoundError, LeaseTooLongError } from './lessor.ts';
import {
  diskMs,
  EtcdError,
  InvalidArgumentError,
  MemberNotFoundError,
  NoSpaceError,
  PreconditionError,
} from './member.ts';
import { CompactedError, FutureRevisionError } from './store.ts';

/** `commonName`: of the certificate that the connection's client has shown. */
export function etcdGateway(gateway: Gateway, commonName?: string): StreamHandler {
  return (asked, sink) => {
    const { method, target, body } = asked;
    const path = target.replace(/\?.*$/, '');
    if (!gateway.member.running) {
      sink.end();
      return () => {};
    }
    if (method === 'GET') return answerDocument(gateway, asked, sink);
    const request = requestIn(body);
    if (!request) {
      reply(sink, 400, { code: 3, message: 'invalid character in the request', details: [] });
      return () => {};
    }
    gateway.meters.receivedBytes += body.length;
    const call = { path, request, commonName, headers: asked.headers };
    return path === '/v3/watch' ? watch(gateway, call, sink) : answerCall(gateway, call, sink);
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

const writing = new Set(['/v3/kv/put', '/v3/kv/deleterange', '/v3/kv/txn', '/v3/lease/grant', '/v3/lease/revoke']);

interface Asked {
  readonly path: string;
  readonly request: JsonObject;
  readonly headers: ReadonlyMap<string, string>;
  readonly commonName: string | undefined;
}

/**
 * Who asks: whose token it is, else whom the certificate names; etcd heeds that of gRPC's clients alone, one of which
 * etcdctl is. Throws AuthError.
 */
function userOf({ cluster }: Gateway, { headers, commonName }: Asked): string | undefined {
  if (!cluster.auth.enabled) return undefined;
  const token = headers.get('authorization');
  if (token !== undefined) return cluster.auth.userOf(token);
  return headers.get('user-agent')?.startsWith('grpc-go/') ? commonName : undefined;
}

function watch(gateway: Gateway, asked: Asked, sink: AnswerSink): Stop {
  const { meters } = gateway;
  const create = asked.request.create_request;
  try {
    const user = userOf(gateway, asked);
    if (isObject(create)) checkPermitted({ ...gateway, user }, '/v3/kv/range', create);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const reason = `rpc error: code = ${grpcCode(error.code)} desc = ${error.message}`;
    sink.head(200, { 'Content-Type': 'application/json' });
    const result = { header: header(gateway), created: true, canceled: true, cancel_reason: reason };
    sink.piece(encodeUtf8(`${JSON.stringify({ result })}\n`));
    sink.end();
    return () => {};
  }
  const stop = watchKeys(gateway, asked.request, sink);
  return () => {
    meters.rpcs.add('Watch/Watch Canceled');
    stop();
  };
}

function answerCall(gateway: Gateway, asked: Asked, sink: AnswerSink): Stop {
  const { path, request } = asked;
  const call = Object.hasOwn(calls, path) ? calls[path] : undefined;
  if (!call) {
    reply(sink, 404, { code: 5, message: 'Not Found', details: [] });
    return () => {};
  }
  const { scope } = gateway.cluster;
  const counted = countedCall(gateway, asked);
  const fail = (error: unknown): void => {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const message = error instanceof Error ? error.message : String(error);
    counted(code, {});
    reply(sink, statusOf(code), { error: message, code, message });
  };
  if (gateway.member.learner && !answersAsLearner(path, request)) {
    fail(new PreconditionError('etcdserver: rpc not supported for learner'));
    return () => {};
  }
  const run = function* (): Work<JsonObject> {
    const user = userOf(gateway, asked);
    const permitted = { ...gateway, user };
    checkPermitted(permitted, path, request);
    // API servers do not wait for a single member's disk, whose delay changes nothing for them; clients see it.
    if (gateway.cluster.single && writing.has(path)) yield* scope.sleep(diskMs + gateway.member.slowMs);
    return yield* call(permitted, request);
  };
  return scope.run(
    run(),
    (answer) => {
      counted(0, answer);
      const whole = isObject(answer.result) ? answer : { header: headerOf(gateway, path), ...answer };
      gateway.meters.sentBytes += reply(sink, 200, whole);
    },
    fail,
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

/** gRPC's number for what went wrong; undefined: a mistake of ours. */
function codeOf(error: unknown): number | undefined {
  if (error instanceof AuthError) return error.code;
  if (error instanceof CompactedError || error instanceof FutureRevisionError) return 11;
  if (error instanceof LeaseTooLongError) return 11;
  if (error instanceof LeaseNotFoundError || error instanceof MemberNotFoundError) return 5;
  if (error instanceof LeaseExistsError || error instanceof PreconditionError) return 9;
  if (error instanceof NoSpaceError) return 8;
  if (error instanceof InvalidArgumentError) return 3;
  return error instanceof EtcdError ? 14 : undefined;
}

/** As grpc-gateway has it. */
function statusOf(code: number): number {
  if (code === 14) return 503;
  if (code === 16) return 401;
  if (code === 7) return 403;
  if (code === 5) return 404;
  return code === 2 ? 500 : 400;
}

/** Returns how many bytes that is. */
function reply(sink: AnswerSink, status: number, value: JsonObject): number {
  const bytes = encodeUtf8(JSON.stringify(value));
  sink.head(status, { 'Content-Type': 'application/json' });
  sink.piece(bytes);
  sink.end();
  return bytes.length;
}
