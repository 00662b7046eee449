// CronJobs.
import type { CronJob } from '../api/generated/types.ts';
import {
  ageColumn,
  containerColumns,
  elapsed,
  nameColumn,
  numberColumn,
  selectorColumn,
  selectorText,
  textColumn,
  valueColumn,
} from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, fill, fillZero } from './share.ts';

/** What the server knows about CronJobs. */
export const cronJob = defineKind<CronJob>({
  ...specGeneration,
  group: 'batch',
  kind: 'CronJob',
  defaults: (job) =>
    change(job, 'spec', (given) => {
      let spec = fillZero(given, { concurrencyPolicy: 'Allow' });
      spec = fill(spec, { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
      return change(spec, 'jobTemplate', (template) =>
        change(fill(template, { metadata: {} }), 'spec', (jobSpec) => change(jobSpec, 'template', templateDefaults)),
      );
    }),
  prepareForCreate: (job) => ({ ...job, status: {} }),
  prepareForUpdate: (job, old) => assign(job, { status: old.status }),
  columns: [
    nameColumn,
    textColumn('Schedule', 'When jobs begin, in cron form.', ({ spec }) => spec?.schedule ?? ''),
    textColumn('Timezone', 'Time zone of the schedule.', ({ spec }) => spec?.timeZone ?? '<none>'),
    { ...valueColumn('Suspend', 'Whether no jobs are begun.', suspended), type: 'boolean' },
    numberColumn('Active', 'Jobs that run now.', ({ status }) => status?.active?.length),
    textColumn('Last Schedule', 'Time since a job was last begun.', ({ status }, nowMs) => {
      return status?.lastScheduleTime ? elapsed(status.lastScheduleTime, nowMs) : '<none>';
    }),
    ageColumn,
    ...containerColumns<CronJob>(({ spec }) => spec?.jobTemplate.spec?.template.spec?.containers),
    selectorColumn(({ spec }) => selectorText(spec?.jobTemplate.spec?.selector)),
  ],
});

function suspended({ spec }: CronJob): string {
  return spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False';
}
