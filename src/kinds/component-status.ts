// ComponentStatuses: how the scheduler, the controller manager and etcd are, in the old way.
import type { ComponentStatus } from '../api/generated/types.ts';
import { nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';

/** What the server knows about ComponentStatus. */
export const componentStatus = defineKind<ComponentStatus>({
  group: '',
  kind: 'ComponentStatus',
  columns: [
    nameColumn,
    textColumn('Status', 'Healthy, Unhealthy or Unknown.', (component) => {
      const status = conditionOf(component)?.status;
      return status === undefined ? 'Unknown' : status === 'True' ? 'Healthy' : 'Unhealthy';
    }),
    textColumn('Message', 'What it says.', (component) => conditionOf(component)?.message ?? ''),
    textColumn('Error', 'What is wrong.', (component) => conditionOf(component)?.error ?? ''),
  ],
});

function conditionOf({ conditions }: ComponentStatus) {
  return conditions?.find(({ type }) => type === 'Healthy');
}
