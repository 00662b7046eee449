// What a job's status says so far, and how it is written: pods that have ended are noted, let go, then counted.
import { jobs, pods as podResource } from '../../../api/generated/resources.ts';
import type { Job, JobStatus, Pod } from '../../../api/generated/types.ts';
import { isNotFound } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import type { ControllerContext } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';
import type { Expectations } from '../shared/expectations.ts';
import type { PodControl } from '../shared/pod-control.ts';
import { nonZero, present } from '../shared/present.ts';
import { isIndexed } from './indexes.ts';
import { untrackPatch } from './job-pods.ts';
import type { BackoffRecord } from './pod-failures.ts';

export interface JobParts {
  readonly context: ControllerContext;
  readonly control: PodControl;
  readonly expectations: Expectations;
  /** Pods whose finalizer is gone, though the cache may not know yet. */
  readonly untracked: Set<string>;
  backoff: BackoffRecord;
}

export class JobLedger {
  /** The status as the server has it. */
  private stored: JobStatus | undefined;

  constructor(
    private readonly parts: JobParts,
    /** With the status as it is to be. */
    public job: Job,
  ) {
    this.stored = job.status;
  }

  setStatus(fields: Partial<JobStatus>): void {
    this.job = { ...this.job, status: present({ ...this.job.status, ...fields }) };
  }

  /** Moves pods that are no longer held from the uncounted to the counts. */
  settle(held: ReadonlySet<string>): void {
    const { succeeded = [], failed = [] } = this.job.status?.uncountedTerminatedPods ?? {};
    const left = { succeeded: succeeded.filter((uid) => held.has(uid)), failed: failed.filter((uid) => held.has(uid)) };
    const indexed = isIndexed(this.job);
    this.setStatus({
      ...(!indexed && {
        succeeded: nonZero((this.job.status?.succeeded ?? 0) + succeeded.length - left.succeeded.length),
      }),
      failed: nonZero((this.job.status?.failed ?? 0) + failed.length - left.failed.length),
      uncountedTerminatedPods: uncounted(left.succeeded, left.failed),
    });
  }

  *untrack(pod: Pod): Work<void> {
    const { namespace, name = '' } = pod.metadata ?? {};
    this.parts.untracked.add(uidOf(pod));
    try {
      yield* this.parts.context.client.patch(podResource, { namespace, name }, untrackPatch);
    } catch (error) {
      if (isNotFound(error)) return;
      this.parts.untracked.delete(uidOf(pod));
      throw error;
    }
  }

  *flush(): Work<void> {
    if (equal(this.stored ?? {}, this.job.status ?? {})) return;
    this.job = yield* this.parts.context.client.updateStatus(jobs, this.job);
    this.stored = this.job.status;
  }
}

export function uncounted(
  succeeded: readonly string[],
  failed: readonly string[],
): JobStatus['uncountedTerminatedPods'] {
  return { ...(succeeded.length > 0 && { succeeded }), ...(failed.length > 0 && { failed }) };
}

export function uidOf(pod: Pod): string {
  return pod.metadata?.uid ?? '';
}
