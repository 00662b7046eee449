// What is wrong with ReplicaSets.
import type { ReplicaSet } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { workloadWarnings } from '../pod-warnings.ts';
import { validateReplicaSetStatus } from '../validation/workload-status.ts';
import { validateReplicaSet, validateReplicaSetUpdate } from '../validation/workloads.ts';

export const replicaSetChecks = defineChecks<ReplicaSet>({
  group: 'apps',
  kind: 'ReplicaSet',
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  validateStatusUpdate: validateReplicaSetStatus,
  warnings: (set, old) => workloadWarnings(set, old, { template: set.spec?.template, prefix: 'spec.template' }),
});
