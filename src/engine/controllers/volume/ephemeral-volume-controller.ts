// The ephemeral volume controller: makes the claim that a pod's generic ephemeral volume asks for, owned by the pod.
import { persistentVolumeClaims, pods } from '../../../api/generated/resources.ts';
import type { PersistentVolumeClaim, Pod, Volume } from '../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../api/meta.ts';
import { ApiError, internalError } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { kindName } from '../shared/kind-name.ts';

export const ephemeralVolumeController = defineController({
  name: 'ephemeral-volume-controller',
  eventSource: 'ephemeral_volume',
  setup,
});

function setup({ informers, queue, client, events }: ControllerContext): Controller {
  const podInformer = informers.informer(pods);
  const claims = informers.informer(persistentVolumeClaims).lister;
  const enqueue = (pod: Pod): void => {
    if (!isBeingDeleted(pod) && pod.spec?.volumes?.some(({ ephemeral }) => ephemeral)) queue.add(keyOf(pod));
  };
  podInformer.on({ added: enqueue, updated: enqueue });

  function* reconcile(key: string): Work<void> {
    const pod = podInformer.lister.get(key);
    if (!pod || isBeingDeleted(pod)) return;
    for (const volume of pod.spec?.volumes ?? []) {
      const wanted = claimOf(pod, volume);
      if (!wanted) continue;
      const problem = yield* ensure(pod, wanted);
      if (problem === undefined) continue;
      const message = `ephemeral volume ${volume.name}: ${problem}`;
      events.record(pod, { type: 'Warning', reason: 'FailedBinding', message }, kindName(pods));
      throw internalError(message); // tried again
    }
  }

  /** Undefined when the claim is there and the pod's. */
  function* ensure(pod: Pod, wanted: PersistentVolumeClaim): Work<string | undefined> {
    const { namespace, name } = wanted.metadata ?? {};
    const known = claims.get(`${namespace}/${name}`);
    if (known) {
      const own = known.metadata?.ownerReferences?.some(
        ({ uid, controller }) => controller && uid === pod.metadata?.uid,
      );
      const { metadata } = pod;
      return own
        ? undefined
        : `PVC ${namespace}/${name} was not created for pod ${metadata?.namespace}/${metadata?.name} (pod is not owner)`;
    }
    try {
      yield* client.create(persistentVolumeClaims, wanted);
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return `create PVC ${name}: ${error.message}`;
      throw error;
    }
  }
  return { reconcile };
}

function claimOf({ metadata }: Pod, { name, ephemeral }: Volume): PersistentVolumeClaim | undefined {
  const template = ephemeral?.volumeClaimTemplate;
  if (!template) return undefined;
  const owner = { apiVersion: 'v1', kind: 'Pod', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: `${metadata?.name}-${name}`,
      namespace: metadata?.namespace,
      annotations: template.metadata?.annotations,
      labels: template.metadata?.labels,
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec: template.spec,
  };
}
