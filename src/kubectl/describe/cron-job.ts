// Describes cron jobs.
import { at, numberAt, objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { selectorText } from './label-selector.ts';
import { writeHead } from './metadata.ts';
import { writePodTemplate } from './pod-template.ts';

export const cronJobDescriber = describer({
  group: 'batch',
  kind: 'CronJob',
  resource: ['/apis/batch/v1', 'cronjobs'],
  write: (w, cronJob) => {
    const spec = objectAt(cronJob, 'spec') ?? {};
    writeHead(w, cronJob);
    w.field(0, 'Schedule', textAt(spec, 'schedule'));
    w.field(0, 'Concurrency Policy', textAt(spec, 'concurrencyPolicy'));
    w.field(0, 'Suspend', flagText(at(spec, 'suspend')));
    w.field(0, 'Time Zone', textAt(spec, 'timeZone') || '<unset>');
    w.field(0, 'Successful Job History Limit', numberAt(spec, 'successfulJobsHistoryLimit') ?? '<unset>');
    w.field(0, 'Failed Job History Limit', numberAt(spec, 'failedJobsHistoryLimit') ?? '<unset>');
    const deadline = numberAt(spec, 'startingDeadlineSeconds');
    w.field(0, 'Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${deadline}s`);
    writeJobTemplate(w, objectAt(spec, 'jobTemplate.spec') ?? {});
    const last = textAt(cronJob, 'status.lastScheduleTime');
    w.field(0, 'Last Schedule Time', last === '' ? '<unset>' : rfc1123(last));
    const active = objectsAt(cronJob, 'status.active').map((job) => textAt(job, 'name'));
    w.field(0, 'Active Jobs', active.join(', ') || '<none>');
  },
});

/** `True`, `False`, or `<unset>`. */
export function flagText(value: unknown): string {
  return value === undefined || value === null ? '<unset>' : value === true ? 'True' : 'False';
}

function writeJobTemplate(w: DescriptionWriter, spec: JsonObject): void {
  const selector = objectAt(spec, 'selector');
  w.field(0, 'Selector', selector ? selectorText(selector) : '<unset>');
  w.field(0, 'Parallelism', numberAt(spec, 'parallelism') ?? '<unset>');
  w.field(0, 'Completions', numberAt(spec, 'completions') ?? '<unset>');
  const deadline = numberAt(spec, 'activeDeadlineSeconds');
  if (deadline !== undefined) w.field(0, 'Active Deadline Seconds', `${deadline}s`);
  writePodTemplate(w, objectAt(spec, 'template'));
}
