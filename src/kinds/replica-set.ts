// ReplicaSets.
import type { ReplicaSet } from '../api/generated/types.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, fill } from './share.ts';

export const replicaSet = defineKind<ReplicaSet>({
  ...specGeneration,
  group: 'apps',
  kind: 'ReplicaSet',
  defaults: (set) => change(set, 'spec', (spec) => change(fill(spec, { replicas: 1 }), 'template', templateDefaults)),
  prepareForCreate: (set) => ({ ...set, status: { replicas: 0 } }),
  prepareForUpdate: (set, old) => assign(set, { status: old.status }),
});
