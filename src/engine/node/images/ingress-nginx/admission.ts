// The controller's webhook: refuses an Ingress that asks for what another one has, or whose paths nginx could not take.
// As nothing that answers the API server here, it speaks no TLS.
import type { Ingress } from '../../../../api/generated/types.ts';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import type { HttpReply } from '../../../../base/http.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../../base/json.ts';
import { keyOf } from '../../../client/store.ts';
import { text } from '../web-server.ts';
import { annotationsOf } from './annotations.ts';
import { pathsOf } from './configuration.ts';

export function reviewIngress(
  body: Uint8Array,
  known: readonly Ingress[],
  isOwn: (ingress: Ingress) => boolean,
): HttpReply {
  const review = parsed(decodeUtf8(body));
  const request = isObject(review) && isObject(review.request) ? review.request : undefined;
  if (!isObject(review) || !request || !isObject(request.object)) return text('no AdmissionReview\n', 400);
  const ingress = request.object as Ingress; // edge: the server sends objects that it has validated
  const problem = isOwn(ingress) ? problemOf(ingress, known) : undefined;
  const status = { message: problem ?? '', reason: 'BadRequest', code: 400 };
  const verdict: JsonObject = problem === undefined ? { allowed: true } : { allowed: false, status };
  const { apiVersion = 'admission.k8s.io/v1', kind = 'AdmissionReview' } = review;
  const answer = { kind, apiVersion, response: { uid: request.uid ?? '', ...verdict } };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
}

function problemOf(ingress: Ingress, known: readonly Ingress[]): string | undefined {
  if (annotationsOf(ingress).canary) return undefined;
  const invalid = pathsOf(ingress).flatMap(({ path: { path = '/', pathType } }) =>
    pathType !== 'ImplementationSpecific' && !/^\/[\w.\-/~%@:+]*$/.test(path)
      ? [`path ${path} cannot be used with pathType ${pathType}`]
      : [],
  );
  if (invalid.length > 0) return `ingress contains invalid paths: ${invalid.join('\n')}`;
  const own = keyOf(ingress);
  for (const { host, path } of pathsOf(ingress))
    for (const other of known) {
      if (keyOf(other) === own || annotationsOf(other).canary) continue;
      const taken = pathsOf(other).some(
        (each) => each.host === host && each.path.path === path.path && each.path.pathType === path.pathType,
      );
      if (taken) return `host "${host}" and path "${path.path ?? '/'}" is already defined in ingress ${keyOf(other)}`;
    }
  return undefined;
}

function parsed(body: string): JsonValue {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
