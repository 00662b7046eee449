// What is wrong with PodTemplates.

import { alike } from '../../api/alike.ts';
import type { PodTemplate } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { templateWarnings } from '../pod-warnings.ts';
import { validateTemplate } from '../validation/pod-template.ts';

export const podTemplateChecks = defineChecks<PodTemplate>({
  group: '',
  kind: 'PodTemplate',
  validate: ({ template }, errors) => validateTemplate(errors, 'template', template ?? {}),
  validateUpdate: ({ template }, _old, errors) => validateTemplate(errors, 'template', template ?? {}),
  warnings: (one, old) => (alike(one.template, old?.template) ? [] : templateWarnings(one.template, 'template')),
});
