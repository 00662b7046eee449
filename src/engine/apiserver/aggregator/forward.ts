// Passes a request for an aggregated API on to who answers it: one of a client as it came, or one of a component.
import type { KubeRequest } from '../../../api/ports.ts';
import type { ApiRequest, UserInfo } from '../../../api/request.ts';
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

/** Answers as the other server does. */
export function forward(
  connection: RemoteConnection,
  api: RemoteApi,
  { request, user, sink }: { readonly request: KubeRequest; readonly user: UserInfo; readonly sink: HttpSink },
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
  return connection.ask(
    api,
    { method, path, user, headers: onwardHeaders(headers), body: bytesOf(body) },
    {
      failed: (message) => refuse(`error trying to reach service: ${message}`),
      response({ status, headers: answered, body: bytes }: HttpResponse) {
        sink.head(status, Object.fromEntries(onlyOfMessage(answered)));
        if (bytes.length > 0) sink.body({ kind: 'bytes', bytes });
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
      { method: methods[request.verb], path: uriOf(request), user, headers, body: sent },
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

const methods = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETE',
} as const;

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
