// Admission of what is no object of a resource's own kind: an eviction, a binding, and connections: exec, attach,
// port-forward, a proxy. Policies and webhooks see what is asked for, and may refuse or change it.
//
//   …/pods/web/exec?command=sh&stdin=true ─▶ {kind: PodExecOptions, stdin: true, command: [sh]} ─▶ admission ─▶ the kubelet
//
// Left out: a webhook's change to the path of a proxy.
import { badRequest } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { attributesOf } from './create.ts';
import { asJson, asStored } from './json-edge.ts';
import type { Operation } from './operation.ts';
import { flag, type ResourceRoute, type Target } from './router.ts';
import type { ServedResource } from './served-resource.ts';

const connected = /^(Pod|Service|Node)(Exec|Attach|PortForward|Proxy)Options$/;

/** What a connection's request asks for, as an object; undefined: the subresource is none that is connected to. */
export function connectionOptions(
  { subresources, version: apiVersion }: ServedResource,
  route: ResourceRoute,
  { query, path }: Target,
): JsonObject | undefined {
  const { kind = '' } = subresources.find(({ name }) => name === route.subresource) ?? {};
  if (!connected.test(kind)) return undefined;
  if (query.get('dryRun')?.some((text) => text !== '')) throw badRequest('dryRun is not supported');
  if (route.subresource === 'proxy') {
    const below = route.rest === '' ? '' : `/${route.rest}`;
    const asked = path.endsWith('/') ? `${below}/` : below;
    return { kind, apiVersion, ...(asked && { path: asked }) };
  }
  const set = ['stdin', 'stdout', 'stderr', 'tty'].filter((name) => flag(query, name));
  const container = query.get('container')?.[0];
  const command = query.get('command');
  const ports = query
    .get('ports')
    ?.flatMap((text) => text.split(','))
    .map(portOf);
  return {
    kind,
    apiVersion,
    ...Object.fromEntries(set.map((name) => [name, true])),
    ...(container && { container }),
    ...(command && { command }),
    ...(ports && { ports }),
  };
}

/** Throws BadRequest. */
function portOf(text: string): number {
  if (/^\d+$/.test(text) && Number(text) < 65_536) return Number(text);
  const why = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax';
  throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`);
}

/** What admission makes of it. Throws ApiError; AnswersNeeded where a webhook is yet to answer. */
export function admitConnection(operation: Operation, options: JsonObject): JsonObject {
  return asJson(admitPart(operation, asStored(options), { name: operation.request.name ?? '', kind: 'connect' }));
}

/** What admission makes of the body of a subresource that is no object of the resource's own kind: an Eviction. */
export function admitBody(operation: Operation, body: StoredObject, name: string): StoredObject {
  return admitPart(operation, body, { name, kind: 'create' });
}

function admitPart(
  operation: Operation,
  object: StoredObject,
  about: { readonly name: string; readonly kind: 'connect' | 'create' },
): StoredObject {
  const { admission } = operation.server;
  const view = { show: asItIs, restore: (_: object, changed: JsonObject) => asStored(changed) };
  const attributes = { ...attributesOf(operation, { ...about, old: undefined }), view };
  const admitted = admission.admitPart(object, attributes);
  admission.validatePart(admitted, attributes);
  return admitted;
}

function asItIs<T>(object: T): T {
  return object;
}
