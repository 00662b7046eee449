// ReplicaSets.
import type { ReplicaSet } from '../api/generated/types.ts';
import { ageColumn, containerColumns, nameColumn, numberColumn, selectorColumn, selectorText } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { scaleSelector } from './scale-text.ts';
import { assign, change, fill } from './share.ts';

/** What the server knows about ReplicaSets. */
export const replicaSet = defineKind<ReplicaSet>({
  ...specGeneration,
  group: 'apps',
  kind: 'ReplicaSet',
  defaults: (set) => change(set, 'spec', (spec) => change(fill(spec, { replicas: 1 }), 'template', templateDefaults)),
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),
  prepareForUpdate: (set, old) => assign(set, { status: old.status }),
  scale: {
    wanted: (set) => set.spec?.replicas ?? 0,
    present: (set) => set.status?.replicas ?? 0,
    selector: (set) => scaleSelector(set.spec?.selector),
    withReplicas: (set, replicas) => change(set, 'spec', (spec) => assign(spec, { replicas })),
  },
  columns: [
    nameColumn,
    numberColumn('Desired', 'Pods that are wanted.', ({ spec }) => spec?.replicas),
    numberColumn('Current', 'Pods that there are.', ({ status }) => status?.replicas),
    numberColumn('Ready', 'Pods that are ready.', ({ status }) => status?.readyReplicas),
    ageColumn,
    ...containerColumns<ReplicaSet>(({ spec }) => spec?.template?.spec?.containers),
    selectorColumn(({ spec }) => selectorText(spec?.selector)),
  ],
});
