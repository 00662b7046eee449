// What a controller may say in a Job's status. Most rules hold only where what they are about changes: a status that
// broke one before, or does since the spec was changed, can still be mended bit by bit.

import { alike } from '../../api/alike.ts';
import { duplicate, type FieldError, invalid, invalidUntold, required } from '../../api/field-error.ts';
import type { Job, JobStatus } from '../../api/generated/types.ts';
import { parseTime } from '../../api/meta.ts';
import { internalForm } from '../internal-form.ts';
import { nonNegative } from './checks.ts';
import { countIndexes, sharedIndex } from './job-indexes.ts';

/** A job whose status changes. */
interface Change {
  readonly job: Job;
  readonly status: JobStatus;
  readonly old: JobStatus;
  /** Whether one of these fields, or whether one of these conditions holds, is another than before. */
  changed(...names: readonly (keyof JobStatus | Condition)[]): boolean;
}

type Condition = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | 'Suspended' | 'finished';

/** Adds what is wrong with changing a job's status so. */
export function validateJobStatus(job: Job, before: Job, errors: FieldError[]): void {
  const { status = {} } = job;
  const old = before.status ?? {};
  const changed: Change['changed'] = (...names) =>
    names.some((name) => (isCondition(name) ? holds(status, name) !== holds(old, name) : !same(status, old, name)));
  const change = { job, status, old, changed };
  validateCounts(errors, status);
  validateUncounted(errors, status);
  validateEnds(errors, change);
  validateFinished(errors, change);
  validateIndexes(errors, change);
  validatePods(errors, change);
  validateSuccess(errors, change);
  validateTransition(errors, change);
}

const conditions: readonly string[] = [
  'Complete',
  'Failed',
  'FailureTarget',
  'SuccessCriteriaMet',
  'Suspended',
  'finished',
] satisfies Condition[];

function isCondition(name: string): name is Condition {
  return conditions.includes(name);
}

function holds(status: JobStatus, type: Condition): boolean {
  if (type === 'finished') return holds(status, 'Complete') || holds(status, 'Failed');
  return has(status, type, 'True');
}

function has({ conditions = [] }: JobStatus, type: string, value: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === value);
}

function same(status: JobStatus, old: JobStatus, name: keyof JobStatus): boolean {
  const zero = name === 'active' ? 0 : name === 'completedIndexes' ? '' : undefined;
  return alike(status[name] ?? zero, old[name] ?? zero);
}

function validateCounts(errors: FieldError[], status: JobStatus): void {
  for (const name of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const)
    nonNegative(errors, `status.${name}`, status[name]);
}

function validateUncounted(errors: FieldError[], { uncountedTerminatedPods: pods }: JobStatus): void {
  const seen = new Set<string>();
  for (const name of ['succeeded', 'failed'] as const)
    for (const [i, uid] of (pods?.[name] ?? []).entries()) {
      const place = `status.uncountedTerminatedPods.${name}[${i}]`;
      if (uid === '') errors.push(invalid(place, uid, 'must not be empty'));
      else if (seen.has(uid)) errors.push(duplicate(place, uid));
      seen.add(uid);
    }
}

const conditionsField = 'status.conditions';

function validateEnds(errors: FieldError[], { status, changed }: Change): void {
  const complete = holds(status, 'Complete');
  const { startTime, completionTime } = status;
  const place = 'status.completionTime';
  if (changed('Complete', 'Failed') && complete && holds(status, 'Failed'))
    errors.push(invalidUntold(conditionsField, 'cannot set Complete=True and Failed=true conditions'));
  if (changed('Complete', 'FailureTarget') && complete && holds(status, 'FailureTarget'))
    errors.push(invalidUntold(conditionsField, 'cannot set Complete=True and FailureTarget=true conditions'));
  if (changed('Complete', 'completionTime')) {
    const early = 'cannot set completionTime when there is no Complete=True condition';
    if (completionTime !== undefined && !complete) errors.push(invalid(place, completionTime, early));
    if (completionTime === undefined && complete)
      errors.push(required(place, 'completionTime is required for Complete jobs'));
  }
  if (changed('startTime', 'completionTime')) {
    const [start, end] = [parseTime(startTime), parseTime(completionTime)];
    if (start !== undefined && end !== undefined && end < start)
      errors.push(invalid(place, completionTime, 'must be equal to or after `startTime`'));
  }
  if (changed('Failed', 'failedIndexes') && holds(status, 'Failed') && !holds(status, 'FailureTarget')) {
    const detail = 'cannot set Failed=True condition without the FailureTarget=true condition';
    errors.push(invalidUntold(conditionsField, detail));
  }
  if (changed('Complete', 'SuccessCriteriaMet') && complete && !holds(status, 'SuccessCriteriaMet')) {
    const detail = 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition';
    errors.push(invalidUntold(conditionsField, detail));
  }
}

function validateFinished(errors: FieldError[], { job, status, changed }: Change): void {
  if (!holds(status, 'finished')) return;
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  if (changed('finished', 'active') && active > 0)
    errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
  const needsNone = job.spec?.suspend === true && job.spec.completions === 0;
  if (changed('finished', 'startTime') && !needsNone && startTime === undefined)
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  const left = (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0);
  if (changed('finished', 'uncountedTerminatedPods') && uncounted && left > 0) {
    const value = internalForm('batch_UncountedTerminatedPods', uncounted);
    errors.push(invalid('status.uncountedTerminatedPods', value, 'must be empty for finished job'));
  }
}

function validateIndexes(errors: FieldError[], { job, status, changed }: Change): void {
  const { completions, backoffLimitPerIndex, completionMode } = job.spec ?? {};
  const { completedIndexes: completed = '', failedIndexes: failed } = status;
  const check = (name: 'completedIndexes' | 'failedIndexes', text: string): void => {
    const count = countIndexes(text, completions ?? 0);
    if (typeof count === 'string') errors.push(invalid(`status.${name}`, text, `error parsing ${name}: ${count}`));
  };
  const indexed = completionMode === 'Indexed';
  if (changed('completedIndexes') && completions !== undefined) check('completedIndexes', completed);
  if (
    changed('failedIndexes') &&
    completions !== undefined &&
    backoffLimitPerIndex !== undefined &&
    failed !== undefined
  )
    check('failedIndexes', failed);
  if (changed('completedIndexes') && completed !== '' && !indexed) {
    const detail = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    errors.push(invalid('status.completedIndexes', completed, detail));
  }
  if (failed === undefined) return;
  if (changed('failedIndexes') && backoffLimitPerIndex === undefined) {
    const detail = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
    errors.push(invalid('status.failedIndexes', failed, detail));
  }
  if (!changed('failedIndexes', 'completedIndexes') || completions === undefined) return;
  const both = sharedIndex(completed, failed, completions);
  if (both !== undefined)
    errors.push(
      invalid('status.failedIndexes', failed, `failedIndexes and completedIndexes overlap at index: ${both}`),
    );
}

function validatePods(errors: FieldError[], { status, changed }: Change): void {
  const { active = 0, ready = 0, terminating = 0 } = status;
  if (changed('finished', 'terminating') && terminating > 0 && holds(status, 'finished'))
    errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  if (changed('ready', 'active') && status.ready !== undefined && ready > active)
    errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
}

function validateSuccess(errors: FieldError[], { job, status }: Change): void {
  const met = holds(status, 'SuccessCriteriaMet');
  if (met && holds(status, 'Failed'))
    errors.push(invalidUntold(conditionsField, 'cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (met && holds(status, 'FailureTarget'))
    errors.push(invalidUntold(conditionsField, 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  if (job.spec?.successPolicy && !met && holds(status, 'Complete')) {
    const detail = 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True';
    errors.push(invalidUntold(conditionsField, detail));
  }
}

function validateTransition(errors: FieldError[], { job, status, old }: Change): void {
  const { spec } = job;
  for (const type of ['Failed', 'Complete', 'FailureTarget'] as const)
    if (holds(old, type) && !holds(status, type))
      errors.push(invalidUntold(conditionsField, `cannot disable the terminal ${type}=True condition`));
  const { failed = 0, succeeded = 0, startTime, completionTime } = status;
  if (failed < (old.failed ?? 0)) errors.push(invalid('status.failed', failed, 'cannot decrease the failed counter'));
  // A job that was made smaller has fewer to succeed.
  const shrinks = spec?.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!shrinks && succeeded < (old.succeeded ?? 0))
    errors.push(invalid('status.succeeded', succeeded, 'cannot decrease the succeeded counter'));
  if (completionTime !== undefined && old.completionTime !== undefined && completionTime !== old.completionTime)
    errors.push(invalid('status.completionTime', completionTime, 'field is immutable'));
  const resumes = holds(old, 'Suspended') && has(status, 'Suspended', 'False');
  if (old.startTime !== undefined && old.startTime !== startTime && !spec?.suspend && !resumes)
    errors.push(invalid('status.startTime', startTime ?? null, 'field is immutable for unsuspended job once set'));
  if (holds(old, 'SuccessCriteriaMet') && !holds(status, 'SuccessCriteriaMet'))
    errors.push(invalidUntold(conditionsField, 'cannot disable the SuccessCriteriaMet=True condition'));
  if (holds(old, 'Complete') && !holds(old, 'SuccessCriteriaMet') && holds(status, 'SuccessCriteriaMet')) {
    const detail = 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions';
    errors.push(invalidUntold(conditionsField, detail));
  }
}
