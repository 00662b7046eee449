// ComponentStatuses are stored nowhere: the API server says how the parts of the control plane are when it is asked.
import type { ComponentStatus } from '../../api/generated/types.ts';
import type { ApiRequest } from '../../api/request.ts';
import { apiError } from '../../api/status.ts';
import type { Operation, Outcome } from './operation.ts';
import { selectionOf } from './selection.ts';

export function componentStatusHandler({
  group,
  resource,
  verb,
}: ApiRequest): ((operation: Operation) => Outcome) | undefined {
  if (group !== '' || resource !== 'componentstatuses') return undefined;
  return verb === 'list' ? list : verb === 'get' ? get : undefined;
}

/** Left out: a part that does not run. */
const names = ['etcd-0', 'controller-manager', 'scheduler'];

function get({ request }: Operation): Outcome {
  const name = names.find((known) => known === request.name);
  if (name === undefined) throw apiError({ code: 500, reason: '', message: `Component not found: ${request.name}` });
  return { code: 200, object: statusOf(name) };
}

function list({ request, resource }: Operation): Outcome {
  const selection = selectionOf(resource, request);
  const items = names.map(statusOf).filter((status) => selection.matches(status));
  return { code: 200, object: { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {}, items } };
}

function statusOf(name: string): ComponentStatus {
  const conditions = [{ type: 'Healthy', status: 'True', message: 'ok' }];
  return { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions };
}
