// One sync of one job: counts what has ended, decides whether the job has, and keeps its pods going until then.
import { jobs, pods as podResource } from '../../../api/generated/resources.ts';
import type { Job, Pod } from '../../../api/generated/types.ts';
import { formatTime, isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { ApiError, isNotFound } from '../../../api/status.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { byDeletionPreference } from '../shared/deletion-order.ts';
import { kindName } from '../shared/kind-name.ts';
import { runAll, slowStart } from '../shared/parallel.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../shared/pod-state.ts';
import { nonZero } from '../shared/present.ts';
import { indexesText, indexOf, isIndexed, parseIndexes } from './indexes.ts';
import { type Ending, endingOf, ensureCondition, holds, jobCondition } from './job-conditions.ts';
import { JobLedger, type JobParts, uidOf, uncounted } from './job-ledger.ts';
import { failureCountAnnotation, isTracked, jobPod, untrackPatch } from './job-pods.ts';
import {
  type BackoffRecord,
  backoffLeftMs,
  finishedAt,
  isPodFailed,
  nextBackoff,
  pastRestartLimit,
  replacesOnlyFailed,
  verdictOn,
} from './pod-failures.ts';
import { successMessage } from './success-policy.ts';

const burst = 500;
const uncountedMax = 500;

export class JobSync {
  private readonly key: string;
  private readonly ledger: JobLedger;
  private readonly counted: { readonly succeeded: Set<string>; readonly failed: Set<string> };
  private readonly tracked: readonly Pod[];
  private readonly active: readonly Pod[];
  private readonly earlierIndexes: ReadonlySet<number>;
  private readonly doneIndexes: Set<number>;
  private failedIndexes: Set<number> | undefined;
  /** By index: the last failed pod, kept until its successor knows how often it failed. */
  private readonly delayed = new Map<number, Pod>();
  private succeeded: number;
  private failed: number;
  private terminating: number;
  private ready: number;
  private newBackoff: BackoffRecord;

  constructor(
    private readonly parts: JobParts,
    job: Job,
    private readonly pods: readonly Pod[],
  ) {
    this.key = keyOf(job);
    this.ledger = new JobLedger(parts, job);
    const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
    this.counted = { succeeded: new Set(succeeded), failed: new Set(failed) };
    this.tracked = pods.filter((pod) => isTracked(pod) && !parts.untracked.has(uidOf(pod)));
    this.active = pods.filter(isPodActive);
    this.ready = this.active.filter(isPodReady).length;
    this.terminating = pods.filter(isPodTerminating).length;
    const valid = this.tracked.filter((pod) => !isIndexed(job) || indexOf(job, pod) !== undefined);
    const done = valid.filter((pod) => pod.status?.phase === 'Succeeded' && !this.counted.succeeded.has(uidOf(pod)));
    const broken = valid.filter((pod) => isPodFailed(job, pod) && !this.counted.failed.has(uidOf(pod)));
    this.succeeded = (job.status?.succeeded ?? 0) + done.length + succeeded.length;
    const counting = broken.filter((pod) => verdictOn(job, pod).action !== 'Ignore');
    this.failed = (job.status?.failed ?? 0) + counting.length + failed.length;
    this.newBackoff = nextBackoff(parts.backoff, { succeeded: done, failed: broken });
    this.earlierIndexes = parseIndexes(job.status?.completedIndexes, job.spec?.completions ?? 0);
    this.doneIndexes = new Set(this.earlierIndexes);
    if (isIndexed(job)) this.countIndexes(valid);
  }

  *run(): Work<void> {
    const { scope } = this.parts.context;
    const satisfied = this.parts.expectations.satisfied(this.key);
    const suspended = this.ledger.job.spec?.suspend ?? false;
    if (!this.ledger.job.status?.startTime && !suspended) this.ledger.setStatus({ startTime: formatTime(scope.now) });
    let ending = this.ending();
    let active = this.active.length;
    let error: unknown;
    if (ending) {
      const outcome = yield* this.deletePods(this.active, false);
      if (outcome.deleted !== active || !satisfied) ending = undefined;
      active -= outcome.deleted;
      error = outcome.error;
    } else {
      const managed = satisfied && !isBeingDeleted(this.ledger.job);
      if (managed) ({ active, error } = yield* this.manage());
      const completions = this.ledger.job.spec?.completions;
      const complete = completions === undefined ? this.succeeded > 0 : this.succeeded >= completions;
      if (complete && active === 0) ending = completed;
      else if (managed) this.noteSuspension(suspended);
    }
    this.ledger.setStatus({ active: nonZero(active), ready: this.ready, terminating: this.terminating });
    yield* this.track(ending);
    if (error !== undefined) throw error;
  }

  private countIndexes(valid: readonly Pod[]): void {
    for (const pod of valid) {
      const index = indexOf(this.ledger.job, pod);
      if (index !== undefined && pod.status?.phase === 'Succeeded') this.doneIndexes.add(index);
    }
    this.succeeded = this.doneIndexes.size;
    const limit = this.ledger.job.spec?.backoffLimitPerIndex;
    if (limit === undefined) return;
    this.failedIndexes = parseIndexes(this.ledger.job.status?.failedIndexes, this.ledger.job.spec?.completions ?? 0);
    for (const pod of valid.filter((each) => isPodFailed(this.ledger.job, each))) {
      const index = indexOf(this.ledger.job, pod);
      if (index === undefined) continue;
      if (failuresOf(pod) >= limit || verdictOn(this.ledger.job, pod).action === 'FailIndex')
        this.failedIndexes.add(index);
      const known = this.delayed.get(index);
      if (!known || failuresOf(known) < failuresOf(pod)) this.delayed.set(index, pod);
    }
    const replaced = (index: number): boolean => this.active.some((pod) => indexOf(this.ledger.job, pod) === index);
    for (const index of [...this.delayed.keys()])
      if (this.failedIndexes.has(index) || this.doneIndexes.has(index) || replaced(index)) this.delayed.delete(index);
  }

  /** Why the job is to end now; undefined: it goes on. */
  private ending(): Ending | undefined {
    const { job } = this.ledger;
    const met = holds(job, 'SuccessCriteriaMet');
    if (met) return endingOf(met, 'SuccessCriteriaMet');
    const target = holds(job, 'FailureTarget');
    if (target) return endingOf(target, 'Failed');
    for (const pod of this.pods) {
      const verdict = isPodFailed(job, pod) ? verdictOn(job, pod) : undefined;
      if (verdict?.message !== undefined) return failure('PodFailurePolicy', verdict.message);
    }
    if (this.failed > (job.spec?.backoffLimit ?? 6) || pastRestartLimit(job, this.pods))
      return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    if (this.pastDeadline()) return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
    return this.indexedEnding();
  }

  private indexedEnding(): Ending | undefined {
    const { maxFailedIndexes, completions = 0, successPolicy } = this.ledger.job.spec ?? {};
    const failed = this.failedIndexes?.size ?? 0;
    if (maxFailedIndexes !== undefined && failed > maxFailedIndexes)
      return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
    if (failed > 0 && failed + this.doneIndexes.size >= completions)
      return failure('FailedIndexes', 'Job has failed indexes');
    const message = isIndexed(this.ledger.job)
      ? successMessage(successPolicy, completions, this.doneIndexes)
      : undefined;
    return message === undefined ? undefined : { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message };
  }

  private pastDeadline(): boolean {
    const { activeDeadlineSeconds, suspend } = this.ledger.job.spec ?? {};
    const startedAt = parseTime(this.ledger.job.status?.startTime);
    if (activeDeadlineSeconds === undefined || suspend || startedAt === undefined) return false;
    const leftMs = startedAt + activeDeadlineSeconds * 1000 - this.parts.context.scope.now;
    if (leftMs > 0) this.parts.context.queue.addAfter(this.key, leftMs);
    return leftMs <= 0;
  }

  private noteSuspension(suspended: boolean): void {
    const { scope, events } = this.parts.context;
    const text = suspended
      ? { type: 'Suspended', reason: 'JobSuspended', message: 'Job suspended' }
      : { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' };
    const old = this.ledger.job.status?.conditions ?? [];
    const conditions = ensureCondition(old, jobCondition(text, scope.now));
    if (conditions === old) return;
    this.ledger.setStatus({ conditions, startTime: suspended ? undefined : formatTime(scope.now) });
    const reason = suspended ? 'Suspended' : 'Resumed';
    events.record(this.ledger.job, { type: 'Normal', reason, message: text.message }, kindName(jobs));
  }

  private *manage(): Work<{ readonly active: number; readonly error: unknown }> {
    const active = this.active.length;
    const surplus = this.ledger.job.spec?.suspend ? [...this.active] : this.surplus();
    if (surplus.length > 0 || this.ledger.job.spec?.suspend) {
      const doomed = surplus.slice(0, burst);
      this.parts.expectations.expectDeletions(this.key, doomed.map(keyOf));
      const { deleted, error } = yield* this.deletePods(doomed, true);
      return { active: active - deleted, error };
    }
    const waiting = replacesOnlyFailed(this.ledger.job) ? this.terminating : 0;
    const missing = Math.min(this.wantActive() - waiting - active, burst);
    if (missing <= 0) return { active, error: undefined };
    const perIndex = this.ledger.job.spec?.backoffLimitPerIndex !== undefined;
    const leftMs = perIndex ? 0 : backoffLeftMs(this.newBackoff, this.parts.context.scope.now);
    if (leftMs > 0) {
      this.parts.context.queue.addAfter(this.key, leftMs);
      return { active: 0, error: undefined };
    }
    const indexes = isIndexed(this.ledger.job) ? this.pendingIndexes(missing) : undefined;
    return yield* this.createPods(indexes?.length ?? missing, indexes);
  }

  private wantActive(): number {
    const { completions, parallelism = 1 } = this.ledger.job.spec ?? {};
    if (completions === undefined) return this.succeeded > 0 ? this.active.length : parallelism;
    return Math.max(0, Math.min(completions - this.succeeded, parallelism));
  }

  private surplus(): readonly Pod[] {
    const doubles = isIndexed(this.ledger.job) ? this.doubles() : [];
    const left = this.active.filter((pod) => !doubles.includes(pod));
    const count = this.active.length - this.wantActive() - doubles.length;
    if (count <= 0) return doubles;
    return [...doubles, ...byDeletionPreference(left, this.parts.context.scope.now).slice(0, count)];
  }

  /** Active pods of an index that has another one already, or that is none of the job's. */
  private doubles(): readonly Pod[] {
    const seen = new Set<number>();
    return this.active.filter((pod) => {
      const index = indexOf(this.ledger.job, pod);
      if (index === undefined || seen.has(index)) return true;
      seen.add(index);
      return false;
    });
  }

  private pendingIndexes(count: number): number[] {
    const taken = new Set([...this.doneIndexes, ...(this.failedIndexes ?? [])]);
    for (const pod of this.pods)
      if (isPodActive(pod) || (replacesOnlyFailed(this.ledger.job) && isPodTerminating(pod)))
        taken.add(indexOf(this.ledger.job, pod) ?? -1);
    const indexes: number[] = [];
    let soonestMs = Number.POSITIVE_INFINITY;
    for (let index = 0; index < (this.ledger.job.spec?.completions ?? 0) && indexes.length < count; index++) {
      if (taken.has(index)) continue;
      const last = this.delayed.get(index);
      const record = last ? { failures: failuresOf(last) + 1, lastAt: finishedAt(last) } : undefined;
      const leftMs = record ? backoffLeftMs(record, this.parts.context.scope.now) : 0;
      if (leftMs === 0) indexes.push(index);
      else soonestMs = Math.min(soonestMs, leftMs);
    }
    if (indexes.length === 0 && soonestMs < Number.POSITIVE_INFINITY)
      this.parts.context.queue.addAfter(this.key, soonestMs);
    return indexes;
  }

  private *createPods(
    count: number,
    indexes: readonly number[] | undefined,
  ): Work<{ readonly active: number; readonly error: unknown }> {
    const { control, expectations, context } = this.parts;
    const { job } = this.ledger;
    const { delayed } = this;
    const perIndex = job.spec?.backoffLimitPerIndex !== undefined;
    expectations.expectCreations(this.key, count);
    const { successes, error } = yield* slowStart(context.scope, count, function* (i) {
      const index = indexes?.[i];
      const last = index === undefined ? undefined : delayed.get(index);
      try {
        yield* control.create(job, jobPod(job, index, perIndex ? (last ? failuresOf(last) + 1 : 0) : undefined));
      } catch (refusal) {
        if (!(refusal instanceof ApiError && isNamespaceTerminating(refusal))) throw refusal;
      }
    });
    expectations.creationObserved(this.key, count - successes);
    return { active: this.active.length + successes, error };
  }

  /** `untrack`: the pods' end is not to be counted. */
  private *deletePods(
    doomed: readonly Pod[],
    untrack: boolean,
  ): Work<{ readonly deleted: number; readonly error: unknown }> {
    const { control, context, expectations } = this.parts;
    const { job } = this.ledger;
    const outcomes = yield* runAll(
      context.scope,
      doomed.map(function* (pod): Work<void> {
        const { namespace, name = '' } = pod.metadata ?? {};
        if (untrack && isTracked(pod)) yield* context.client.patch(podResource, { namespace, name }, untrackPatch);
        yield* control.delete(job, pod);
      }),
    );
    let deleted = 0;
    let error: unknown;
    outcomes.forEach((outcome, i) => {
      const pod = doomed[i];
      if (!pod) return;
      if (outcome.kind === 'error') expectations.deletionObserved(this.key, keyOf(pod));
      if (outcome.kind === 'error' && !isNotFound(outcome.error)) {
        error ??= outcome.error;
        return;
      }
      deleted++;
      if (isPodReady(pod)) this.ready--;
    });
    this.terminating += deleted;
    return { deleted, error };
  }

  /** Writes down what has ended, lets those pods go, then counts them: none is lost or counted twice. */
  private *track(ending: Ending | undefined): Work<void> {
    const { scope, events } = this.parts.context;
    const held = new Set(this.tracked.map(uidOf));
    this.ledger.settle(held);
    const done = this.noteEnded(ending);
    const verdict = this.noteEnding(ending);
    yield* this.ledger.flush();
    this.parts.backoff = this.newBackoff;
    const outcomes = yield* runAll(
      scope,
      done.map((pod) => this.ledger.untrack(pod)),
    );
    outcomes.forEach((outcome, i) => {
      const pod = done[i];
      if (pod && outcome.kind === 'value') held.delete(uidOf(pod));
    });
    this.ledger.settle(held);
    const failed = outcomes.find((outcome) => outcome.kind === 'error');
    const open = Object.values(this.ledger.job.status?.uncountedTerminatedPods ?? {}).some((uids) => uids.length > 0);
    const finished = verdict && !open && this.terminating === 0 && done.length < uncountedMax && !failed;
    if (finished) {
      const condition = jobCondition(verdict, scope.now);
      this.ledger.setStatus({
        conditions: ensureCondition(this.ledger.job.status?.conditions ?? [], condition),
        ...(verdict.type === 'Complete' && { completionTime: condition.lastTransitionTime }),
      });
    }
    yield* this.ledger.flush();
    if (failed) throw failed.error;
    if (!finished) return;
    const details =
      verdict.type === 'Complete'
        ? ({ type: 'Normal', reason: 'Completed', message: 'Job completed' } as const)
        : ({ type: 'Warning', reason: verdict.reason, message: verdict.message } as const);
    events.record(this.ledger.job, details, kindName(jobs));
  }

  /** Notes the pods that have ended; returns those whose finalizer may go. */
  private noteEnded(ending: Ending | undefined): readonly Pod[] {
    const { job } = this.ledger;
    const { succeeded = [], failed = [] } = job.status?.uncountedTerminatedPods ?? {};
    const nowDone = [...succeeded];
    const nowFailed = [...failed];
    const indexes = new Set(this.earlierIndexes);
    const released: Pod[] = [];
    const failing = ending !== undefined && ending.type !== 'Complete' && ending.type !== 'SuccessCriteriaMet';
    for (const pod of this.tracked) {
      if (released.length >= uncountedMax) break;
      const broken = isPodFailed(job, pod);
      if (!this.mayRelease(pod, broken, ending)) continue;
      released.push(pod);
      const index = indexOf(job, pod);
      const uid = uidOf(pod);
      if (pod.status?.phase === 'Succeeded' && !this.counted.failed.has(uid)) {
        if (isIndexed(job)) indexes.add(index ?? -1);
        else if (!this.counted.succeeded.has(uid)) nowDone.push(uid);
      } else if ((broken || failing) && !this.counted.failed.has(uid) && (!isIndexed(job) || index !== undefined)) {
        if (verdictOn(job, pod).action !== 'Ignore') nowFailed.push(uid);
      }
    }
    indexes.delete(-1);
    this.ledger.setStatus({
      uncountedTerminatedPods: uncounted(nowDone, nowFailed),
      ...(isIndexed(job) && {
        succeeded: nonZero(indexes.size),
        completedIndexes: indexesText(indexes) || undefined,
        failedIndexes: this.failedIndexes && indexesText(this.failedIndexes),
      }),
    });
    return released;
  }

  private mayRelease(pod: Pod, broken: boolean, ending: Ending | undefined): boolean {
    if (isBeingDeleted(this.ledger.job) || ending || pod.status?.phase === 'Succeeded') return true;
    if (!broken) return false;
    const index = indexOf(this.ledger.job, pod);
    return index === undefined || this.delayed.get(index) !== pod;
  }

  /** Notes the interim condition of an ending; returns the final one. */
  private noteEnding(ending: Ending | undefined): Ending | undefined {
    if (!ending || ending.type === 'Failed' || ending.type === 'Complete') return ending;
    const conditions = ensureCondition(
      this.ledger.job.status?.conditions ?? [],
      holds(this.ledger.job, ending.type) ?? jobCondition(ending, this.parts.context.scope.now),
    );
    this.ledger.setStatus({ conditions });
    return { ...ending, type: ending.type === 'FailureTarget' ? 'Failed' : 'Complete' };
  }
}

const completed: Ending = {
  type: 'SuccessCriteriaMet',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

function failure(reason: string, message: string): Ending {
  return { type: 'FailureTarget', reason, message };
}

function failuresOf(pod: Pod): number {
  return Number(pod.metadata?.annotations?.[failureCountAnnotation] ?? 0) || 0;
}
