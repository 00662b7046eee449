// What is wrong with jobs.
import type { Job } from '../../api/generated/types.ts';
import { jobWarnings } from '../job-warnings.ts';
import { defineChecks } from '../kind-checks.ts';
import { validateJobStatus } from '../validation/job-status.ts';
import { validateJob, validateJobUpdate } from '../validation/jobs.ts';

export const jobChecks = defineChecks<Job>({
  group: 'batch',
  kind: 'Job',
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,
  warnings: (job, old) => jobWarnings(job, old, { spec: job.spec, prefix: 'spec' }),
});
