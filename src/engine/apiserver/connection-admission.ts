// Admission of exec, attach and port-forward: policies see what is to be connected. Webhooks for CONNECT are left out:
// a stream does not wait for their answers.
import type { JsonObject } from '../../base/json.ts';
import { attributesOf } from './create.ts';
import { asStored } from './json-edge.ts';
import type { Operation } from './operation.ts';
import type { Target } from './router.ts';

const kinds: Readonly<Record<string, string>> = {
  exec: 'PodExecOptions',
  attach: 'PodAttachOptions',
  portforward: 'PodPortForwardOptions',
};

/** What a connection's query asks for, as an object; undefined: the subresource is none that is connected to. */
export function connectionOptions(subresource: string | undefined, query: Target['query']): JsonObject | undefined {
  const kind = subresource !== undefined && Object.hasOwn(kinds, subresource) ? kinds[subresource] : undefined;
  if (kind === undefined) return undefined;
  const set = (name: string): boolean => ['true', '1'].includes(query.get(name)?.[0] ?? '');
  const flags = ['stdin', 'stdout', 'stderr', 'tty'].filter(set).map((name) => [name, true] as const);
  const container = query.get('container')?.[0];
  const command = query.get('command');
  const ports = query
    .get('ports')
    ?.flatMap((text) => text.split(','))
    .map(Number);
  return {
    kind,
    apiVersion: 'v1',
    ...Object.fromEntries(flags),
    ...(container && { container }),
    ...(command && { command }),
    ...(ports && { ports }),
  };
}

/** Throws the refusal of a policy. */
export function admitConnection(operation: Operation, options: JsonObject): void {
  const name = operation.request.name ?? '';
  operation.server.admission.validatePart(asStored(options), {
    ...attributesOf(operation, { name, kind: 'connect', old: undefined }),
    view: { show: (object) => object, restore: (object) => object },
  });
}
