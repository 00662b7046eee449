// The binding subresource: the scheduler says on which node a pod runs.

import type { Binding, ObjectMeta, Pod } from '../../api/generated/types.ts';
import { badRequest, conflict, notFound } from '../../api/status.ts';
import { extend } from '../../base/extend.ts';
import { isObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { admitBody } from './connection-admission.ts';
import { asStored } from './json-edge.ts';
import { carryEntries } from './managed-fields/ledger.ts';
import { isDryRun, keyIn, type Operation, type Outcome, revisionOf } from './operation.ts';

export function bind(operation: Operation): Outcome {
  const { request, resource, storage, server } = operation;
  const body = isObject(request.body) ? request.body : {};
  const target = isObject(body.target) ? body.target : {};
  const meta = isObject(body.metadata) ? body.metadata : {};
  const name = request.name ?? (typeof meta.name === 'string' ? meta.name : '');
  if (typeof meta.name !== 'string' || (request.name !== undefined && meta.name !== request.name))
    throw badRequest('name in URL does not match name in Binding object');
  if (typeof target.name !== 'string' || target.name === '')
    throw badRequest('Binding "" is invalid: target.name: Required value');
  const key = keyIn(resource, request.namespace, name);
  const stored = storage.get(key);
  if (!stored) throw notFound(resource, name);
  const pod: Pod = stored as Pod; // edge: an object of the pods resource
  if (pod.metadata?.deletionTimestamp !== undefined)
    throw conflict(bindings, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec?.nodeName)
    throw conflict(bindings, name, `pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
  if (pod.spec?.schedulingGates?.length)
    throw conflict(bindings, name, `pod ${name} has non-empty .spec.schedulingGates`);
  const { metadata, target: node } = admitBody(operation, asStored(body), name) as Binding; // edge: what bodies are here
  const bound = boundTo(labelled(pod, metadata), node.name ?? '', formatTime(server.scope.now));
  if (!isDryRun(request)) {
    const written = storage.put(key, bound, revisionOf(stored));
    if (!written) throw conflict(resource, name);
    carryEntries(stored, written);
  }
  return { code: 201, object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}

const bindings = { group: '', resource: 'pods/binding' };

function boundTo(pod: Pod, nodeName: string, now: string): StoredObject {
  const others = pod.status?.conditions?.filter((condition) => condition.type !== 'PodScheduled') ?? [];
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastTransitionTime: now,
  };
  return {
    ...pod,
    spec: extend(pod.spec ?? {}, { nodeName }),
    // The nomination has served its purpose.
    status: extend(withoutNomination(pod.status), { conditions: [...others, scheduled] }),
  };
}

/** Labels and annotations of a binding become the pod's. */
function labelled(pod: Pod, { labels, annotations }: ObjectMeta = {}): Pod {
  if (!labels && !annotations) return pod;
  const { metadata } = pod;
  return {
    ...pod,
    metadata: {
      ...metadata,
      ...(labels && { labels: { ...metadata?.labels, ...labels } }),
      ...(annotations && { annotations: { ...metadata?.annotations, ...annotations } }),
    },
  };
}

function withoutNomination(status: NonNullable<Pod['status']> = {}): NonNullable<Pod['status']> {
  if (status.nominatedNodeName === undefined) return status;
  const { nominatedNodeName: _, ...rest } = status;
  return rest;
}
