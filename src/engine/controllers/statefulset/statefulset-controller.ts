// The stateful set controller: pods with lasting names and storage, created and replaced in order.
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../../../api/generated/resources.ts';
import type { Pod, StatefulSet } from '../../../api/generated/types.ts';
import { getControllerOf } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { late } from '../../../base/late.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import { lateReconcile } from '../shared/late-reconcile.ts';
import { indexByOwner, resolveOwner } from '../shared/owned-pods.ts';

const code = late('stateful sets', () => import('./statefulset-sync.ts'));

export const statefulSetController = defineController({ name: 'statefulset-controller', setup });

function setup(context: ControllerContext): Controller {
  const { informers, queue } = context;
  const sets = informers.informer(statefulSets);
  const podInformer = informers.informer(pods);
  const revisions = informers.informer(controllerRevisions);
  informers.informer(persistentVolumeClaims);
  indexByOwner(podInformer);
  indexByOwner(revisions);
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
  return lateReconcile(() => code().statefulSetSync(context));
}
