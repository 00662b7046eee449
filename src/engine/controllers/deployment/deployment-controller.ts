// The deployment controller: rolls out a deployment's template through replica sets.
//
// Left out: the rollback annotation of the retired extensions/v1beta1 API.
import { deployments, pods, replicaSets } from '../../../api/generated/resources.ts';
import type { Deployment, Pod, ReplicaSet } from '../../../api/generated/types.ts';
import { controllerReference, getControllerOf } from '../../../api/meta.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { late } from '../../../base/late.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { claim } from '../shared/claim.ts';
import { kindName } from '../shared/kind-name.ts';
import { indexByOwner, owned, ownedAndOrphans, resolveOwner } from '../shared/owned-pods.ts';

const rollouts = late('rollouts', () => import('./rollout.ts'));

export const deploymentController = defineController({ name: 'deployment-controller', setup });

function setup(context: ControllerContext): Controller {
  const { informers, queue, client, events } = context;
  const deploymentInformer = informers.informer(deployments);
  const setInformer = informers.informer(replicaSets);
  const podInformer = informers.informer(pods);
  indexByOwner(setInformer);
  indexByOwner(podInformer);
  const ownerOf = (object: ReplicaSet | Pod): Deployment | undefined =>
    resolveOwner(deploymentInformer.lister, 'Deployment', object);
  const enqueue = (deployment: Deployment | undefined): void => {
    if (deployment) queue.add(keyOf(deployment));
  };
  const enqueueMatching = (set: ReplicaSet): void => {
    for (const deployment of deploymentInformer.lister.inNamespace(set.metadata?.namespace ?? '')) {
      const selector = selectorOf(deployment.spec?.selector);
      if (selector.matches(set.metadata?.labels)) enqueue(deployment);
    }
  };
  deploymentInformer.on({ added: enqueue, updated: enqueue, deleted: enqueue });
  setInformer.on({
    added: (set) => (getControllerOf(set) ? enqueue(ownerOf(set)) : enqueueMatching(set)),
    updated: (set, old) => {
      const changed = getControllerOf(set)?.uid !== getControllerOf(old)?.uid;
      if (changed) enqueue(ownerOf(old));
      if (getControllerOf(set)) enqueue(ownerOf(set));
      else if (changed || set.metadata?.labels !== old.metadata?.labels) enqueueMatching(set);
    },
    deleted: (set) => enqueue(ownerOf(set)),
  });
  podInformer.on({
    deleted: (pod) => {
      const set = resolveOwner(setInformer.lister, 'ReplicaSet', pod);
      const deployment = set && ownerOf(set);
      // Recreate waits for the last old pod to be gone.
      if (deployment?.spec?.strategy?.type !== 'Recreate') return;
      const sets = [...owned(setInformer.lister, deployment)];
      if (sets.every((each) => [...owned(podInformer.lister, each)].length === 0)) enqueue(deployment);
    },
  });

  function* reconcile(key: string): Work<void> {
    const deployment = deploymentInformer.lister.get(key);
    if (!deployment) return;
    const selector = selectorOf(deployment.spec?.selector);
    if (selector.isEmpty()) {
      const message = 'This deployment is selecting all pods. A non-empty selector is required.';
      events.record(deployment, { type: 'Warning', reason: 'SelectingAll', message }, kindName(deployments));
      return;
    }
    const sets = yield* claim(
      {
        client,
        owner: deployment,
        ownerResource: deployments,
        reference: controllerReference(deployment, deployments),
        selector,
        resource: replicaSets,
      },
      ownedAndOrphans(setInformer.lister, deployment),
    );
    yield* new (rollouts().Rollout)(context, deployment, sets, (set) => owned(podInformer.lister, set)).run();
  }
  return { reconcile };
}
