// What the two endpoints controllers share: which services a pod's change concerns, and which pods are a service's.
import { pods, services } from '../../../api/generated/resources.ts';
import type { Pod, Service, ServicePort } from '../../../api/generated/types.ts';
import { isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { type Selector, selectorFromLabels } from '../../../api/selectors.ts';
import { equal } from '../../../base/json.ts';
import type { InformerFactory } from '../../client/informer.ts';
import { keyOf, type Lister } from '../../client/store.ts';
import type { WorkQueue } from '../../client/workqueue.ts';
import { isPodFinished, isPodReady, podCondition } from '../shared/pod-state.ts';

export const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
export const headlessLabel = 'service.kubernetes.io/headless';

/** Enqueues services when they or their pods change. */
export function watchServices(
  informers: InformerFactory,
  queue: WorkQueue,
): { readonly services: Lister<Service>; readonly pods: Lister<Pod> } {
  const serviceInformer = informers.informer(services);
  const podInformer = informers.informer(pods);
  const enqueue = (service: Service): void => queue.add(keyOf(service));
  const enqueueFor = (pod: Pod, old?: Pod): void => {
    for (const service of serviceInformer.lister.inNamespace(pod.metadata?.namespace ?? '')) {
      const selector = serviceSelector(service);
      if (!selector) continue;
      const relabeled = old && old.metadata?.labels !== pod.metadata?.labels;
      if (selector.matches(pod.metadata?.labels) || (relabeled && selector.matches(old.metadata?.labels)))
        enqueue(service);
    }
  };
  serviceInformer.on({ added: enqueue, updated: enqueue, deleted: enqueue });
  podInformer.on({
    added: (pod) => enqueueFor(pod),
    updated: (pod, old) => {
      if (concernsEndpoints(pod, old)) enqueueFor(pod, old);
    },
    deleted: (pod) => enqueueFor(pod),
  });
  return { services: serviceInformer.lister, pods: podInformer.lister };
}

/** Undefined: the service has no selector, somebody else keeps its endpoints. */
export function serviceSelector(service: Service): Selector | undefined {
  const labels = service.spec?.selector;
  if (!labels || Object.keys(labels).length === 0) return undefined;
  const known = selectors.get(labels);
  if (known) return known;
  const selector = selectorFromLabels(labels);
  selectors.set(labels, selector);
  return selector;
}

const selectors = new WeakMap<object, Selector>();

export function* podsOf(service: Service, all: Lister<Pod>): Iterable<Pod> {
  const selector = serviceSelector(service);
  if (!selector) return;
  for (const pod of all.inNamespace(service.metadata?.namespace ?? ''))
    if (selector.matches(pod.metadata?.labels)) yield pod;
}

/** It has an address and may serve: finished pods do not, terminating ones where the caller wants them. */
export function mayServe(pod: Pod, withTerminating: boolean): boolean {
  if (isPodFinished(pod) || !pod.status?.podIP) return false;
  return withTerminating || !isBeingDeleted(pod);
}

export function isHeadless(service: Service): boolean {
  const clusterIP = service.spec?.clusterIP ?? '';
  return clusterIP === '' || clusterIP === 'None';
}

/** Whether the pod has a DNS name of its own under this service. */
export function publishesHostname(pod: Pod, service: Service): boolean {
  return (
    (pod.spec?.hostname ?? '') !== '' &&
    pod.spec?.subdomain === service.metadata?.name &&
    pod.metadata?.namespace === service.metadata?.namespace
  );
}

/** The port of the pod that a service's port leads to; undefined when the pod has none of that name. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  const sidecars = pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? [];
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    for (const { name, protocol = 'TCP', containerPort } of container.ports ?? [])
      if (name === target && protocol === (port.protocol ?? 'TCP')) return containerPort;
  }
  return undefined;
}

function concernsEndpoints(pod: Pod, old: Pod): boolean {
  return (
    isPodReady(pod) !== isPodReady(old) ||
    isBeingDeleted(pod) !== isBeingDeleted(old) ||
    isPodFinished(pod) !== isPodFinished(old) ||
    pod.metadata?.uid !== old.metadata?.uid ||
    pod.spec?.nodeName !== old.spec?.nodeName ||
    pod.spec?.hostname !== old.spec?.hostname ||
    !equal(pod.status?.podIPs, old.status?.podIPs) ||
    !equal(pod.metadata?.labels, old.metadata?.labels)
  );
}

interface TriggerState {
  readonly service: number;
  readonly pods: ReadonlyMap<string, number>;
}

/** When the change happened that the next write tells: the earliest since the last one. */
export class TriggerTimes {
  private readonly states = new Map<string, TriggerState>();

  next(key: string, service: Service, pods: readonly Pod[]): number | undefined {
    const last = this.states.get(key) ?? { service: 0, pods: new Map<string, number>() };
    const times = new Map<string, number>();
    const changed: number[] = [];
    for (const pod of pods) {
      const at = parseTime(podCondition(pod, 'Ready')?.lastTransitionTime);
      if (at === undefined) continue;
      const name = pod.metadata?.name ?? '';
      times.set(name, at);
      if (at > (last.pods.get(name) ?? 0)) changed.push(at);
    }
    const serviceAt = parseTime(service.metadata?.creationTimestamp) ?? 0;
    if (serviceAt > last.service) changed.push(serviceAt);
    this.states.set(key, { service: serviceAt, pods: times });
    return changed.length > 0 ? Math.min(...changed) : undefined;
  }

  forget(key: string): void {
    this.states.delete(key);
  }
}
