// ControllerRevisions: earlier templates of DaemonSets and StatefulSets.
import type { ControllerRevision } from '../api/generated/types.ts';
import { getControllerOf } from '../api/meta.ts';
import { ageColumn, nameColumn, textColumn, valueColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about ControllerRevisions. */
export const controllerRevision = defineKind<ControllerRevision>({
  group: 'apps',
  kind: 'ControllerRevision',
  columns: [
    nameColumn,
    textColumn('Controller', 'Whose revision it is.', (revision) => {
      const owner = getControllerOf(revision);
      if (!owner) return '<none>';
      const [group = ''] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [];
      return `${owner.kind}${group === '' ? '' : `.${group}`}`.toLowerCase().concat('/', owner.name);
    }),
    valueColumn('Revision', 'Number of the revision.', ({ revision }) => revision),
    ageColumn,
  ],
});
