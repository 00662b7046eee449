// What is wrong with CronJobs.
import type { CronJob } from '../../api/generated/types.ts';
import { jobWarnings } from '../job-warnings.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateCronJob, validateCronJobUpdate } from '../validation/cron-jobs.ts';

export const cronJobChecks = defineChecks<CronJob>({
  group: 'batch',
  kind: 'CronJob',
  validate: validateCronJob,
  validateUpdate: validateCronJobUpdate,
  warnings: (job, old) => [
    ...jobWarnings(job, old, { spec: job.spec?.jobTemplate?.spec, prefix: 'spec.jobTemplate.spec' }),
    ...(old && job.spec?.schedule.includes('TZ') ? [zoneWarning] : []),
  ],
});

const zoneWarning =
  'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';
