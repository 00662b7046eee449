// ComponentStatuses are stored nowhere: the API server says how the parts of the control plane are when it is asked.
import type { ComponentStatus } from '../../api/generated/types.ts';
import type { ApiRequest } from '../../api/request.ts';
import { notFound } from '../../api/status.ts';
import type { Operation, Outcome, ProbedProcess, ServerParts } from './operation.ts';
import { selectionOf } from './selection.ts';

export function componentStatusHandler({
  group,
  resource,
  verb,
}: ApiRequest): ((operation: Operation) => Outcome) | undefined {
  if (group !== '' || resource !== 'componentstatuses') return undefined;
  return verb === 'list' ? list : verb === 'get' ? get : undefined;
}

/** The parts by name, and the ports at which those beside the API server answer for their health. */
const parts: Readonly<Record<string, { readonly process: ProbedProcess; readonly port: number } | 'etcd'>> = {
  'etcd-0': 'etcd',
  'controller-manager': { process: 'kube-controller-manager', port: 10257 },
  scheduler: { process: 'kube-scheduler', port: 10259 },
};

function get({ request, server }: Operation): Outcome {
  const { name = '' } = request;
  if (!Object.hasOwn(parts, name)) throw notFound({ group: '', resource: 'componentstatus' }, name);
  return { code: 200, object: statusOf(name, server) };
}

function list({ request, resource, server }: Operation): Outcome {
  const selection = selectionOf(resource, request);
  const items = Object.keys(parts)
    .map((name) => statusOf(name, server))
    .filter((status) => selection.matches(status));
  return { code: 200, object: { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items } };
}

function statusOf(name: string, { health }: ServerParts): ComponentStatus {
  return {
    apiVersion: 'v1',
    kind: 'ComponentStatus',
    metadata: { name },
    conditions: [{ type: 'Healthy', ...conditionOf(name, health) }],
  };
}

function conditionOf(name: string, health: ServerParts['health']) {
  const part = parts[name];
  const well = { status: 'True', message: 'ok' };
  if (part === undefined || part === 'etcd')
    return health.etcd() ? well : { status: 'False', error: 'context deadline exceeded' };
  const { port, process } = part;
  if (health.runs(process)) return well;
  const refused = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  return { status: 'False', message: `Get "https://127.0.0.1:${port}/healthz": ${refused}` };
}
