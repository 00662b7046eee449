// StatefulSets.
import type { StatefulSet, StatefulSetSpec } from '../api/generated/types.ts';
import { dns1123Label } from '../api/names.ts';
import { ageColumn, containerColumns, nameColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { claimDefaults } from './persistent-volume-claim.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { scaleSelector } from './scale-text.ts';
import { assign, change, changeAll, fill, fillZero } from './share.ts';

/** What the server knows about StatefulSets. */
export const statefulSet = defineKind<StatefulSet>({
  ...specGeneration,
  group: 'apps',
  kind: 'StatefulSet',
  validName: dns1123Label,
  defaults: (set) => change(set, 'spec', specDefaults),
  prepareForCreate: (set) => ({ ...withoutDisabled(set), status: { replicas: 0, availableReplicas: 0 } }),
  prepareForUpdate: (set, old) => assign(withoutDisabled(set, old), { status: old.status }),
  scale: {
    wanted: (set) => set.spec?.replicas ?? 0,
    present: (set) => set.status?.replicas ?? 0,
    selector: (set) => scaleSelector(set.spec?.selector),
    withReplicas: (set, replicas) => change(set, 'spec', (spec) => assign(spec, { replicas })),
  },
  columns: [
    nameColumn,
    textColumn('Ready', 'Pods that are ready, of those wanted.', ({ spec, status }) => {
      return `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`;
    }),
    ageColumn,
    ...containerColumns<StatefulSet>(({ spec }) => spec?.template.spec?.containers),
  ],
});

/** MaxUnavailableStatefulSet is off in v1.36: the field stays where it was and comes to nothing elsewhere. */
function withoutDisabled(set: StatefulSet, old?: StatefulSet): StatefulSet {
  if (old?.spec?.updateStrategy?.rollingUpdate?.maxUnavailable !== undefined) return set;
  return change(set, 'spec', (spec) =>
    change(spec, 'updateStrategy', (strategy) =>
      change(strategy, 'rollingUpdate', (rolling) => assign(rolling, { maxUnavailable: undefined })),
    ),
  );
}

function specDefaults(given: StatefulSetSpec): StatefulSetSpec {
  let spec = fillZero(given, { podManagementPolicy: 'OrderedReady' });
  spec = fill(spec, {
    updateStrategy: {},
    persistentVolumeClaimRetentionPolicy: {},
    replicas: 1,
    revisionHistoryLimit: 10,
  });
  spec = change(spec, 'updateStrategy', (strategy) => {
    const typed = strategy.type ? strategy : fill({ ...strategy, type: 'RollingUpdate' }, { rollingUpdate: {} });
    if (typed.type !== 'RollingUpdate') return typed;
    return change(typed, 'rollingUpdate', (rolling) => fill(rolling, { partition: 0 }));
  });
  spec = change(spec, 'persistentVolumeClaimRetentionPolicy', (policy) =>
    fillZero(policy, { whenDeleted: 'Retain', whenScaled: 'Retain' }),
  );
  spec = change(spec, 'volumeClaimTemplates', (claims) =>
    changeAll(claims, (claim) =>
      change(
        fill(claimDefaults(claim), { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: {} }),
        'status',
        (status) => fillZero(status, { phase: 'Pending' }),
      ),
    ),
  );
  return change(spec, 'template', templateDefaults);
}
