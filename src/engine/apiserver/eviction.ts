// The eviction subresource: deletes a pod unless a disruption budget is against it.
import type { Pod, PodDisruptionBudget } from '../../api/generated/types.ts';
import type { ApiRequest } from '../../api/request.ts';
import { selectorOf } from '../../api/selectors.ts';
import { ApiError, badRequest, internalError, notFound, tooManyRequests } from '../../api/status.ts';
import { isObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { admitBody } from './connection-admission.ts';
import { type DeleteOptions, removeAdmitted } from './delete.ts';
import { asStored } from './json-edge.ts';
import { isDryRun, keyIn, type Operation, type Outcome, revisionOf } from './operation.ts';

const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

export function evict(given: Operation): Outcome {
  const options = deleteOptionsOf(given.request.body);
  const operation = { ...given, request: withDryRun(given.request, options) };
  const { request, resource, storage } = operation;
  const name = request.name ?? '';
  const meta = isObject(request.body) && isObject(request.body.metadata) ? request.body.metadata : {};
  if (meta.name && meta.name !== name) throw badRequest('name in URL does not match name in Eviction object');
  const stored = storage.get(keyIn(resource, request.namespace, name));
  if (!stored) throw notFound(resource, name);
  const pod: Pod = stored as Pod; // edge: an object of the pods resource
  const free =
    pod.metadata?.deletionTimestamp !== undefined ||
    ['Pending', 'Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
  admitBody(operation, asStored(isObject(request.body) ? request.body : {}), name);
  if (!free) spendBudget(operation, pod);
  const asDeletion = { ...operation, request: { ...request, subresource: undefined } };
  removeAdmitted(asDeletion, stored, options);
  return { code: 201, object: success };
}

/** An eviction may ask for a dry run in its query or in its delete options. */
function withDryRun(request: ApiRequest, { dryRun }: DeleteOptions): ApiRequest {
  return dryRun === undefined ? request : { ...request, options: { ...request.options, dryRun } };
}

function deleteOptionsOf(body: unknown): DeleteOptions {
  const options = isObject(body) && isObject(body.deleteOptions) ? body.deleteOptions : {};
  return options as DeleteOptions; // edge: decoded at the HTTP edge, or sent by a component of ours
}

/** Takes one disruption from the pod's budget. Throws 429 when there is none left. */
function spendBudget({ server, request }: Operation, pod: Pod): void {
  const budgets = server.lookups
    .list('poddisruptionbudgets.policy', request.namespace)
    .map(asBudget)
    .filter(({ spec }) => selectorOf(spec?.selector).matches(pod.metadata?.labels));
  const [budget, second] = budgets;
  if (!budget) return;
  if (second)
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  if (!isReady(pod) && isUnhealthyFree(budget)) return;
  const { disruptionsAllowed = 0, observedGeneration = 0 } = budget.status ?? {};
  const name = budget.metadata?.name ?? '';
  if (observedGeneration < (budget.metadata?.generation ?? 0))
    throw refusedBy(`The disruption budget ${name} is still being processed by the server.`, 10);
  if (disruptionsAllowed <= 0) {
    const { desiredHealthy = 0, currentHealthy = 0 } = budget.status ?? {};
    throw refusedBy(
      `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
      0,
    );
  }
  if (isDryRun(request)) return;
  const disruptedPods = { ...budget.status?.disruptedPods, [pod.metadata?.name ?? '']: formatTime(server.scope.now) };
  const status = { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods };
  const storage = server.storage({ storage: 'policy/poddisruptionbudgets' });
  storage.put(`${budget.metadata?.namespace}/${name}`, { ...budget, status }, revisionOf(budget));
}

function refusedBy(message: string, seconds: number): Error {
  const error = tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", seconds);
  const causes = [{ reason: 'DisruptionBudget', message }];
  return new ApiError({ ...error.status, details: { ...error.status.details, causes } });
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function isUnhealthyFree({ spec, status }: PodDisruptionBudget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return (status?.currentHealthy ?? 0) >= (status?.desiredHealthy ?? 0) && (status?.desiredHealthy ?? 0) > 0;
}

function asBudget(object: StoredObject): PodDisruptionBudget {
  return object as PodDisruptionBudget; // edge: an object of the poddisruptionbudgets resource
}
