// Calls a webhook: an AdmissionReview posted over the simulated network from the API server's machine, in the time that
// the webhook gives it. The webhook's certificate must be for its service's name, or its URL's.
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { type Dialer, type HttpResponse, httpGet } from '../../../../base/http.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';
import type { Scope, Stop } from '../../../sim/scope.ts';
import { secureDialer } from '../../secure-dialer.ts';
import type { CallResult } from './call-result.ts';
import type { WebhookAddress } from './webhook-address.ts';
import type { WebhookTally } from './webhook-tally.ts';

export interface CallParts {
  readonly scope: Scope;
  /** The API server's machine; undefined: it is on no network. */
  readonly host: Dialer | undefined;
  readonly tally: WebhookTally;
}

export interface WebhookCall {
  readonly address: WebhookAddress;
  readonly timeoutSeconds: number;
  readonly review: JsonObject;
}

/** Calls; exactly one result follows. Returns how to give up. */
export function callWebhook({ scope, host }: CallParts, call: WebhookCall, done: (result: CallResult) => void): Stop {
  const { address, timeoutSeconds, review } = call;
  const post = `Post ${JSON.stringify(`${address.url}?timeout=${timeoutSeconds}s`)}`;
  let stopAsking: Stop = () => {};
  const finish = (result: CallResult): void => {
    stopTimer();
    stopAsking();
    done(result);
  };
  const stopTimer = scope.schedule(timeoutSeconds * 1000, () =>
    finish({ problem: `${post}: context deadline exceeded` }),
  );
  const { target } = address;
  if (typeof target === 'string') {
    stopAsking = scope.schedule(0, () => finish({ problem: `${post}: ${target}` }));
  } else if (host) {
    const request = {
      ...target,
      path: `${address.path}?timeout=${timeoutSeconds}s`,
      method: 'POST',
      headers: {
        Host: address.name,
        'User-Agent': 'kube-apiserver-admission',
        Accept: 'application/json, */*',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(review),
    };
    const { serverName, authorities } = address;
    const dialer = secureDialer(host, { serverName, authorities, now: () => scope.now });
    stopAsking = httpGet(dialer, request, {
      response: (response) => finish(resultOf(response)),
      failed: (message) => finish({ problem: `${post}: ${message}` }),
    });
  }
  return () => {
    stopTimer();
    stopAsking();
  };
}

function resultOf({ status, body }: HttpResponse): CallResult {
  const text = decodeUtf8(body);
  if (status < 200 || status > 206) return { problem: failureText(status, text.trim()) };
  const value = parsed(text);
  if (isObject(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string')
    return { review: value };
  return { problem: "couldn't get version/kind; json parse error: the answer is no AdmissionReview" };
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const failureTexts: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

/** As client-go puts an answer that is no success. */
function failureText(status: number, body: string): string {
  if (status === 403) return body || 'unknown';
  if (failureTexts[status] !== undefined) return failureTexts[status];
  return status >= 500
    ? `an error on the server (${JSON.stringify(body || 'unknown')}) has prevented the request from succeeding`
    : `the server responded with the status code ${status} but did not return more information`;
}
