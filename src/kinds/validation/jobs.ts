// Jobs and CronJobs. Rules of failure and success policies are checked by their schema.
import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts';
import type { CronJob, Job, JobSpec, PodTemplateSpec } from '../../api/generated/types.ts';
import { dns1123Label } from '../../api/names.ts';
import { equal } from '../../base/json.ts';
import { internalForm } from '../internal-form.ts';
import { assign } from '../share.ts';
import { immutable, nonNegative, oneOf, shown } from './checks.ts';
import { compiled, validateSelector } from './labels.ts';
import { validateSelected, validateTemplate } from './pod-template.ts';

/** Adds what is wrong with job. */
export function validateJob(job: Job, errors: FieldError[]): void {
  const { spec, metadata } = job;
  if (!spec) return;
  validateJobSpec(errors, spec);
  if (spec.completionMode !== 'Indexed' || !spec.completions) return;
  const hostname = `${metadata?.name ?? ''}-${spec.completions - 1}`;
  if (dns1123Label(hostname).length > 0) {
    const detail = `will not able to create pod with invalid DNS label: ${hostname}`;
    errors.push(invalid('metadata.name', metadata?.name ?? '', detail));
  }
}

/** Adds what is wrong with changing a job so. */
export function validateJobUpdate({ spec }: Job, { spec: old }: Job, errors: FieldError[]): void {
  if (!spec || !old) return;
  validateJobSpec(errors, spec);
  if (spec.completionMode !== 'Indexed') immutable(errors, 'spec.completions', spec.completions, old.completions);
  else if (spec.completions !== old.completions && spec.completions !== undefined)
    if (spec.completions !== spec.parallelism) {
      const detail = 'can only be modified in tandem with spec.parallelism';
      errors.push(invalid('spec.completions', spec.completions, detail));
    }
  immutable(errors, 'spec.selector', spec.selector, old.selector);
  validateTemplateUpdate(errors, spec, old);
  for (const name of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const)
    immutable(errors, `spec.${name}`, spec[name], old[name]);
}

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

function validateJobSpec(errors: FieldError[], spec: JobSpec): void {
  validateCommon(errors, 'spec', spec);
  if (spec.selector) validateSelector(errors, 'spec.selector', spec.selector);
  else errors.push(required('spec.selector'));
  const selector = compiled(spec.selector);
  if (selector) validateSelected(errors, 'spec.template', { template: spec.template, selector });
}

function validateCommon(errors: FieldError[], field: string, spec: JobSpec): void {
  nonNegative(errors, `${field}.parallelism`, spec.parallelism);
  nonNegative(errors, `${field}.completions`, spec.completions);
  nonNegative(errors, `${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds);
  nonNegative(errors, `${field}.backoffLimit`, spec.backoffLimit);
  nonNegative(errors, `${field}.ttlSecondsAfterFinished`, spec.ttlSecondsAfterFinished);
  nonNegative(errors, `${field}.backoffLimitPerIndex`, spec.backoffLimitPerIndex);
  nonNegative(errors, `${field}.maxFailedIndexes`, spec.maxFailedIndexes);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  validateCompletionMode(errors, field, spec);
  const replacements = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  const replacement = spec.podReplacementPolicy;
  if (replacement !== undefined && !replacements.includes(replacement))
    errors.push(notSupported(`${field}.podReplacementPolicy`, replacement, replacements));
  validateTemplate(errors, `${field}.template`, spec.template);
  validateRestartPolicy(errors, `${field}.template.spec.restartPolicy`, spec);
}

function validateCompletionMode(errors: FieldError[], field: string, spec: JobSpec): void {
  const { completionMode: mode = 'NonIndexed', completions, parallelism, maxFailedIndexes } = spec;
  if (mode === 'Indexed') {
    if (completions === undefined) errors.push(required(`${field}.completions`, 'when completion mode is Indexed'));
    if (parallelism !== undefined && parallelism > 100_000) {
      const detail = 'must be less than or equal to 100000 when completion mode is Indexed';
      errors.push(invalid(`${field}.parallelism`, parallelism, detail));
    }
    if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
      errors.push(invalid(`${field}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'));
    return;
  }
  if (mode !== 'NonIndexed')
    return void errors.push(notSupported(`${field}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
    if (spec[name] !== undefined)
      errors.push(invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode'));
  if (spec.successPolicy)
    errors.push(invalid(`${field}.successPolicy`, shown(spec.successPolicy), 'requires indexed completion mode'));
}

function validateRestartPolicy(errors: FieldError[], field: string, { template, podFailurePolicy }: JobSpec): void {
  const policy = template.spec?.restartPolicy || 'Always';
  if (policy === 'Always') errors.push(required(field, 'valid values: "OnFailure", "Never"'));
  else if (policy !== 'OnFailure' && policy !== 'Never')
    errors.push(notSupported(field, policy, ['OnFailure', 'Never']));
  else if (podFailurePolicy && policy !== 'Never')
    errors.push(invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified'));
}

/** While a job is suspended and has not begun, where its pods may run can still change. */
function validateTemplateUpdate(errors: FieldError[], spec: JobSpec, old: JobSpec): void {
  const allowed = old.suspend ? withDirectives(spec.template, old.template) : old.template;
  if (equal(spec.template, allowed)) return;
  errors.push(invalid('spec.template', internalForm('PodTemplateSpec', spec.template), 'field is immutable'));
}

function withDirectives(template: PodTemplateSpec, old: PodTemplateSpec): PodTemplateSpec {
  if (!template.spec || !old.spec) return old;
  const { nodeSelector, tolerations, schedulingGates, affinity, containers } = template.spec;
  const resources = old.spec.containers.map((container, i) =>
    containers[i]?.name === container.name ? assign(container, { resources: containers[i]?.resources }) : container,
  );
  return {
    metadata: template.metadata,
    spec: assign(old.spec, { nodeSelector, tolerations, schedulingGates, affinity, containers: resources }),
  };
}

function validateCronJobSpec(errors: FieldError[], { spec }: CronJob, old: CronJob | undefined): void {
  if (!spec) return;
  const { schedule, timeZone } = spec;
  if (!schedule) errors.push(required('spec.schedule'));
  else validateSchedule(errors, 'spec.schedule', { schedule, zoned: old?.spec?.schedule.includes('TZ') ?? false });
  nonNegative(errors, 'spec.startingDeadlineSeconds', spec.startingDeadlineSeconds);
  if (timeZone !== undefined && timeZone !== old?.spec?.timeZone) validateTimeZone(errors, 'spec.timeZone', timeZone);
  oneOf(errors, 'spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']);
  const job = spec.jobTemplate.spec;
  if (job) {
    validateCommon(errors, 'spec.jobTemplate.spec', job);
    if (job.selector)
      errors.push(invalid('spec.jobTemplate.spec.selector', shown(job.selector), '`selector` will be auto-generated'));
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
  { schedule, zoned }: { readonly schedule: string; readonly zoned: boolean },
): void {
  const problem = scheduleProblem(schedule.replace(/^(CRON_)?TZ=\S+\s*/, ''));
  if (problem !== undefined) errors.push(invalid(field, schedule, problem));
  if (!zoned && schedule.includes('TZ'))
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

function validateTimeZone(errors: FieldError[], field: string, zone: string): void {
  if (zone === '') return void errors.push(invalid(field, zone, 'timeZone must be nil or non-empty string'));
  const wrong = zone
    .split('/')
    .some((part) => part === '.' || part === '..' || !/^[A-Za-z._0-9+][-A-Za-z._0-9+]{0,13}$/.test(part));
  if (wrong) return void errors.push(invalid(field, zone, `unknown time zone ${zone}`));
  if (zone.toLowerCase() === 'local') {
    const detail = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    errors.push(invalid(field, zone, detail));
  }
}
