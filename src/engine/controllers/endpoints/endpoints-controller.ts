// The endpoints controller: the older view of a service's addresses, one object for all of them.
import { endpoints as endpointsResource } from '../../../api/generated/resources.ts';
import type {
  CoreEndpointPort,
  EndpointAddress,
  EndpointSubset,
  Endpoints,
  Pod,
  Service,
} from '../../../api/generated/types.ts';
import { formatTime, splitKey } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';
import { isPodReady } from '../shared/pod-state.ts';
import { present } from '../shared/present.ts';
import {
  headlessLabel,
  isHeadless,
  mayServe,
  podsOf,
  publishesHostname,
  TriggerTimes,
  targetPort,
  triggerAnnotation,
  watchServices,
} from './service-watcher.ts';

const managedBy = 'endpoints.kubernetes.io/managed-by';
const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const addressesMax = 1000;

export const endpointsController = defineController({ name: 'endpoint-controller', setup });

function setup(context: ControllerContext): Controller {
  const { informers, queue, client, events } = context;
  const { services, pods } = watchServices(informers, queue);
  const all = informers.informer(endpointsResource);
  const triggers = new TriggerTimes();
  all.on({ deleted: (object) => queue.add(keyOf(object)) });

  function* reconcile(key: string): Work<void> {
    const service = services.get(key);
    if (!service) {
      triggers.forget(key);
      if (all.lister.get(key)?.metadata?.labels?.[managedBy] !== undefined) yield* remove(key);
      return;
    }
    if (service.spec?.type === 'ExternalName' || !service.spec?.selector) return;
    const members = [...podsOf(service, pods)];
    const trigger = triggers.next(key, service, members);
    const current = all.lister.get(key);
    const wish = wanted(service, members, { current, trigger });
    if (
      current &&
      equal(current.subsets ?? [], wish.subsets ?? []) &&
      equal(current.metadata?.labels, wish.metadata?.labels)
    )
      return;
    try {
      if (current) yield* client.update(endpointsResource, wish);
      else yield* client.create(endpointsResource, wish);
    } catch (error) {
      if (!(error instanceof ApiError) || isNamespaceTerminating(error)) return;
      const verb = current ? 'update endpoint' : 'create endpoint for service';
      const reason = current ? 'FailedToUpdateEndpoint' : 'FailedToCreateEndpoint';
      events.record(
        wish,
        { type: 'Warning', reason, message: `Failed to ${verb} ${key}: ${error.message}` },
        kindName(endpointsResource),
      );
      throw error;
    }
  }

  function* remove(key: string): Work<void> {
    try {
      yield* client.delete(endpointsResource, splitKey(key));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function wanted(
  service: Service,
  members: readonly Pod[],
  { current, trigger }: { readonly current: Endpoints | undefined; readonly trigger: number | undefined },
): Endpoints {
  const annotations = { ...current?.metadata?.annotations };
  delete annotations[triggerAnnotation];
  delete annotations[overCapacity];
  if (trigger !== undefined) annotations[triggerAnnotation] = formatTime(trigger);
  const labels = { ...service.metadata?.labels };
  delete labels[headlessLabel];
  const { subsets, truncated } = subsetsOf(service, members);
  if (truncated) annotations[overCapacity] = 'truncated';
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...(current?.metadata ?? { name: service.metadata?.name, namespace: service.metadata?.namespace }),
      ...(Object.keys(annotations).length > 0 || current ? { annotations } : {}),
      labels: { ...labels, ...(isHeadless(service) && { [headlessLabel]: '' }), [managedBy]: 'endpoint-controller' },
    },
    ...(subsets.length > 0 && { subsets }),
  };
}

interface Member {
  readonly address: EndpointAddress;
  readonly ready: boolean;
  readonly ports: readonly CoreEndpointPort[];
}

/** Addresses with the same ports make one subset; all of it sorted, so that equal sets are equal objects. */
function subsetsOf(
  service: Service,
  members: readonly Pod[],
): { readonly subsets: readonly EndpointSubset[]; readonly truncated: boolean } {
  const tolerant = service.spec?.publishNotReadyAddresses ?? false;
  const found: Member[] = [];
  for (const pod of members) {
    const address = mayServe(pod, tolerant) ? addressOf(service, pod) : undefined;
    const ports = portsOf(service, pod);
    if (address && (ports.length > 0 || (service.spec?.ports ?? []).length === 0))
      found.push({ address, ready: tolerant || isPodReady(pod), ports });
  }
  found.sort((a, b) => Number(b.ready) - Number(a.ready) || compareTexts(a.address.ip, b.address.ip));
  const kept = found.slice(0, addressesMax);
  const groups = new Map<string, Member[]>();
  for (const member of kept) {
    const key = JSON.stringify(member.ports);
    groups.set(key, [...(groups.get(key) ?? []), member]);
  }
  const subsets = [...groups].sort(([a], [b]) => compareTexts(a, b)).map(([, group]) => subsetOf(group));
  return { subsets, truncated: kept.length < found.length };
}

function subsetOf(group: readonly Member[]): EndpointSubset {
  const addresses = group.filter(({ ready }) => ready).map(({ address }) => address);
  const notReadyAddresses = group.filter(({ ready }) => !ready).map(({ address }) => address);
  const ports = group[0]?.ports ?? [];
  return {
    ...(addresses.length > 0 && { addresses }),
    ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
    ...(ports.length > 0 && { ports }),
  };
}

function addressOf(service: Service, pod: Pod): EndpointAddress | undefined {
  const wantsIpv6 = service.spec?.ipFamilies?.[0] === 'IPv6';
  const ips = pod.status?.podIPs?.map(({ ip }) => ip) ?? [pod.status?.podIP ?? ''];
  const ip = ips.find((each) => each !== '' && each.includes(':') === wantsIpv6);
  if (ip === undefined) return undefined;
  const { namespace, name, uid } = pod.metadata ?? {};
  return present({
    ip,
    hostname: publishesHostname(pod, service) ? pod.spec?.hostname : undefined,
    nodeName: pod.spec?.nodeName || undefined,
    targetRef: { kind: 'Pod', namespace, name, uid },
  });
}

function portsOf(service: Service, pod: Pod): readonly CoreEndpointPort[] {
  const ports: CoreEndpointPort[] = [];
  for (const port of service.spec?.ports ?? []) {
    const number = targetPort(pod, port);
    if (number === undefined) continue;
    const { name, protocol = 'TCP', appProtocol } = port;
    ports.push(present({ name: name || undefined, port: number, protocol, appProtocol }));
  }
  return ports.sort((a, b) => compareTexts(a.name, b.name) || a.port - b.port);
}

function compareTexts(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
