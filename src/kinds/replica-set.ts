// ReplicaSets.
import type { ReplicaSet } from '../api/generated/types.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { scaleSelector } from './scale-text.ts';
import { assign, change, fill } from './share.ts';

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
});
