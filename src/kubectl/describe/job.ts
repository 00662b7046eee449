// Describes jobs.
import { at, flagAt, numberAt, objectAt, textAt } from '../../base/fields.ts';
import { humanDuration } from '../../base/human-duration.ts';
import type { JsonObject } from '../../base/json.ts';
import { describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { rfc1123 } from './go-time.ts';
import { selectorText } from './label-selector.ts';
import { writeController, writeMetadataMaps } from './metadata.ts';
import { writePodTemplate } from './pod-template.ts';

export const jobDescriber = describer({
  group: 'batch',
  kind: 'Job',
  resource: ['/apis/batch/v1', 'jobs'],
  write: (w, job) => {
    w.field(0, 'Name', textAt(job, 'metadata.name'));
    w.field(0, 'Namespace', textAt(job, 'metadata.namespace'));
    w.field(0, 'Selector', selectorText(at(job, 'spec.selector')));
    writeMetadataMaps(w, job);
    writeController(w, job);
    writeLimits(w, job);
    writeTimes(w, job);
    writePodStatuses(w, job);
    writePodTemplate(w, objectAt(job, 'spec.template'));
  },
});

function writeLimits(w: DescriptionWriter, job: JsonObject): void {
  w.optional(0, 'Parallelism', numberAt(job, 'spec.parallelism'));
  w.field(0, 'Completions', numberAt(job, 'spec.completions') ?? '<unset>');
  w.optional(0, 'Completion Mode', textAt(job, 'spec.completionMode'));
  if (at(job, 'spec.suspend') !== undefined) w.field(0, 'Suspend', flagAt(job, 'spec.suspend'));
  w.optional(0, 'Backoff Limit', numberAt(job, 'spec.backoffLimit'));
  w.optional(0, 'TTL Seconds After Finished', numberAt(job, 'spec.ttlSecondsAfterFinished'));
}

function writeTimes(w: DescriptionWriter, job: JsonObject): void {
  const [start, end] = [textAt(job, 'status.startTime'), textAt(job, 'status.completionTime')];
  if (start !== '') w.field(0, 'Start Time', rfc1123(start));
  if (end !== '') w.field(0, 'Completed At', rfc1123(end));
  if (start !== '' && end !== '') w.field(0, 'Duration', humanDuration(Date.parse(end) - Date.parse(start)));
  const deadline = numberAt(job, 'spec.activeDeadlineSeconds');
  if (deadline !== undefined) w.field(0, 'Active Deadline Seconds', `${deadline}s`);
}

function writePodStatuses(w: DescriptionWriter, job: JsonObject): void {
  const status = (field: string) => numberAt(job, `status.${field}`) ?? 0;
  const ready = numberAt(job, 'status.ready');
  const active = `${status('active')} Active${ready === undefined ? '' : ` (${ready} Ready)`}`;
  w.field(0, 'Pods Statuses', `${active} / ${status('succeeded')} Succeeded / ${status('failed')} Failed`);
  if (textAt(job, 'spec.completionMode') === 'Indexed') {
    w.field(0, 'Completed Indexes', capIndexes(textAt(job, 'status.completedIndexes'), 50));
  }
}

/** At least `length` characters of the list, to the next comma. */
function capIndexes(indexes: string, length: number): string {
  if (indexes === '') return '<none>';
  const comma = indexes.indexOf(',', length);
  return comma === -1 ? indexes : `${indexes.slice(0, comma + 1)}...`;
}
