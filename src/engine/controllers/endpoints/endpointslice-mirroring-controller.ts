// The endpointslice mirroring controller: gives Endpoints that somebody wrote by hand, for a service without a
// selector, the slices that kube-proxy reads.
import { endpointSlices, endpoints, services } from '../../../api/generated/resources.ts';
import type { Endpoint, EndpointAddress, EndpointSlice, Endpoints } from '../../../api/generated/types.ts';
import { controllerReference, isBeingDeleted } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';
import { triggerAnnotation } from './service-watcher.ts';
import { managedBy, nameLabel } from './slice-plan.ts';

export const endpointSliceMirroringController = defineController({
  name: 'endpointslicemirroring-controller',
  eventSource: 'endpoint-slice-mirroring-controller',
  setup,
});

const manager = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const addressesMax = 1000;

function setup({ informers, queue, client, events }: ControllerContext): Controller {
  const objects = informers.informer(endpoints);
  const serviceInformer = informers.informer(services);
  const slices = informers.informer(endpointSlices);
  slices.addIndex('mirrored', (slice) => {
    const { labels, namespace } = slice.metadata ?? {};
    return labels?.[managedBy] === manager ? [`${namespace}/${labels[nameLabel]}`] : [];
  });
  const enqueue = (object: Endpoints): void => {
    const key = keyOf(object);
    const isOwn = mirrors(object) && !serviceInformer.lister.get(key)?.spec?.selector;
    if (isOwn || hasSlices(key)) queue.add(key);
  };
  const hasSlices = (key: string): boolean => [...slices.lister.by('mirrored', key)].length > 0;
  const byService = (service: Parameters<typeof keyOf>[0]): void => queue.add(keyOf(service));
  objects.on({ added: enqueue, updated: enqueue, deleted: enqueue });
  serviceInformer.on({
    added: (service) => {
      if (!service.spec?.selector) byService(service);
    },
    updated: (service, old) => {
      if ((service.spec?.selector === undefined) !== (old.spec?.selector === undefined)) byService(service);
    },
    deleted: (service) => {
      if (!service.spec?.selector) byService(service);
    },
  });

  function* reconcile(key: string): Work<void> {
    const object = objects.lister.get(key);
    const service = serviceInformer.lister.get(key);
    const wanted = object && service && !service.spec?.selector && mirrors(object) ? slicesOf(object) : [];
    const left = [...slices.lister.by('mirrored', key)].filter((slice) => !isBeingDeleted(slice));
    try {
      for (const slice of wanted) {
        const at = left.findIndex((one) => one.addressType === slice.addressType && equal(one.ports, slice.ports));
        const [present] = at < 0 ? [] : left.splice(at, 1);
        if (!present) yield* client.create(endpointSlices, slice);
        else if (!isSame(present, slice)) yield* client.update(endpointSlices, merged(present, slice));
      }
      for (const { metadata } of left) yield* remove(metadata?.namespace, metadata?.name ?? '');
    } catch (error) {
      if (!(error instanceof ApiError) || !isNamespaceTerminating(error)) throw error;
    }
    if (object && wanted.length > 0) tellSkipped(object);
  }

  function* remove(namespace: string | undefined, name: string): Work<void> {
    try {
      yield* client.delete(endpointSlices, { namespace, name });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  function tellSkipped(object: Endpoints): void {
    const counts = (object.subsets ?? []).map(
      ({ addresses = [], notReadyAddresses = [] }) => addresses.length + notReadyAddresses.length,
    );
    const skipped = counts.reduce((sum, count) => sum + Math.max(0, count - addressesMax), 0);
    if (skipped === 0) return;
    const message = `A max of ${addressesMax} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`;
    events.record(object, { type: 'Warning', reason: 'TooManyAddressesToMirror', message }, kindName(endpoints));
  }
  return { reconcile };
}

/** Those of the endpoints controller, and those that only hold a lock, have slices of their own or need none. */
function mirrors({ metadata }: Endpoints): boolean {
  return metadata?.labels?.[skipLabel] !== 'true' && metadata?.annotations?.[leaderAnnotation] === undefined;
}

function slicesOf(object: Endpoints): readonly EndpointSlice[] {
  const { namespace, name = '', labels, annotations = {} } = object.metadata ?? {};
  const { [triggerAnnotation]: _time, [lastApplied]: _applied, ...kept } = annotations;
  return (object.subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [nameLabel]: name, [managedBy]: manager },
      ...(Object.keys(kept).length > 0 && { annotations: kept }),
      ownerReferences: [controllerReference(object, { group: '', version: 'v1', kind: 'Endpoints' })],
    },
    addressType: [...addresses, ...notReadyAddresses].some(({ ip }) => ip.includes(':')) ? 'IPv6' : 'IPv4',
    endpoints: [
      ...addresses.map((address) => endpointOf(address, true)),
      ...notReadyAddresses.map((address) => endpointOf(address, false)),
    ].slice(0, addressesMax),
    ports: ports.map(({ name: portName = '', port, protocol = 'TCP', appProtocol }) => ({
      name: portName,
      port,
      protocol,
      ...(appProtocol !== undefined && { appProtocol }),
    })),
  }));
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

function merged(present: EndpointSlice, wanted: EndpointSlice): EndpointSlice {
  const { labels, annotations } = wanted.metadata ?? {};
  return { ...present, metadata: { ...present.metadata, labels, annotations }, endpoints: wanted.endpoints };
}

function isSame(present: EndpointSlice, wanted: EndpointSlice): boolean {
  return (
    equal(present.endpoints, wanted.endpoints) &&
    equal(present.metadata?.labels, wanted.metadata?.labels) &&
    equal(present.metadata?.annotations ?? {}, wanted.metadata?.annotations ?? {})
  );
}
