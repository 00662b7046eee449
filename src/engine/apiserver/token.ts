// The token subresource: a bearer token for a service account.
import { invalid as invalidField } from '../../api/field-error.ts';
import { invalid, notFound } from '../../api/status.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import { asStored } from './json-edge.ts';
import { keyIn, noteManager, type Operation, type Outcome } from './operation.ts';
import { issuer } from './service-account-tokens.ts';

const secondsDefault = 3600;
const secondsMin = 600;
const secondsMax = 2 ** 32;

export function issueToken(operation: Operation): Outcome {
  const { request, resource, storage, server } = operation;
  const { name = '', namespace = '' } = request;
  const account = storage.get(keyIn(resource, namespace, name));
  if (!account) throw notFound(resource, name);
  const spec = isObject(request.body) && isObject(request.body.spec) ? request.body.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : secondsDefault;
  checkDuration(seconds);
  const audiences = Array.isArray(spec.audiences) && spec.audiences.length > 0 ? spec.audiences : [issuer];
  const now = Math.floor(server.scope.now / 1000);
  const claims = {
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: issuer,
    jti: server.scope.random('apiserver/uid').uuid(),
    'kubernetes.io': { namespace, ...boundTo(spec), serviceaccount: { name, uid: account.metadata?.uid } },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const forPod = isObject(spec.boundObjectRef) && spec.boundObjectRef.kind === 'Pod';
  const token = server.authenticator.tokenKey.token(claims, forPod ? 'HS256' : 'ES256');
  const expirationTimestamp = formatTime((now + seconds) * 1000);
  const object = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: formatTime(server.scope.now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp },
  };
  if (isObject(request.body)) {
    const asToken = { ...operation, resource: { ...resource, apiVersion: object.apiVersion, definition: undefined } };
    noteManager(asToken, object, undefined, asStored(request.body));
  }
  return { code: 201, object };
}

/** What must exist for the token to count: `pod: {name, uid}`. */
function boundTo({ boundObjectRef }: JsonObject): JsonObject {
  if (!isObject(boundObjectRef)) return {};
  const { kind, name = '', uid = '' } = boundObjectRef;
  return { [String(kind).toLowerCase()]: { name, uid } };
}

function checkDuration(seconds: number): void {
  const problem =
    seconds < secondsMin
      ? 'may not specify a duration less than 10 minutes'
      : seconds > secondsMax
        ? 'may not specify a duration larger than 2^32 seconds'
        : undefined;
  if (problem === undefined) return;
  const error = invalidField('spec.expirationSeconds', seconds, problem);
  throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [error]);
}
