// Admission of what is no object but a connection: exec, attach, port-forward, a proxy. Policies and webhooks see what is
// asked for, and may refuse or change it.
//
//   …/pods/web/exec?command=sh&stdin=true ─▶ {kind: PodExecOptions, stdin: true, command: [sh]} ─▶ admission ─▶ the kubelet
//
// Left out: a webhook's change to the path of a proxy.
import { badRequest } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
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
    .map(Number);
  return {
    kind,
    apiVersion,
    ...Object.fromEntries(set.map((name) => [name, true])),
    ...(container && { container }),
    ...(command && { command }),
    ...(ports && { ports }),
  };
}

/** What admission makes of it. Throws ApiError; AnswersNeeded where a webhook is yet to answer. */
export function admitConnection(operation: Operation, options: JsonObject): JsonObject {
  const { admission } = operation.server;
  const attributes = {
    ...attributesOf(operation, { name: operation.request.name ?? '', kind: 'connect', old: undefined }),
    view: { show: asItIs, restore: (_: object, changed: JsonObject) => asStored(changed) },
  };
  const admitted = admission.admitPart(asStored(options), attributes);
  admission.validatePart(admitted, attributes);
  return asJson(admitted);
}

function asItIs<T>(object: T): T {
  return object;
}
