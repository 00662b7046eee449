// The endpointslice controller: lists the addresses behind each service, at most 100 to a slice.
//
// Left out: topology hints.
import { endpointSlices, nodes, services as serviceResource } from '../../../api/generated/resources.ts';
import type { EndpointSlice, Pod, Service } from '../../../api/generated/types.ts';
import { formatTime, isBeingDeleted } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';
import { mayServe, podsOf, TriggerTimes, triggerAnnotation, watchServices } from './service-watcher.ts';
import { desiredGroups, managedBy, nameLabel, planSlices, sliceManager } from './slice-plan.ts';

export const endpointSliceController = defineController({
  name: 'endpointslice-controller',
  eventSource: 'endpoint-slice-controller',
  setup,
});

function setup(context: ControllerContext): Controller {
  const { informers, queue, client, events } = context;
  const { services, pods } = watchServices(informers, queue);
  const nodeLister = informers.informer(nodes).lister;
  const slices = informers.informer(endpointSlices);
  const triggers = new TriggerTimes();
  slices.addIndex('service', (slice) => {
    const name = slice.metadata?.labels?.[nameLabel];
    return name === undefined ? [] : [`${slice.metadata?.namespace}/${name}`];
  });
  const enqueue = (slice: EndpointSlice): void => {
    const name = slice.metadata?.labels?.[nameLabel];
    if (name !== undefined && slice.metadata?.labels?.[managedBy] === sliceManager)
      queue.add(`${slice.metadata?.namespace}/${name}`);
  };
  slices.on({ updated: enqueue, deleted: enqueue });

  function* reconcile(key: string): Work<void> {
    const service = services.get(key);
    if (!service) {
      triggers.forget(key);
      return;
    }
    if (service.spec?.type === 'ExternalName' || !service.spec?.selector || isBeingDeleted(service)) return;
    const existing = [...slices.lister.by('service', key)].filter(
      (slice) => slice.metadata?.labels?.[managedBy] === sliceManager,
    );
    const members: Pod[] = [...podsOf(service, pods)];
    const trigger = triggers.next(key, service, members);
    const groups = desiredGroups(
      service,
      members.filter((pod) => mayServe(pod, true)),
      (name) => nodeLister.get(name),
    );
    const plan = planSlices(
      service,
      existing.filter((slice) => !isBeingDeleted(slice)),
      groups,
    );
    yield* write(service, plan, trigger);
  }

  function* write(service: Service, plan: ReturnType<typeof planSlices>, trigger: number | undefined): Work<void> {
    try {
      for (const slice of plan.create) yield* client.create(endpointSlices, stamped(slice, trigger));
      for (const slice of plan.update) yield* client.update(endpointSlices, stamped(slice, trigger));
      for (const slice of plan.delete) yield* remove(slice);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isNamespaceTerminating(error)) return;
      const { namespace, name } = service.metadata ?? {};
      const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${error.message}`;
      events.record(
        service,
        { type: 'Warning', reason: 'FailedToUpdateEndpointSlices', message },
        kindName(serviceResource),
      );
      throw error;
    }
  }

  function* remove(slice: EndpointSlice): Work<void> {
    const { namespace, name = '' } = slice.metadata ?? {};
    try {
      yield* client.delete(endpointSlices, { namespace, name });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

/** Notes when the change happened that the slice tells of. */
function stamped(slice: EndpointSlice, trigger: number | undefined): EndpointSlice {
  const annotations = { ...slice.metadata?.annotations };
  delete annotations[triggerAnnotation];
  if (trigger !== undefined) annotations[triggerAnnotation] = formatTime(trigger);
  return { ...slice, metadata: { ...slice.metadata, annotations } };
}
