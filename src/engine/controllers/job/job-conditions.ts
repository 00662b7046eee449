// The conditions of a job, and whether it has ended.
import type { Job, JobCondition } from '../../../api/generated/types.ts';
import { formatTime } from '../../../api/meta.ts';

export interface Ending {
  readonly type: 'Complete' | 'SuccessCriteriaMet' | 'Failed' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

export function jobCondition(
  text: { readonly type: string; readonly reason: string; readonly message: string; readonly status?: string },
  now: number,
): JobCondition {
  const at = formatTime(now);
  const { type, status = 'True', reason, message } = text;
  return { type, status, lastProbeTime: at, lastTransitionTime: at, reason, message };
}

export function holds(job: Job, type: string): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

export function isJobFinished(job: Job): boolean {
  return holds(job, 'Complete') !== undefined || holds(job, 'Failed') !== undefined;
}

/** Sets a condition; one that is False is not added where there was none. The same list where nothing changes. */
export function ensureCondition(conditions: readonly JobCondition[], next: JobCondition): readonly JobCondition[] {
  const known = conditions.find(({ type }) => type === next.type);
  if (!known) return next.status === 'False' ? conditions : [...conditions, next];
  if (known.status === next.status && known.reason === next.reason && known.message === next.message) return conditions;
  return conditions.map((condition) => (condition === known ? next : condition));
}

export function endingOf(condition: JobCondition, type: Ending['type']): Ending {
  return { type, reason: condition.reason ?? '', message: condition.message ?? '' };
}
