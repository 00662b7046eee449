// The cron job controller: makes a job at each scheduled time.

import { cronJobs, jobs } from '../../../api/generated/resources.ts';
import type { CronJob, CronJobStatus, Job, ObjectReference } from '../../../api/generated/types.ts';
import {
  controllerReference,
  formatTime,
  isBeingDeleted,
  isControlledBy,
  parseTime,
  splitKey,
} from '../../../api/meta.ts';
import { ApiError, isAlreadyExists, isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { late } from '../../../base/late.ts';
import { exponentialBounds } from '../../../base/metric-counts.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { holds, isJobFinished } from '../job/job-conditions.ts';
import { kindName } from '../shared/kind-name.ts';
import { indexByOwner, owned, resolveOwner } from '../shared/owned-pods.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

export const cronJobController = defineController({ name: 'cronjob-controller', setup });

const timestampAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
/** A little after the minute, so that the clock has surely reached it. */
const lateMs = 100;
const missedMax = 100;
const minuteMs = 60_000;
const nameMax = 52;
const timeZones = late('time zones of schedules', () => import('./time-zones.ts'));

const skewBounds = exponentialBounds(1, 2, 10);

function setup({ informers, queue, client, events, scope, meter }: ControllerContext): Controller {
  const all = informers.informer(cronJobs);
  const jobInformer = informers.informer(jobs);
  indexByOwner(jobInformer);
  const enqueue = (cron: CronJob): void => queue.add(keyOf(cron));
  const enqueueOwner = (job: Job): void => {
    const cron = resolveOwner(all.lister, 'CronJob', job);
    if (cron) enqueue(cron);
  };
  all.on({ added: enqueue, updated: enqueue, deleted: enqueue });
  jobInformer.on({ added: enqueueOwner, updated: enqueueOwner, deleted: enqueueOwner });

  function tell(cron: CronJob, type: 'Normal' | 'Warning', [reason, message]: readonly [string, string]): void {
    events.record(cron, { type, reason, message }, kindName(cronJobs));
  }

  function* reconcile(key: string): Work<void> {
    const cached = all.lister.get(key);
    if (!cached) return;
    const children = [...owned(jobInformer.lister, cached)];
    // A job that the cached status does not know may be in the latest one: it was made a moment ago.
    const unknown = children.some((job) => !isJobFinished(job) && !isActive(cached, job));
    const cron = unknown ? yield* client.get(cronJobs, splitKey(key)) : cached;
    const noted = noteJobs(cron, children);
    const cleaned = yield* cleanUp(cron, children);
    let status = noted;
    try {
      if (!isBeingDeleted(cron)) status = yield* startDue(cron, noted);
    } finally {
      const live = (status.active ?? []).filter(({ uid }) => !cleaned.has(uid ?? ''));
      const { active: _, ...rest } = status;
      const next: CronJobStatus = { ...rest, ...(live.length > 0 && { active: live }) };
      if (!equal(cron.status ?? {}, next)) yield* client.updateStatus(cronJobs, { ...cron, status: next });
    }
  }

  /** Jobs that have ended or vanished leave the active list. */
  function noteJobs(cron: CronJob, children: readonly Job[]): CronJobStatus {
    const byUid = new Map(children.map((job) => [job.metadata?.uid ?? '', job]));
    let last = cron.status?.lastSuccessfulTime;
    for (const job of children) {
      const known = isActive(cron, job);
      const name = job.metadata?.name;
      if (!known && !isJobFinished(job))
        tell(cron, 'Warning', ['UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`]);
      if (!isJobFinished(job)) continue;
      const succeeded = holds(job, 'Complete') !== undefined;
      const condition = succeeded ? 'Complete' : 'Failed';
      if (known) tell(cron, 'Normal', ['SawCompletedJob', `Saw completed job: ${name}, condition: ${condition}`]);
      const at = job.status?.completionTime;
      if (succeeded && at !== undefined && (last === undefined || at > last)) last = at;
    }
    const active = (cron.status?.active ?? []).filter(({ uid, name }) => {
      const job = byUid.get(uid ?? '');
      if (!job) tell(cron, 'Normal', ['MissingJob', `Active job went missing: ${name}`]);
      return job !== undefined && !isJobFinished(job);
    });
    return {
      ...(active.length > 0 && { active }),
      ...(cron.status?.lastScheduleTime && { lastScheduleTime: cron.status.lastScheduleTime }),
      ...(last && { lastSuccessfulTime: last }),
    };
  }

  /** Deletes finished jobs beyond the history limits, oldest first. */
  function* cleanUp(cron: CronJob, children: readonly Job[]): Work<ReadonlySet<string>> {
    const gone = new Set<string>();
    const { successfulJobsHistoryLimit: good, failedJobsHistoryLimit: bad } = cron.spec;
    const byStart = (list: readonly Job[]): Job[] =>
      [...list].sort((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0));
    const succeeded = byStart(children.filter((job) => holds(job, 'Complete')));
    const failed = byStart(children.filter((job) => holds(job, 'Failed')));
    for (const [list, limit] of [
      [succeeded, good],
      [failed, bad],
    ] as const) {
      if (limit === undefined) continue;
      for (const job of list.slice(0, Math.max(0, list.length - limit))) {
        yield* deleteJob(cron, job.metadata?.name ?? '');
        gone.add(job.metadata?.uid ?? '');
      }
    }
    return gone;
  }

  function* deleteJob(cron: CronJob, name: string): Work<void> {
    try {
      const namespace = cron.metadata?.namespace;
      yield* client.delete(jobs, { namespace, name, propagationPolicy: 'Background' });
    } catch (error) {
      if (isNotFound(error)) return;
      if (error instanceof ApiError) tell(cron, 'Warning', ['FailedDelete', `Deleted job: ${error.message}`]);
      throw error;
    }
    tell(cron, 'Normal', ['SuccessfulDelete', `Deleted job ${name}`]);
  }

  function* startDue(cron: CronJob, status: CronJobStatus): Work<CronJobStatus> {
    const schedule = scheduleOf(cron);
    if (!schedule || cron.spec.suspend) return status;
    const { now } = scope;
    const next = schedule.next(now);
    if (next === undefined) {
      // A day that never comes, 31 February for example.
      const why = 'time difference between two schedules is less than 1 second';
      tell(cron, 'Warning', ['InvalidSchedule', `invalid schedule: ${cron.spec.schedule} : ${why}`]);
      return status;
    }
    const due = lastDue(cron, schedule, now);
    queue.addAfter(keyOf(cron), next - now + lateMs);
    if (due === undefined || status.lastScheduleTime === formatTime(due)) return status;
    const deadline = cron.spec.startingDeadlineSeconds;
    if (deadline !== undefined && due + deadline * 1000 < now) {
      const at = new Date(due).toUTCString();
      tell(cron, 'Warning', ['MissSchedule', `Missed scheduled time to start a job: ${at.replace('GMT', 'UTC')}`]);
      return status;
    }
    const policy = cron.spec.concurrencyPolicy;
    if (policy === 'Forbid' && (status.active ?? []).length > 0) {
      const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
      tell(cron, 'Normal', ['JobAlreadyActive', message]);
      return status;
    }
    let active = status.active ?? [];
    if (policy === 'Replace') {
      for (const { name = '' } of active) yield* deleteJob(cron, name);
      active = [];
    }
    const reference = yield* createJob(cron, due);
    return { ...status, active: reference ? [...active, reference] : active, lastScheduleTime: formatTime(due) };
  }

  function* createJob(cron: CronJob, due: number): Work<ObjectReference | undefined> {
    const wish = jobAt(cron, due);
    let job: Job;
    try {
      job = yield* client.create(jobs, wish);
    } catch (error) {
      if (isAlreadyExists(error)) {
        const { namespace, name = '' } = wish.metadata ?? {};
        job = yield* client.get(jobs, { namespace, name });
        if (!isControlledBy(job, cron)) return undefined;
        return referenceTo(job);
      }
      if (error instanceof ApiError && !isNamespaceTerminating(error))
        tell(cron, 'Warning', ['FailedCreate', `Error creating job: ${error.message}`]);
      throw error;
    }
    const skews = meter?.histogram('cronjob_controller_job_creation_skew_duration_seconds', skewBounds);
    skews?.observe((scope.now - due) / 1000);
    tell(cron, 'Normal', ['SuccessfulCreate', `Created job ${job.metadata?.name}`]);
    return referenceTo(job);
  }

  function scheduleOf(cron: CronJob): Schedule | undefined {
    const { schedule: text, timeZone } = cron.spec;
    const [, written, rest = text] = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(text) ?? [];
    const schedule = parseSchedule(rest);
    const zone = timeZone ?? written;
    const zoned = zone === undefined || !schedule ? schedule : timeZones().scheduleIn(zone, schedule);
    if (zoned) return zoned;
    if (timeZone !== undefined && schedule)
      tell(cron, 'Warning', ['UnknownTimeZone', `invalid timeZone: "${zone}": unknown time zone ${zone}`]);
    else tell(cron, 'Warning', ['UnparseableSchedule', `unparseable schedule: "${text}"`]);
    return undefined;
  }

  /** The latest scheduled time that has passed and is newer than the last one used. */
  function lastDue(cron: CronJob, schedule: Schedule, now: number): number | undefined {
    let from = parseTime(cron.status?.lastScheduleTime) ?? parseTime(cron.metadata?.creationTimestamp) ?? now;
    const deadline = cron.spec.startingDeadlineSeconds;
    if (deadline !== undefined) from = Math.max(from, now - deadline * 1000);
    let due: number | undefined;
    let missed = 0;
    for (let at = schedule.next(from); at !== undefined && at <= now; at = schedule.next(at)) {
      due = at;
      if (++missed <= missedMax) continue;
      const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
      if (missed === missedMax + 1) tell(cron, 'Warning', ['TooManyMissedTimes', message]);
      if (missed > missedMax * missedMax) break;
    }
    return due;
  }
  return { reconcile };
}

function jobAt(cron: CronJob, due: number): Job {
  const { metadata, spec } = cron.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [timestampAnnotation]: formatTime(due) },
      name: `${(cron.metadata?.name ?? '').slice(0, nameMax)}-${Math.floor(due / minuteMs)}`,
      namespace: cron.metadata?.namespace,
      ownerReferences: [controllerReference(cron, cronJobs)],
    },
    ...(spec && { spec }),
  };
}

function referenceTo({ metadata }: Job): ObjectReference {
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    namespace: metadata?.namespace,
    name: metadata?.name,
    uid: metadata?.uid,
    resourceVersion: metadata?.resourceVersion,
  };
}

function isActive(cron: CronJob, job: Job): boolean {
  return cron.status?.active?.some(({ uid }) => uid === job.metadata?.uid) ?? false;
}

function startOf(job: Job): string {
  return job.status?.startTime ?? job.metadata?.creationTimestamp ?? '';
}
