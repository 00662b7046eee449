// The cloud's service controller: gives services of type LoadBalancer an address after a while, and takes it back.
import { services } from '../../api/generated/resources.ts';
import type { Service } from '../../api/generated/types.ts';
import { isBeingDeleted } from '../../api/meta.ts';
import { isNotFound } from '../../api/status.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../client/controller.ts';
import { keyOf } from '../client/store.ts';
import type { Work } from '../sim/work.ts';

export const serviceController = defineController({ name: 'service-controller', workers: 1, setup });

const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
/** The cloud takes its time to set one up, and to take it down. */
const setupMs = 4000;
const setupJitterMs = 3000;
const teardownMs = 1500;
/** RFC 5737's documentation range: addresses that are nobody's. */
const addressPrefix = '203.0.113.';
const addressFirst = 10;
const addressLast = 250;
const kind = { kind: 'Service', apiVersion: 'v1' };

function setup({ informers, queue, client, events, scope }: ControllerContext): Controller {
  const all = informers.informer(services);
  const enqueue = (service: Service): void => {
    if (wants(service) || hasFinalizer(service)) queue.add(keyOf(service));
  };
  all.on({ added: enqueue, updated: enqueue });

  function tell(service: Service, reason: string, message: string): void {
    events.record(service, { type: 'Normal', reason, message }, kind);
  }

  function* reconcile(key: string): Work<void> {
    const service = all.lister.get(key);
    if (!service) return;
    if (wants(service)) yield* ensure(service);
    else if (hasFinalizer(service)) yield* remove(service);
  }

  function* ensure(cached: Service): Work<void> {
    if (isEnsured(cached)) return;
    const { namespace, name = '' } = cached.metadata ?? {};
    const service = yield* client.get(services, { namespace, name });
    if (isEnsured(service)) return; // the cache does not know yet what the last round did
    tell(service, 'EnsuringLoadBalancer', 'Ensuring load balancer');
    const held = hasFinalizer(service)
      ? service
      : yield* patchStatus(service, { metadata: { finalizers: [...(service.metadata?.finalizers ?? []), finalizer] } });
    yield* scope.sleep(scope.random().jitter(setupMs, setupJitterMs / setupMs));
    const ip = held.spec?.loadBalancerIP || freeAddress();
    try {
      yield* patchStatus(held, { status: { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } } });
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    tell(service, 'EnsuredLoadBalancer', 'Ensured load balancer');
  }

  function* remove(service: Service): Work<void> {
    tell(service, 'DeletingLoadBalancer', 'Deleting load balancer');
    yield* scope.sleep(teardownMs);
    const { namespace, name = '' } = service.metadata ?? {};
    try {
      const fresh = yield* client.get(services, { namespace, name });
      const finalizers = (fresh.metadata?.finalizers ?? []).filter((each) => each !== finalizer);
      yield* patchStatus(fresh, { metadata: { finalizers }, status: { loadBalancer: { ingress: null } } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    tell(service, 'DeletedLoadBalancer', 'Deleted load balancer');
  }

  /** All that it may write, the finalizer included, as upstream's does. */
  function patchStatus({ metadata }: Service, patch: JsonObject): Work<Service> {
    const { namespace, name = '' } = metadata ?? {};
    const target = { namespace, name, subresource: 'status', patchType: 'application/merge-patch+json' } as const;
    return client.patch(services, target, patch);
  }

  function freeAddress(): string {
    const taken = new Set<string | undefined>();
    for (const { status } of all.lister.list()) for (const { ip } of status?.loadBalancer?.ingress ?? []) taken.add(ip);
    for (let last = addressFirst; last <= addressLast; last++)
      if (!taken.has(addressPrefix + last)) return addressPrefix + last;
    return addressPrefix + addressLast;
  }
  return { reconcile };
}

/** A service with a class of its own is another implementation's. */
function wants(service: Service): boolean {
  return service.spec?.type === 'LoadBalancer' && !service.spec.loadBalancerClass && !isBeingDeleted(service);
}

function isEnsured(service: Service): boolean {
  return hasFinalizer(service) && (service.status?.loadBalancer?.ingress ?? []).length > 0;
}

function hasFinalizer({ metadata }: Service): boolean {
  return metadata?.finalizers?.includes(finalizer) ?? false;
}
