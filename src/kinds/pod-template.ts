// PodTemplates: a pod's template by itself.
import type { PodTemplate } from '../api/generated/types.ts';
import { images, labelsText, nameColumn, names, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { change } from './share.ts';

/** What the server knows about PodTemplates. */
export const podTemplate = defineKind<PodTemplate>({
  group: '',
  kind: 'PodTemplate',
  returnsDeleted: true,
  generationPart: ({ template }) => template,
  defaults: (one) => change(one, 'template', templateDefaults),
  columns: [
    nameColumn,
    textColumn('Containers', 'Names of the containers.', ({ template }) => names(template?.spec?.containers)),
    textColumn('Images', 'Images of the containers.', ({ template }) => images(template?.spec?.containers)),
    textColumn('Pod Labels', 'Labels of its pods.', ({ template }) => labelsText(template?.metadata?.labels)),
  ],
});
