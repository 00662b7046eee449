// The scale subresource: a workload's number of replicas by itself.
import { badRequest, internalError, invalid, notFound } from '../../api/status.ts';
import { isObject, type JsonValue } from '../../base/json.ts';
import type { ScaleMapping, StoredObject } from '../../kinds/kind.ts';
import type { SubresourceView } from './admission/plugin.ts';
import { asJson } from './json-edge.ts';
import { keyIn, type Operation, type Outcome } from './operation.ts';
import { patchedObject, unsupportedStrategic } from './patch.ts';
import { replace } from './update.ts';

export function scale(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  const mapping = resource.rules.scale;
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  if (!old || !mapping) throw notFound(resource, name);
  if (resource.custom && request.patchType === 'application/strategic-merge-patch+json') throw unsupportedStrategic();
  const problem = request.verb === 'get' ? mapping.problem?.(old) : undefined;
  if (problem !== undefined) throw internalError(problem);
  if (request.verb === 'get') return { code: 200, object: scaleOf(old, mapping) };
  const wanted = wantedReplicas(operation, old, mapping);
  const view: SubresourceView = {
    show: (object) => scaleOf(object, mapping),
    restore: (object, { spec }) =>
      isObject(spec) && typeof spec.replicas === 'number' ? mapping.withReplicas(object, spec.replicas) : object,
  };
  const asWhole: Operation = { ...operation, request: { ...request, subresource: undefined }, through: 'scale', view };
  const stored = replace(asWhole, old, mapping.withReplicas(old, wanted));
  return { code: 200, object: scaleOf(stored, mapping) };
}

function scaleOf(object: StoredObject, mapping: ScaleMapping<StoredObject>): StoredObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata ?? {};
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: mapping.wanted(object) },
    status: { replicas: mapping.present(object), selector: mapping.selector(object) },
  };
}

function wantedReplicas(operation: Operation, old: StoredObject, mapping: ScaleMapping<StoredObject>): number {
  const { request, resource } = operation;
  const current = scaleOf(old, mapping);
  const resourceOfScale = {
    ...resource,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    definition: 'autoscaling.v1.Scale',
    custom: undefined,
    conversion: undefined,
  };
  const body: JsonValue | undefined =
    request.verb === 'patch'
      ? patchedObject({ ...operation, resource: resourceOfScale }, asJson(current))
      : request.body;
  if (!isObject(body)) throw badRequest('the body is not a Scale');
  const { name, resourceVersion: version } = isObject(body.metadata) ? body.metadata : {};
  const wanted = request.name ?? '';
  if (name && name !== wanted)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${wanted})`);
  if (version && version !== old.metadata?.resourceVersion)
    replace(operation, old, { ...old, metadata: { ...old.metadata, resourceVersion: String(version) } });
  const replicas = isObject(body.spec) ? (body.spec.replicas ?? 0) : 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest('spec.replicas of a Scale must be a whole number');
  if (replicas < 0 && !resource.custom) {
    const body = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, old.metadata?.name ?? '', [
      { type: 'FieldValueInvalid', field: 'spec.replicas', body },
    ]);
  }
  return replicas;
}
