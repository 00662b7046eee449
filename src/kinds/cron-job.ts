// CronJobs.
import type { CronJob } from '../api/generated/types.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { assign, change, fill, fillZero } from './share.ts';

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
});
