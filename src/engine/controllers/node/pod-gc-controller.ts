// The pod garbage collector: deletes pods of nodes that are gone, finished pods beyond a limit, and terminating pods
// that no kubelet will ever end.
import { nodes, pods } from '../../../api/generated/resources.ts';
import type { Pod } from '../../../api/generated/types.ts';
import { formatTime, isBeingDeleted } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { TransportError } from '../../client/transport.ts';
import type { Work } from '../../sim/work.ts';
import { isPodFinished } from '../shared/pod-state.ts';
import { nodeCondition } from './node-facts.ts';

export const podGcController = defineController({ name: 'pod-garbage-collector', setup });

const periodMs = 20_000;
const quarantineMs = 40_000;
const terminatedMax = 12_500;
const outOfService = 'node.kubernetes.io/out-of-service';

function setup({ informers, client, scope }: ControllerContext): Controller {
  const all = informers.informer(pods);
  const nodeLister = informers.informer(nodes).lister;
  /** Since when a node that pods name is missing. */
  const missing = new Map<string, number>();
  scope.spawn(passes());

  function* passes(): Work<void> {
    yield* informers.waitForSync();
    for (;;) {
      const finished: Pod[] = [];
      for (const pod of [...all.lister.list()]) {
        if (isPodFinished(pod)) finished.push(pod);
        yield* check(pod);
      }
      finished.sort((a, b) => (created(a) < created(b) ? -1 : 1));
      for (const pod of finished.slice(0, Math.max(0, finished.length - terminatedMax))) yield* remove(pod, false);
      yield* scope.round(periodMs);
    }
  }

  function* check(pod: Pod): Work<void> {
    const name = pod.spec?.nodeName ?? '';
    if (name === '') {
      if (isBeingDeleted(pod)) yield* remove(pod, false);
      return;
    }
    const node = nodeLister.get(name);
    if (node) {
      missing.delete(name);
      const dead = node.spec?.taints?.some(({ key }) => key === outOfService);
      if (dead && isBeingDeleted(pod) && nodeCondition(node, 'Ready')?.status !== 'True') yield* remove(pod, false);
      return;
    }
    const since = missing.get(name) ?? scope.now;
    missing.set(name, since);
    if (scope.now - since >= quarantineMs) yield* remove(pod, true);
  }

  function* remove(pod: Pod, orphaned: boolean): Work<void> {
    const { namespace, name = '' } = pod.metadata ?? {};
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      lastTransitionTime: formatTime(scope.now),
      reason: 'DeletionByPodGC',
      message: 'PodGC: node no longer exists',
    };
    const status = { phase: 'Failed', ...(orphaned && { conditions: [condition] }) };
    try {
      if (!isPodFinished(pod)) yield* client.patch(pods, { namespace, name, subresource: 'status' }, { status });
      yield* client.delete(pods, { namespace, name, gracePeriodSeconds: 0 });
    } catch (error) {
      if (isNotFound(error)) return;
      if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
      scope.record('retry', `pods ${namespace}/${name}`, error.message);
    }
  }

  return { *reconcile(): Work<void> {} };
}

function created(pod: Pod): string {
  return pod.metadata?.creationTimestamp ?? '';
}
