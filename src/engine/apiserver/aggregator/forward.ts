// Passes a request for an aggregated API on to who answers it: one of a client as it came, or one of a component.
import { KubeBodyReader } from '../../../api/kube-body.ts';
import type { KubeBody, KubeRequest } from '../../../api/ports.ts';
import { type ApiRequest, httpMethods, type UserInfo } from '../../../api/request.ts';
import { ApiError, apiError, serviceUnavailable } from '../../../api/status.ts';
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import type { HttpResponse } from '../../../base/http.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import type { Stop } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';
import type { HttpSink } from '../http-sink.ts';
import { bytesOf, onlyOfMessage, onwardHeaders } from '../proxy/messages.ts';
import { uriOf } from '../request-uri.ts';
import type { RemoteApi } from './remote-api.ts';
import type { RemoteConnection } from './remote-connection.ts';

export interface Forwarded {
  readonly request: KubeRequest;
  readonly user: UserInfo;
  readonly sink: HttpSink;
  /** Its answer is events, one a line. */
  readonly isWatch: boolean;
}

/** Answers as the other server does, as it comes. */
export function forward(
  connection: RemoteConnection,
  api: RemoteApi,
  { request, user, sink, isWatch }: Forwarded,
): Stop {
  const refuse = (text: string): void => {
    sink.head(503, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
    sink.body({ kind: 'text', text: `${text}\n` });
    sink.end();
  };
  if (!api.available) {
    refuse('service unavailable');
    return () => {};
  }
  const { method, path, headers: { host: _, ...headers } = {}, body } = request;
  let events: KubeBodyReader | undefined;
  const tell = (pieces: readonly KubeBody[]): void => {
    for (const piece of pieces) sink.body(piece);
  };
  return connection.exchange(
    api,
    { method, path, user, headers: onwardHeaders(headers), body: bytesOf(body) },
    {
      failed: (message) => refuse(`error trying to reach service: ${message}`),
      head(status, answered) {
        if (isWatch && status === 200) events = new KubeBodyReader(answered.get('content-type') ?? '');
        sink.head(status, Object.fromEntries(onlyOfMessage(answered)));
      },
      piece: (bytes) => tell(events ? events.push(bytes) : [{ kind: 'bytes', bytes }]),
      end() {
        if (events) tell(events.end());
        sink.end();
      },
    },
  );
}

/** A component's request, and the object that answers it. Throws ApiError. */
export function* call(connection: RemoteConnection, api: RemoteApi, request: ApiRequest): Work<JsonObject> {
  const { user, userAgent, body } = request;
  if (!api.available) throw unavailable(request);
  const sent = body === undefined ? undefined : encodeUtf8(JSON.stringify(body));
  const headers = {
    Accept: 'application/json',
    'User-Agent': userAgent,
    ...(sent && { 'Content-Type': 'application/json' }),
  };
  const answer = yield* perform<HttpResponse>((settle) =>
    connection.ask(
      api,
      { method: httpMethods[request.verb], path: uriOf(request), user, headers, body: sent },
      {
        response: (response) => settle.value(response),
        failed: (message) => settle.error(serviceUnavailable(`error trying to reach service: ${message}`)),
      },
    ),
  );
  const value = parsed(decodeUtf8(answer.body));
  if (answer.status < 400 && isObject(value)) return value;
  if (isObject(value) && value.kind === 'Status') throw new ApiError(value);
  throw answer.status === 503 ? unavailable(request) : failure(answer, request);
}

/** As a client words an answer that is no Status. */
function unavailable(request: ApiRequest): ApiError {
  return serviceUnavailable(`the server is currently unable to handle the request (${about(request)})`);
}

function failure({ status, body }: HttpResponse, request: ApiRequest): ApiError {
  const text = JSON.stringify(decodeUtf8(body).trim() || 'unknown');
  const message = `an error on the server (${text}) has prevented the request from succeeding (${about(request)})`;
  return apiError({ code: status, reason: 'InternalError', message });
}

function about({ verb, resource, group, name = '' }: ApiRequest): string {
  return `${verb === 'list' ? 'get' : verb} ${resource}.${group}${name && ` ${name}`}`;
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
