// The namespace controller: empties a namespace that is being deleted, pods first, then lets it go.
import { apiServices, customResourceDefinitions, namespaces, pods } from '../../../api/generated/resources.ts';
import type { Namespace } from '../../../api/generated/types.ts';
import { isBeingDeleted, type KubeObject, parseTime } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';
import { ApiError, internalError, isConflict, isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { customResource, storedResources } from '../shared/all-resources.ts';
import { isPodFinished } from '../shared/pod-state.ts';
import { namespaceConditions, type Remains, remainsName } from './namespace-conditions.ts';
import { discoveryProblem } from './stale-apis.ts';

const token = 'kubernetes';
/** So that every API server has seen the deletion before the content goes. */
const graceMs = 5000;
const finalizerEstimateSeconds = 15;
const conflictsMax = 10;

export const namespaceController = defineController({
  name: 'namespace-controller',
  rate: { qps: 400, burst: 3000 },
  workers: 10,
  setup,
});

function setup({ informers, queue, client, scope }: ControllerContext): Controller {
  const all = informers.informer(namespaces);
  const definitions = informers.informer(customResourceDefinitions).lister;
  const services = informers.informer(apiServices).lister;
  const enqueue = (namespace: Namespace): void => {
    if (isBeingDeleted(namespace)) queue.addAfter(keyOf(namespace), graceMs);
  };
  all.on({ added: enqueue, updated: enqueue });

  function* reconcile(name: string): Work<void> {
    try {
      const waitSeconds = yield* remove(name);
      if (waitSeconds !== undefined) queue.addAfter(name, (Math.floor(waitSeconds / 2) + 1) * 1000);
    } catch (error) {
      if (isNotFound(error)) return;
      if (!(error instanceof ApiError)) throw error;
      scope.record('retry', name, error.message);
      queue.addAfter(name, graceMs);
    }
  }

  /** Undefined when done, else an estimate of the seconds until the rest is gone. */
  function* remove(name: string): Work<number | undefined> {
    let namespace = yield* client.get(namespaces, { name });
    if (!isBeingDeleted(namespace)) return undefined;
    if (namespace.status?.phase !== 'Terminating')
      namespace = yield* change(namespace, 'status', (latest) => ({
        ...latest,
        status: { ...latest.status, phase: 'Terminating' },
      }));
    if ((namespace.spec?.finalizers ?? []).length === 0) return undefined;
    const waitSeconds = yield* empty(namespace);
    if (waitSeconds > 0) return waitSeconds;
    yield* change(namespace, 'finalize', (latest) => ({
      ...latest,
      spec: { finalizers: (latest.spec?.finalizers ?? []).filter((finalizer) => finalizer !== token) },
    }));
    return undefined;
  }

  function* change(namespace: Namespace, sub: string, next: (latest: Namespace) => Namespace): Work<Namespace> {
    let latest = namespace;
    for (let i = 0; ; i++) {
      try {
        return yield* client.update(namespaces, next(latest), sub);
      } catch (error) {
        if (!isConflict(error) || i >= conflictsMax) throw error;
        latest = yield* client.get(namespaces, { name: namespace.metadata?.name ?? '' });
      }
    }
  }

  function* empty(namespace: Namespace): Work<number> {
    const name = namespace.metadata?.name ?? '';
    const resources = new Map<string, number>();
    const finalizers = new Map<string, number>();
    const errors: ApiError[] = [];
    let waitSeconds = 0;
    const sweep = function* (resource: Resource<KubeObject>): Work<void> {
      try {
        const rest = yield* emptyResource(resource, namespace);
        waitSeconds = Math.max(waitSeconds, rest.waitSeconds);
        if (rest.left.length > 0) resources.set(remainsName(resource), rest.left.length);
        for (const finalizer of rest.left.flatMap(({ metadata }) => metadata?.finalizers ?? []))
          finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
        if (rest.left.length > 0 && rest.waitSeconds === 0) errors.push(unexpectedRest(resource, name));
      } catch (error) {
        // A resource that the server does not serve, or not so, holds nothing.
        if (isNotFound(error)) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.reason !== 'MethodNotAllowed') errors.push(error);
      }
    };
    yield* sweep(pods);
    // Pods may still need what else is in the namespace to end well.
    const podsOnly = resources.size > 0;
    if (!podsOnly) for (const resource of namespacedResources()) yield* sweep(resource);
    const nothing: Remains['resources'] = new Map();
    const texts = errors.map(({ message }) => message);
    const discovery = discoveryProblem(services.list());
    const remains: Remains = podsOnly
      ? { resources: nothing, finalizers: nothing, errors: texts, discovery }
      : { resources, finalizers, errors: texts, discovery };
    yield* tell(namespace, remains);
    const [first] = errors;
    if (first) throw first;
    if (discovery !== undefined) throw internalError(discovery);
    return waitSeconds;
  }

  function* emptyResource(
    resource: Resource<KubeObject>,
    namespace: Namespace,
  ): Work<{ readonly left: readonly KubeObject[]; readonly waitSeconds: number }> {
    const name = namespace.metadata?.name ?? '';
    const estimate = resource === pods ? yield* estimateForPods(namespace) : 0;
    yield* client.deleteCollection(resource, { namespace: name, propagationPolicy: 'Background' });
    const { items } = yield* client.list(resource, { namespace: name });
    if (items.length === 0) return { left: [], waitSeconds: 0 };
    const held = items.some(({ metadata }) => (metadata?.finalizers ?? []).length > 0);
    return { left: items, waitSeconds: estimate || (held ? finalizerEstimateSeconds : 0) };
  }

  /** The longest grace period, until that much time has passed since the deletion. */
  function* estimateForPods(namespace: Namespace): Work<number> {
    const { items } = yield* client.list(pods, { namespace: namespace.metadata?.name ?? '' });
    const graces = items
      .filter((pod) => !isPodFinished(pod))
      .map((pod) => pod.spec?.terminationGracePeriodSeconds ?? 0);
    const estimate = graces.reduce((most, grace) => Math.max(most, grace), 0);
    const sinceMs = scope.now - (parseTime(namespace.metadata?.deletionTimestamp) ?? 0);
    return sinceMs >= estimate * 1000 ? 0 : estimate;
  }

  function* tell(namespace: Namespace, remains: Remains): Work<void> {
    const old = namespace.status?.conditions ?? [];
    const conditions = namespaceConditions(old, remains, scope.now);
    if (conditions === old) return;
    try {
      yield* client.updateStatus(namespaces, { ...namespace, status: { ...namespace.status, conditions } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      scope.record('status refused', namespace.metadata?.name ?? '', error.message);
    }
  }

  function namespacedResources(): readonly Resource<KubeObject>[] {
    const custom = [...definitions.list()].map(customResource).filter((resource) => resource !== undefined);
    return [...storedResources, ...custom].filter((resource) => resource.namespaced && resource !== pods);
  }
  return { reconcile };
}

function unexpectedRest({ group, version, resource }: Resource<KubeObject>, namespace: string): ApiError {
  const gvr = `${group}/${version}, Resource=${resource}`;
  return new ApiError({
    status: 'Failure',
    code: 500,
    message: `unexpected items still remain in namespace: ${namespace} for gvr: ${gvr}`,
  });
}
