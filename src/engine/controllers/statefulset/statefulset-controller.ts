// The stateful set controller: pods with lasting names and storage, created and replaced in order.
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../../../api/generated/resources.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../../api/generated/types.ts';
import { controllerReference, getControllerOf, isBeingDeleted } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { claim } from '../shared/claim.ts';
import { indexByOwner, owned, ownedAndOrphans, resolveOwner } from '../shared/owned-pods.ts';
import { isPodReady, nextAvailabilityMs } from '../shared/pod-state.ts';
import { revisionHashLabel, syncRevision, truncateHistory } from '../shared/revisions.ts';
import { dataHash } from '../shared/template-hash.ts';
import { ordinalOf, podRevision } from './stateful-pod.ts';
import { StatefulPods } from './stateful-pods.ts';
import { type SetRevisions, StatefulSetUpdate } from './statefulset-update.ts';

export const statefulSetController = defineController({ name: 'statefulset-controller', setup });

function setup(context: ControllerContext): Controller {
  const { informers, queue, client, events, scope } = context;
  const sets = informers.informer(statefulSets);
  const podInformer = informers.informer(pods);
  const revisions = informers.informer(controllerRevisions);
  const claims = informers.informer(persistentVolumeClaims);
  indexByOwner(podInformer);
  indexByOwner(revisions);
  const control = new StatefulPods(client, events, claims.lister);
  const enqueue = (set: StatefulSet): void => queue.add(keyOf(set));
  const enqueueOwner = (pod: Pod): void => {
    const set = resolveOwner(sets.lister, 'StatefulSet', pod);
    if (set) enqueue(set);
    else if (!getControllerOf(pod))
      for (const each of sets.lister.inNamespace(pod.metadata?.namespace ?? ''))
        if (selectorOf(each.spec?.selector).matches(pod.metadata?.labels)) enqueue(each);
  };
  sets.on({ added: enqueue, updated: enqueue, deleted: enqueue });
  podInformer.on({
    added: enqueueOwner,
    updated: (pod, old) => {
      if (getControllerOf(old)?.uid !== getControllerOf(pod)?.uid) enqueueOwner(old);
      enqueueOwner(pod);
    },
    deleted: enqueueOwner,
  });

  function* reconcile(key: string): Work<void> {
    const set = sets.lister.get(key);
    if (!set) return;
    const members = yield* claim(
      {
        client,
        owner: set,
        ownerResource: statefulSets,
        reference: controllerReference(set, statefulSets),
        selector: selectorOf(set.spec?.selector),
        resource: pods,
        accepts: (pod) => ordinalOf(set, pod) >= 0,
      },
      ownedAndOrphans(podInformer.lister, set),
    );
    members.sort((a, b) => ordinalOf(set, a) - ordinalOf(set, b));
    const history = [...owned(revisions.lister, set)];
    const synced = yield* syncRevisions(set, history);
    const { status, error } = yield* new StatefulSetUpdate(scope, control, set, synced).run(members);
    const latest = equal(set.status ?? {}, status) ? set : yield* client.updateStatus(statefulSets, { ...set, status });
    if (error !== undefined) throw error;
    yield* forgetRevisions(set, { history, synced, members });
    const seconds = set.spec?.minReadySeconds ?? 0;
    if (seconds > 0 && latest.status?.readyReplicas !== latest.status?.availableReplicas)
      queue.addAfter(key, nextAvailabilityMs(members.filter(isPodReady), seconds, scope.now) ?? seconds * 1000);
  }

  function* syncRevisions(set: StatefulSet, history: readonly ControllerRevision[]): Work<SetRevisions> {
    const { revision, collisionCount } = yield* syncRevision(
      {
        client,
        owner: set,
        resource: statefulSets,
        template: set.spec?.template,
        labels: set.spec?.template.metadata?.labels ?? {},
        hashLabel: revisionHashLabel,
        hashOf: dataHash,
      },
      history,
      set.status?.collisionCount ?? 0,
    );
    const current = history.find(({ metadata }) => metadata?.name === set.status?.currentRevision);
    return { current: current ?? revision, update: revision, collisionCount };
  }

  function* forgetRevisions(
    set: StatefulSet,
    {
      history,
      synced,
      members,
    }: {
      readonly history: readonly ControllerRevision[];
      readonly synced: SetRevisions;
      readonly members: readonly Pod[];
    },
  ): Work<void> {
    if (isBeingDeleted(set)) return;
    const names = [synced.current, synced.update].map(({ metadata }) => metadata?.name ?? '');
    const live = new Set([...names, ...members.map(podRevision)]);
    yield* truncateHistory(client, history, { live, limit: set.spec?.revisionHistoryLimit ?? 10 });
  }
  return { reconcile };
}
