// The ReplicationController controller: the ReplicaSet's algorithm on its older sibling.
import { replicationControllers } from '../../../api/generated/resources.ts';
import { nothing, selectorFromLabels } from '../../../api/selectors.ts';
import { defineController } from '../../client/controller.ts';
import { replicaManager } from './replica-manager.ts';

export const replicationControllerController = defineController({
  name: 'replication-controller',
  setup: (context) =>
    replicaManager(context, {
      resource: replicationControllers,
      replicas: (set) => set.spec?.replicas ?? 1,
      minReadySeconds: (set) => set.spec?.minReadySeconds ?? 0,
      template: (set) => set.spec?.template,
      selector: (set) => {
        const labels = set.spec?.selector;
        return labels && Object.keys(labels).length > 0 ? selectorFromLabels(labels) : nothing;
      },
      status: (set) => set.status,
      withStatus: (set, status) => ({ ...set, status }),
      countsTerminating: false,
    }),
});
