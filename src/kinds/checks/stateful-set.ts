// What is wrong with StatefulSets.
import type { StatefulSet } from '../../api/generated/types.ts';
import { claimSpecWarnings } from '../claim-warnings.ts';
import { defineChecks } from '../kind-checks.ts';
import { templateWarnings } from '../pod-warnings.ts';
import { validateStatefulSet, validateStatefulSetUpdate } from '../validation/stateful-sets.ts';
import { validateStatefulSetStatus } from '../validation/workload-status.ts';

export const statefulSetChecks = defineChecks<StatefulSet>({
  group: 'apps',
  kind: 'StatefulSet',
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatusUpdate: validateStatefulSetStatus,
  warnings,
});

/** Its name may be anything: pods are named after it all the same. */
function warnings(set: StatefulSet, old?: StatefulSet): readonly string[] {
  const { template, volumeClaimTemplates = [], revisionHistoryLimit = 0 } = set.spec ?? {};
  const changed = !old || old.metadata?.generation !== set.metadata?.generation;
  // Upstream writes the field with a capital when the set is changed.
  const claims = volumeClaimTemplates.flatMap(({ spec }, i) =>
    claimSpecWarnings(spec ?? {}, `spec.volumeClaimTemplates[${i}]${old ? '.Spec' : ''}`),
  );
  const negative =
    'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';
  return [
    ...(changed ? templateWarnings(template, 'spec.template') : []),
    ...claims,
    ...(revisionHistoryLimit < 0 ? [negative] : []),
  ];
}
