// DaemonSets.

import { alike } from '../api/alike.ts';
import type { DaemonSet, DaemonSetSpec } from '../api/generated/types.ts';
import {
  ageColumn,
  containerColumns,
  labelsText,
  nameColumn,
  numberColumn,
  selectorColumn,
  selectorText,
  textColumn,
} from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, fill, fillZero } from './share.ts';

/** What the server knows about DaemonSets. */
export const daemonSet = defineKind<DaemonSet>({
  ...specGeneration,
  group: 'apps',
  kind: 'DaemonSet',
  // The server keeps a number, and says it even where the client said none.
  defaults: (set) => withTemplateGeneration(change(set, 'spec', specDefaults), templateGeneration(set)),
  prepareForCreate: (set) => ({
    ...withTemplateGeneration(set, Math.max(1, templateGeneration(set))),
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  }),
  prepareForUpdate: (set, old) => {
    const changed = !alike(set.spec?.template, old.spec?.template);
    return assign(withTemplateGeneration(set, templateGeneration(old) + (changed ? 1 : 0)), { status: old.status });
  },
  columns: [
    nameColumn,
    numberColumn('Desired', 'Nodes that should run the pod.', ({ status }) => status?.desiredNumberScheduled),
    numberColumn('Current', 'Nodes that run at least one pod.', ({ status }) => status?.currentNumberScheduled),
    numberColumn('Ready', 'Nodes whose pod is ready.', ({ status }) => status?.numberReady),
    numberColumn('Up-to-date', 'Nodes whose pod is of the newest template.', ({ status }) => {
      return status?.updatedNumberScheduled;
    }),
    numberColumn('Available', 'Nodes whose pod has been ready for long enough.', ({ status }) => {
      return status?.numberAvailable;
    }),
    textColumn('Node Selector', 'Labels of the nodes that should run the pod.', ({ spec }) => {
      return labelsText(spec?.template.spec?.nodeSelector);
    }),
    ageColumn,
    ...containerColumns<DaemonSet>(({ spec }) => spec?.template.spec?.containers),
    selectorColumn(({ spec }) => selectorText(spec?.selector)),
  ],
});

const generationAnnotation = 'deprecated.daemonset.template.generation';

/** How often the template was changed: a field once, an annotation since v1. */
function templateGeneration({ metadata }: DaemonSet): number {
  const text = metadata?.annotations?.[generationAnnotation] ?? '';
  return /^-?\d{1,18}$/.test(text) ? Number(text) : 0;
}

function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  if (set.metadata?.annotations?.[generationAnnotation] === String(generation)) return set;
  const annotations = { ...set.metadata?.annotations, [generationAnnotation]: String(generation) };
  return { ...set, metadata: { ...set.metadata, annotations } };
}

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
