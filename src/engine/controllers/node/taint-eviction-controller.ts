// The taint eviction controller: deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer.
import { nodes, pods } from '../../../api/generated/resources.ts';
import type { Node, Pod, Taint } from '../../../api/generated/types.ts';
import { formatTime, isBeingDeleted, splitKey } from '../../../api/meta.ts';
import { isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Stop } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import { toleratesTaint } from '../shared/node-match.ts';
import { podCondition } from '../shared/pod-state.ts';
import { indexByNode, nodeIndex } from './node-facts.ts';

export const taintEvictionController = defineController({
  name: 'taint-eviction-controller',
  account: 'node-controller',
  eventSource: 'taint-eviction-controller',
  setup,
});

interface Scheduled {
  readonly since: number;
  readonly stop: Stop;
}

function setup({ informers, queue, client, events, scope }: ControllerContext): Controller {
  const nodeInformer = informers.informer(nodes);
  const podInformer = informers.informer(pods);
  indexByNode(podInformer);
  const scheduled = new Map<string, Scheduled>();
  const due = new Set<string>();
  const enqueueNode = (node: Node, old?: Node): void => {
    if (equal(executeTaints(node), old ? executeTaints(old) : [])) return;
    for (const pod of podInformer.lister.by(nodeIndex, node.metadata?.name ?? '')) queue.add(keyOf(pod));
  };
  nodeInformer.on({ added: (node) => enqueueNode(node), updated: enqueueNode });
  podInformer.on({
    added: (pod) => {
      if (pod.spec?.nodeName) queue.add(keyOf(pod));
    },
    updated: (pod, old) => {
      if (pod.spec?.nodeName !== old.spec?.nodeName || !equal(pod.spec?.tolerations, old.spec?.tolerations))
        queue.add(keyOf(pod));
    },
    deleted: (pod) => cancel(keyOf(pod), false),
  });

  function cancel(key: string, tell: boolean): void {
    const known = scheduled.get(key);
    if (!known) return;
    known.stop();
    scheduled.delete(key);
    if (tell) record(key, `Cancelling deletion of Pod ${key}`);
  }

  function record(key: string, message: string): void {
    const about = { apiVersion: 'v1', kind: 'Pod', ...splitKey(key) };
    events.recordFor(about, { type: 'Normal', reason: 'TaintManagerEviction', message });
  }

  function* reconcile(key: string): Work<void> {
    const pod = podInformer.lister.get(key);
    if (due.delete(key) && pod) {
      yield* evict(key, pod);
      return;
    }
    const node = pod?.spec?.nodeName ? nodeInformer.lister.get(pod.spec.nodeName) : undefined;
    const taints = node ? executeTaints(node) : [];
    if (!pod || taints.length === 0) {
      cancel(key, true);
      return;
    }
    const seconds = toleratedSeconds(pod, taints);
    if (seconds === undefined) {
      cancel(key, true);
      return;
    }
    if (seconds === 0) {
      cancel(key, false);
      yield* evict(key, pod);
      return;
    }
    const known = scheduled.get(key);
    const since = known?.since ?? scope.now;
    known?.stop();
    const stop = scope.schedule(since + seconds * 1000 - scope.now, () => {
      scheduled.delete(key);
      due.add(key);
      queue.add(key);
    });
    scheduled.set(key, { since, stop });
  }

  function* evict(key: string, pod: Pod): Work<void> {
    if (isBeingDeleted(pod)) return;
    record(key, `Marking for deletion Pod ${key}`);
    const { namespace, name = '' } = pod.metadata ?? {};
    try {
      if (podCondition(pod, 'DisruptionTarget')?.status !== 'True')
        yield* client.patch(pods, { namespace, name, subresource: 'status' }, disruptionPatch(scope.now));
      yield* client.delete(pods, { namespace, name });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { reconcile };
}

function disruptionPatch(now: number) {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    lastTransitionTime: formatTime(now),
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  };
  return { status: { conditions: [condition] } };
}

function executeTaints(node: Node): readonly Taint[] {
  return node.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? [];
}

/** For how long the pod may stay; undefined: for ever. */
function toleratedSeconds(pod: Pod, taints: readonly Taint[]): number | undefined {
  let least: number | undefined;
  for (const taint of taints) {
    const toleration = pod.spec?.tolerations?.find((each) => toleratesTaint(each, taint));
    if (!toleration) return 0;
    const seconds = toleration.tolerationSeconds;
    if (seconds !== undefined && (least === undefined || seconds < least)) least = Math.max(0, seconds);
  }
  return least;
}
