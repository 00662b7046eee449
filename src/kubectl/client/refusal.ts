// The Status of an answer that is no success: the server's own, or client-go's words where it sent none.
import type { KubeBody } from '../../api/ports.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { ServerStatus } from '../errors.ts';
import { bodyText } from './body.ts';

/** What was asked: for the words of an answer that is no Status. */
export interface Asked {
  readonly method?: string;
  readonly about?: { readonly group?: string; readonly resource: string; readonly name?: string };
}

export function refusalOf(code: number, body: KubeBody, request: Asked): ServerStatus {
  const value = body.kind === 'json' ? body.value : parse(bodyText(body));
  if (isObject(value) && value.kind === 'Status' && value.apiVersion === 'v1') return statusOf(value);
  return generic(code, bodyText(body).trim(), request);
}

/** A `v1.Status` object as kubectl reads it. */
export function statusOf(value: JsonObject): ServerStatus {
  const details = isObject(value.details) ? value.details : undefined;
  const text = (held: unknown) => (typeof held === 'string' ? held : '');
  const causes = isList(details?.causes) ? details.causes.filter(isObject) : [];
  return {
    message: text(value.message),
    reason: text(value.reason),
    code: typeof value.code === 'number' ? value.code : 0,
    ...(details
      ? {
          details: {
            name: text(details.name),
            group: text(details.group),
            kind: text(details.kind),
            causes: causes.map((cause) => ({
              reason: text(cause.reason),
              message: text(cause.message),
              field: text(cause.field),
            })),
          },
        }
      : {}),
  };
}

const words: ReadonlyMap<number, readonly [reason: string, message: string]> = new Map([
  [400, ['BadRequest', 'the server rejected our request for an unknown reason']],
  [401, ['Unauthorized', 'the server has asked for the client to provide credentials']],
  [403, ['Forbidden', '']],
  [404, ['NotFound', 'the server could not find the requested resource']],
  [405, ['MethodNotAllowed', 'the server does not allow this method on the requested resource']],
  [406, ['NotAcceptable', 'the server was unable to respond with a content type that the client supports']],
  [409, ['Conflict', 'the server reported a conflict']],
  [415, ['UnsupportedMediaType', '']],
  [422, ['Invalid', 'the server rejected our request due to an error in our request']],
  [429, ['TooManyRequests', 'the server has received too many requests and has asked us to try again later']],
  [503, ['ServiceUnavailable', 'the server is currently unable to handle the request']],
  [
    504,
    [
      'Timeout',
      'the server was unable to return a response in the time allotted, but may still be processing the request',
    ],
  ],
]);

function generic(code: number, said: string, request: Asked): ServerStatus {
  const known = words.get(code);
  let [reason, message] = known ?? [
    code >= 500 ? 'InternalError' : '',
    code >= 500
      ? `an error on the server (${JSON.stringify(said || 'unknown')}) has prevented the request from succeeding`
      : `the server responded with the status code ${code} but did not return more information`,
  ];
  if (message === '') message = said || 'unknown';
  if (code === 409 && request.method === 'POST') reason = 'AlreadyExists';
  const { about } = request;
  if (about) {
    const full = about.group ? `${about.resource}.${about.group}` : about.resource;
    const verb = (request.method ?? 'GET').toLowerCase();
    message += about.name ? ` (${verb} ${full} ${about.name})` : ` (${verb} ${full})`;
  }
  return {
    message,
    reason,
    code,
    details: { group: about?.group ?? '', kind: about?.resource ?? '', name: about?.name ?? '' },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
