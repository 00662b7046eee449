// The ReplicaSet controller: as many pods as spec.replicas says.
import { replicaSets } from '../../../api/generated/resources.ts';
import { selectorOf } from '../../../api/selectors.ts';
import { defineController } from '../../client/controller.ts';
import { replicaManager } from './replica-manager.ts';

export const replicaSetController = defineController({
  name: 'replicaset-controller',
  setup: (context) =>
    replicaManager(context, {
      resource: replicaSets,
      replicas: (set) => set.spec?.replicas ?? 1,
      minReadySeconds: (set) => set.spec?.minReadySeconds ?? 0,
      template: (set) => set.spec?.template,
      selector: (set) => selectorOf(set.spec?.selector),
      status: (set) => set.status,
      withStatus: (set, status) => ({ ...set, status }),
      countsTerminating: true,
    }),
});
