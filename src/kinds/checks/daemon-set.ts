// What is wrong with DaemonSets.

import { alike } from '../../api/alike.ts';
import type { DaemonSet } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { templateWarnings } from '../pod-warnings.ts';
import { validateDaemonSetStatus } from '../validation/workload-status.ts';
import { validateDaemonSet, validateDaemonSetUpdate } from '../validation/workloads.ts';

export const daemonSetChecks = defineChecks<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  validateStatusUpdate: validateDaemonSetStatus,
  warnings: (set, old) =>
    old && alike(set.spec?.template, old.spec?.template) ? [] : templateWarnings(set.spec?.template, 'spec.template'),
});
