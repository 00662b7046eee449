// Deployments.
import type { Deployment, DeploymentSpec } from '../api/generated/types.ts';
import { ageColumn, containerColumns, nameColumn, selectorColumn, textColumn, valueColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { scaleSelector } from './scale-text.ts';
import { assign, change, fill, fillZero } from './share.ts';

/** What the server knows about Deployments. */
export const deployment = defineKind<Deployment>({
  ...specGeneration,
  group: 'apps',
  kind: 'Deployment',
  defaults: (deployment) => change(deployment, 'spec', specDefaults),
  prepareForCreate: (deployment) => ({ ...deployment, status: {} }),
  prepareForUpdate: (deployment, old) => assign(deployment, { status: old.status }),
  scale: {
    wanted: (deployment) => deployment.spec?.replicas ?? 0,
    present: (deployment) => deployment.status?.replicas ?? 0,
    selector: (deployment) => scaleSelector(deployment.spec?.selector),
    withReplicas: (deployment, replicas) => change(deployment, 'spec', (spec) => assign(spec, { replicas })),
  },
  columns: [
    nameColumn,
    textColumn('Ready', 'Pods that are ready, of those wanted.', ({ spec, status }) => {
      return `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`;
    }),
    valueColumn('Up-to-date', 'Pods of the newest template.', ({ status }) => status?.updatedReplicas ?? 0),
    valueColumn('Available', 'Pods that have been ready for long enough.', ({ status }) => {
      return status?.availableReplicas ?? 0;
    }),
    ageColumn,
    ...containerColumns<Deployment>(({ spec }) => spec?.template.spec?.containers),
    selectorColumn(({ spec }) => scaleSelector(spec?.selector)),
  ],
});

function specDefaults(given: DeploymentSpec): DeploymentSpec {
  let spec = fill(given, { strategy: {} });
  spec = change(spec, 'strategy', (strategy) => {
    const typed = fillZero(strategy, { type: 'RollingUpdate' });
    if (typed.type !== 'RollingUpdate') return typed;
    return change(fill(typed, { rollingUpdate: {} }), 'rollingUpdate', (rolling) =>
      fill(rolling, { maxUnavailable: '25%', maxSurge: '25%' }),
    );
  });
  spec = fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  return change(spec, 'template', templateDefaults);
}
