// The token subresource: a bearer token for a service account.
import { invalid as invalidField } from '../../api/field-error.ts';
import { badRequest, conflict, invalid, notFound } from '../../api/status.ts';
import { textAt } from '../../base/fields.ts';
import { quote } from '../../base/go/quote.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { asJson, asStored } from './json-edge.ts';
import { keyIn, noteManager, type Operation, type Outcome } from './operation.ts';
import { issuer, legacyIssuer } from './service-account-tokens.ts';

const tokenRequest = 'authentication.v1.TokenRequest';
const secondsDefault = 3600;
/** What pods ask for whose clients may not read their token anew; such tokens last a year, and are only warned of. */
const warnOnlySeconds = 3607;
const extendedSeconds = 365 * 24 * 3600;
const secondsMin = 600;
const secondsMax = 2 ** 32;

export function issueToken(operation: Operation): Outcome {
  const { request, resource, storage, server } = operation;
  const { name = '', namespace = '' } = request;
  const account = storage.get(keyIn(resource, namespace, name));
  if (!account) throw notFound(resource, name);
  const uid = account.metadata?.uid ?? '';
  const wantedUid = isObject(request.body) ? textAt(request.body, 'metadata.uid') : '';
  if (wantedUid !== '' && wantedUid !== uid) {
    const text = `the UID in the token request (${wantedUid}) does not match the UID of the service account (${uid})`;
    throw conflict({ group: 'authentication.k8s.io', resource: 'TokenRequest' }, name, text);
  }
  const spec = isObject(request.body) && isObject(request.body.spec) ? request.body.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : secondsDefault;
  checkDuration(seconds);
  const bound = boundTo(operation, spec);
  const audiences = Array.isArray(spec.audiences) && spec.audiences.length > 0 ? spec.audiences : [issuer];
  const now = Math.floor(server.scope.now / 1000);
  const forApi = audiences.length === 1 && audiences[0] === issuer;
  const extended = 'pod' in bound && seconds === warnOnlySeconds && forApi;
  const claims = {
    aud: audiences,
    exp: now + (extended ? extendedSeconds : seconds),
    iat: now,
    iss: issuer,
    jti: server.scope.random('apiserver/uid').uuid(),
    'kubernetes.io': {
      namespace,
      ...bound,
      serviceaccount: { name, uid },
      ...(extended && { warnafter: now + seconds }),
    },
    nbf: now,
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
  const forPod = 'pod' in bound;
  const issued = isLegacy(operation, bound) ? legacyClaims({ namespace, name, account, bound }) : claims;
  const token = server.authenticator.tokenKey.token(issued, forPod ? 'HS256' : 'ES256');
  operation.memory?.audit?.annotate('authentication.kubernetes.io/issued-credential-id', `JTI=${claims.jti}`);
  const expirationTimestamp = formatTime((now + seconds) * 1000);
  const object = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid, creationTimestamp: formatTime(server.scope.now) },
    spec: {
      audiences,
      expirationSeconds: seconds,
      ...(isObject(spec.boundObjectRef) && { boundObjectRef: spec.boundObjectRef }),
    },
    status: { token, expirationTimestamp },
  };
  if (isObject(request.body)) {
    const asToken = {
      ...operation,
      resource: { ...resource, apiVersion: object.apiVersion, definition: tokenRequest },
    };
    noteManager(asToken, object, undefined, asStored(request.body));
  }
  return { code: 201, object };
}

/** What must exist for the token to count: `pod: {name, uid}`. Throws when it does not exist now. */
function boundTo({ server, request }: Operation, { boundObjectRef }: JsonObject): JsonObject {
  if (!isObject(boundObjectRef)) return {};
  const [kind, name, apiVersion] = [
    textAt(boundObjectRef, 'kind'),
    textAt(boundObjectRef, 'name'),
    textAt(boundObjectRef, 'apiVersion'),
  ];
  const resource = bindable.get(kind);
  if (!resource || apiVersion.includes('/')) {
    const gvk = `${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`;
    throw badRequest(`cannot bind token to object of type ${gvk}`);
  }
  const object = server.lookups.get(resource, kind === 'Node' ? undefined : (request.namespace ?? ''), name);
  if (!object) throw notFound({ group: '', resource }, name);
  const account = request.name ?? '';
  if (kind === 'Pod' && textAt(asJson(object), 'spec.serviceAccountName') !== account)
    throw badRequest(
      `cannot bind token for serviceaccount ${quote(account)} to pod running with different serviceaccount name.`,
    );
  const uid = object.metadata?.uid ?? '';
  const wanted = textAt(boundObjectRef, 'uid');
  if (wanted !== '' && wanted !== uid) {
    const why = 'The object might have been deleted and then recreated';
    const text = `the UID in the bound object reference (${wanted}) does not match the UID in record. ${why}`;
    throw conflict({ group: '', resource: kind }, name, text);
  }
  return { ...(kind === 'Pod' && nodeOf(server, asJson(object))), [kind.toLowerCase()]: { name, uid } };
}

/** A pod's token names its node too. */
function nodeOf({ lookups }: Operation['server'], pod: JsonObject): JsonObject {
  const name = textAt(pod, 'spec.nodeName');
  const uid = name === '' ? undefined : lookups.get('nodes', undefined, name)?.metadata?.uid;
  return name === '' ? {} : { node: { name, ...(uid && { uid }) } };
}

/** The controller manager has no key of its own here: the tokens that it puts into Secrets are signed for it. */
function isLegacy({ request }: Operation, bound: JsonObject): boolean {
  return request.user.name === 'system:kube-controller-manager' && isObject(bound.secret);
}

function legacyClaims({
  namespace,
  name,
  account,
  bound,
}: {
  readonly namespace: string;
  readonly name: string;
  readonly account: StoredObject;
  readonly bound: JsonObject;
}): JsonObject {
  const prefix = 'kubernetes.io/serviceaccount';
  return {
    iss: legacyIssuer,
    [`${prefix}/namespace`]: namespace,
    [`${prefix}/secret.name`]: textAt(bound, 'secret.name'),
    [`${prefix}/service-account.name`]: name,
    [`${prefix}/service-account.uid`]: account.metadata?.uid ?? '',
    sub: `system:serviceaccount:${namespace}:${name}`,
  };
}

/** The kinds of what a token may be bound to, and their resources. */
const bindable: ReadonlyMap<string, string> = new Map([
  ['Pod', 'pods'],
  ['Secret', 'secrets'],
  ['Node', 'nodes'],
]);

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
