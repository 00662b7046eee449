// ReplicationControllers.
import type { ReplicationController } from '../api/generated/types.ts';
import { longName } from '../api/names.ts';
import { selectorFromLabels } from '../api/selectors.ts';
import { ageColumn, containerColumns, labelsText, nameColumn, numberColumn, selectorColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, fill } from './share.ts';

/** What the server knows about ReplicationControllers. */
export const replicationController = defineKind<ReplicationController>({
  ...specGeneration,
  group: '',
  kind: 'ReplicationController',
  validName: longName,
  anyGenerateName: true,
  defaultPropagation: 'orphan',
  defaults(controller) {
    const labels = controller.spec?.template?.metadata?.labels;
    let defaulted = change(controller, 'spec', (spec) =>
      change(fill(spec, { replicas: 1 }), 'template', templateDefaults),
    );
    if (!labels) return defaulted;
    if (Object.keys(defaulted.spec?.selector ?? {}).length === 0)
      defaulted = change(defaulted, 'spec', (spec) => assign(spec, { selector: labels }));
    if (Object.keys(defaulted.metadata?.labels ?? {}).length > 0) return defaulted;
    return { ...defaulted, metadata: { ...defaulted.metadata, labels } };
  },
  prepareForCreate: (controller) => ({ ...controller, status: { replicas: 0 } }),
  prepareForUpdate: (controller, old) => assign(controller, { status: old.status }),
  fields: { 'status.replicas': (controller) => String(controller.status?.replicas ?? 0) },
  scale: {
    wanted: (controller) => controller.spec?.replicas ?? 0,
    present: (controller) => controller.status?.replicas ?? 0,
    selector: (controller) => selectorFromLabels(controller.spec?.selector).toString(),
    withReplicas: (controller, replicas) => change(controller, 'spec', (spec) => assign(spec, { replicas })),
  },
  columns: [
    nameColumn,
    numberColumn('Desired', 'Pods that are wanted.', ({ spec }) => spec?.replicas),
    numberColumn('Current', 'Pods that there are.', ({ status }) => status?.replicas),
    numberColumn('Ready', 'Pods that are ready.', ({ status }) => status?.readyReplicas),
    ageColumn,
    ...containerColumns<ReplicationController>(({ spec }) => spec?.template?.spec?.containers),
    selectorColumn(({ spec }) => labelsText(spec?.selector)),
  ],
});
