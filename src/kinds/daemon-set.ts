// DaemonSets.
import type { DaemonSet, DaemonSetSpec } from '../api/generated/types.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, fill, fillZero } from './share.ts';

export const daemonSet = defineKind<DaemonSet>({
  ...specGeneration,
  group: 'apps',
  kind: 'DaemonSet',
  defaults: (set) => change(set, 'spec', specDefaults),
  prepareForCreate: (set) => ({
    ...set,
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  }),
  prepareForUpdate: (set, old) => assign(set, { status: old.status }),
});

function specDefaults(given: DaemonSetSpec): DaemonSetSpec {
  let spec = fill(given, { updateStrategy: {}, revisionHistoryLimit: 10 });
  spec = change(spec, 'updateStrategy', (strategy) => {
    const typed = fillZero(strategy, { type: 'RollingUpdate' });
    if (typed.type !== 'RollingUpdate') return typed;
    return change(fill(typed, { rollingUpdate: {} }), 'rollingUpdate', (rolling) =>
      fill(rolling, { maxUnavailable: 1, maxSurge: 0 }),
    );
  });
  return change(spec, 'template', templateDefaults);
}
