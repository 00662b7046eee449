// What is wrong with ReplicationControllers.
import type { ReplicationController } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { workloadWarnings } from '../pod-warnings.ts';
import { validateReplicationControllerStatus } from '../validation/workload-status.ts';
import { validateReplicationController, validateReplicationControllerUpdate } from '../validation/workloads.ts';

export const replicationControllerChecks = defineChecks<ReplicationController>({
  group: '',
  kind: 'ReplicationController',
  validate: validateReplicationController,
  validateUpdate: validateReplicationControllerUpdate,
  validateStatusUpdate: validateReplicationControllerStatus,
  warnings: (controller, old) =>
    // Upstream looks at the old template here.
    workloadWarnings(controller, old, { template: (old ?? controller).spec?.template, prefix: 'spec.template' }),
});
