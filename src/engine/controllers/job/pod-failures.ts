// What the failure of a job's pod means: the pod failure policy's verdict, and how long to wait before another try.
import type { ContainerStatus, Job, Pod, PodFailurePolicyRule } from '../../../api/generated/types.ts';
import { isBeingDeleted, parseTime } from '../../../api/meta.ts';
import { podCondition } from '../shared/pod-state.ts';

export interface Verdict {
  readonly action: 'Ignore' | 'Count' | 'FailIndex' | 'FailJob';
  /** Why the whole job fails. */
  readonly message?: string;
}

const count: Verdict = { action: 'Count' };

export function verdictOn(job: Job, pod: Pod): Verdict {
  for (const [index, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const matched = matchedText(rule, pod);
    if (matched === undefined) continue;
    if (rule.action === 'Ignore' || rule.action === 'FailIndex') return { action: rule.action };
    if (rule.action === 'FailJob')
      return { action: 'FailJob', message: `${matched} matching FailJob rule at index ${index}` };
    return count;
  }
  return count;
}

function matchedText({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod): string | undefined {
  const about = `${pod.metadata?.namespace}/${pod.metadata?.name}`;
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes;
    const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
    for (const { name, state } of statuses) {
      const code = state?.terminated?.exitCode ?? 0;
      if (code === 0 || (containerName !== undefined && containerName !== name)) continue;
      if (values.includes(code) === (operator === 'In'))
        return `Container ${name} for pod ${about} failed with exit code ${code}`;
    }
    return undefined;
  }
  for (const { type, status = 'True' } of onPodConditions ?? [])
    if (podCondition(pod, type)?.status === status) return `Pod ${about} has condition ${type}`;
  return undefined;
}

export function replacesOnlyFailed(job: Job): boolean {
  return job.spec?.podReplacementPolicy === 'Failed' || job.spec?.podFailurePolicy !== undefined;
}

export function isPodFailed(job: Job, pod: Pod): boolean {
  const phase = pod.status?.phase;
  if (phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && isBeingDeleted(pod) && phase !== 'Succeeded';
}

/** Failures since the last success, and when the last one was. */
export interface BackoffRecord {
  readonly failures: number;
  readonly lastAt: number | undefined;
}

export const noFailures: BackoffRecord = { failures: 0, lastAt: undefined };

export function nextBackoff(
  old: BackoffRecord,
  { succeeded, failed }: { readonly succeeded: readonly Pod[]; readonly failed: readonly Pod[] },
): BackoffRecord {
  const failedAt = failed.map(finishedAt).sort((a, b) => a - b);
  const lastAt = failedAt.at(-1);
  if (succeeded.length === 0) return lastAt === undefined ? old : { failures: old.failures + failed.length, lastAt };
  const successAt = Math.max(...succeeded.map(finishedAt));
  const after = failedAt.filter((at) => at > successAt);
  return { failures: after.length, lastAt: after.at(-1) };
}

const backoffFirstMs = 10_000;
const backoffMaxMs = 600_000;

/** Doubles with each failure, from 10 seconds to 10 minutes. */
export function backoffLeftMs({ failures, lastAt }: BackoffRecord, now: number): number {
  if (failures === 0 || lastAt === undefined) return 0;
  const delayMs = Math.min(backoffFirstMs * 2 ** Math.min(failures - 1, 30), backoffMaxMs);
  return Math.max(0, lastAt + delayMs - now);
}

export function finishedAt(pod: Pod): number {
  const sidecars = new Set(
    pod.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );
  const statuses = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses?.filter(({ name }) => sidecars.has(name)) ?? []),
  ];
  const ends = statuses.map(endedAt);
  const known = ends.filter((at) => at !== undefined);
  if (known.length > 0 && known.length === ends.length) return Math.max(...known);
  const ready = podCondition(pod, 'Ready');
  const notReadyAt = ready?.status === 'False' ? parseTime(ready.lastTransitionTime) : undefined;
  if (notReadyAt !== undefined) return notReadyAt;
  const deletedAt = parseTime(pod.metadata?.deletionTimestamp);
  if (deletedAt !== undefined) return deletedAt - (pod.metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
  return parseTime(pod.metadata?.creationTimestamp) ?? 0;
}

function endedAt({ state }: ContainerStatus): number | undefined {
  return parseTime(state?.terminated?.finishedAt);
}

/** Restarts of containers count as failures where the pod restarts them itself. */
export function pastRestartLimit(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec?.template.spec?.restartPolicy !== 'OnFailure') return false;
  let restarts = 0;
  for (const { status } of pods) {
    if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
    for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
      restarts += restartCount;
  }
  const limit = job.spec?.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
}
