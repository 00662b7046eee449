// What is to be done about a stateful set: pods with lasting names and storage, created and replaced in order.
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../../../api/generated/resources.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../../api/generated/types.ts';
import { controllerReference, isBeingDeleted } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { equal } from '../../../base/json.ts';
import type { Controller, ControllerContext } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';
import { claim } from '../shared/claim.ts';
import { owned, ownedAndOrphans } from '../shared/owned-pods.ts';
import { isPodReady, nextAvailabilityMs } from '../shared/pod-state.ts';
import { revisionHashLabel, syncRevision, truncateHistory } from '../shared/revisions.ts';
import { dataHash } from '../shared/template-hash.ts';
import { ordinalOf, podRevision } from './stateful-pod.ts';
import { StatefulPods } from './stateful-pods.ts';
import { type SetRevisions, StatefulSetUpdate } from './statefulset-update.ts';

/** Its informers are the controller's. */
export function statefulSetSync({ informers, queue, client, events, scope }: ControllerContext): Controller {
  const sets = informers.informer(statefulSets);
  const podInformer = informers.informer(pods);
  const revisions = informers.informer(controllerRevisions);
  const claims = informers.informer(persistentVolumeClaims);
  const control = new StatefulPods(client, events, claims.lister);

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
