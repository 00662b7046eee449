// What is wrong with ControllerRevisions.
import type { ControllerRevision } from '../../api/generated/types.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateControllerRevision, validateControllerRevisionUpdate } from '../validation/controller-revisions.ts';

export const controllerRevisionChecks = defineChecks<ControllerRevision>({
  group: 'apps',
  kind: 'ControllerRevision',
  validate: validateControllerRevision,
  validateUpdate: validateControllerRevisionUpdate,
});
