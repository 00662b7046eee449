// CronJobs.
import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts';
import type { CronJob } from '../../api/generated/types.ts';
import { late } from '../../base/late.ts';
import { nonNegative, oneOf, shownSelector } from './checks.ts';
import { validateCommon } from './jobs.ts';

/** Adds what is wrong with cron job. */
export function validateCronJob(job: CronJob, errors: FieldError[]): void {
  validateCronJobSpec(errors, job, undefined);
  const { name = '' } = job.metadata ?? {};
  if (name.length > 52) errors.push(invalid('metadata.name', name, 'must be no more than 52 characters'));
}

/** Adds what is wrong with changing a cron job so. */
export function validateCronJobUpdate(job: CronJob, old: CronJob, errors: FieldError[]): void {
  validateCronJobSpec(errors, job, old);
}

function validateCronJobSpec(errors: FieldError[], { spec }: CronJob, old: CronJob | undefined): void {
  if (!spec) return;
  const { schedule, timeZone } = spec;
  if (!schedule) errors.push(required('spec.schedule'));
  else {
    const zoned = old?.spec?.schedule.includes('TZ') ?? false;
    validateSchedule(errors, 'spec.schedule', { schedule, zoned, timeZone });
  }
  nonNegative(errors, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  if (timeZone !== undefined && timeZone !== old?.spec?.timeZone) validateTimeZone(errors, 'spec.timeZone', timeZone);
  oneOf(errors, 'spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']);
  const job = spec.jobTemplate?.spec;
  if (job) {
    validateCommon(errors, 'spec.jobTemplate.spec', job);
    if (job.selector)
      errors.push(
        invalid('spec.jobTemplate.spec.selector', shownSelector(job.selector), '`selector` will be auto-generated'),
      );
    if (job.manualSelector) errors.push(notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']));
  }
  nonNegative(errors, 'spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit);
  nonNegative(errors, 'spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit);
}

const ranges: readonly (readonly [min: number, max: number, names: string])[] = [
  [0, 59, ''],
  [0, 23, ''],
  [1, 31, ''],
  [1, 12, 'jan feb mar apr may jun jul aug sep oct nov dec'],
  [0, 6, 'sun mon tue wed thu fri sat'],
];

function validateSchedule(
  errors: FieldError[],
  field: string,
  given: { readonly schedule: string; readonly zoned: boolean; readonly timeZone: string | undefined },
): void {
  const { schedule, zoned, timeZone } = given;
  const problem = scheduleProblem(schedule.replace(/^(CRON_)?TZ=\S+\s*/, ''));
  if (problem !== undefined) errors.push(invalid(field, schedule, problem));
  if (zoned && schedule.includes('TZ') && timeZone !== undefined)
    errors.push(invalid(field, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  else if (!zoned && schedule.includes('TZ'))
    errors.push(invalid(field, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
}

/** Why a schedule is none, in the words of the cron library that upstream uses. */
function scheduleProblem(schedule: string): string | undefined {
  if (schedule.startsWith('@')) {
    if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule)) return undefined;
    if (/^@every (\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(schedule)) return undefined;
    return `unrecognized descriptor: ${schedule}`;
  }
  const fields = schedule.split(/\s+/).filter((text) => text !== '');
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [i, text] of fields.entries())
    for (const part of text.split(',')) {
      const problem = partProblem(part, ranges[i] ?? [0, 0, '']);
      if (problem !== undefined) return problem;
    }
  return undefined;
}

function partProblem(part: string, [min, max, names]: readonly [number, number, string]): string | undefined {
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0) return `too many slashes: ${part}`;
  const [low = '', high, ...more] = range.split('-');
  if (more.length > 0) return `too many hyphens: ${part}`;
  const known = names.split(' ');
  const read = (text: string): number | string => {
    const named = names === '' ? -1 : known.indexOf(text.toLowerCase());
    if (named >= 0) return named + min;
    if (/^\d+$/.test(text)) return Number(text);
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  };
  const any = range === '*' || range === '?';
  const start = any ? min : read(low);
  if (typeof start === 'string') return start;
  const single = step === undefined ? start : max;
  const end = any ? max : high === undefined ? single : read(high);
  if (typeof end === 'string') return end;
  const every = step === undefined ? 1 : read(step);
  if (typeof every === 'string') return every;
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${part}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${part}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${part}`;
  return every === 0 ? `step of range should be a positive number: ${part}` : undefined;
}

const timeZones = late('time zones', () => import('./time-zone-names.ts'));

function validateTimeZone(errors: FieldError[], field: string, zone: string): void {
  if (zone === '') return void errors.push(invalid(field, zone, 'timeZone must be nil or non-empty string'));
  if (zone.toLowerCase() === 'local') {
    const detail = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    errors.push(invalid(field, zone, detail));
  }
  if (zone !== 'Local' && !timeZones().timeZoneNames.has(zone))
    errors.push(invalid(field, zone, `unknown time zone ${zone}`));
}
