// The life of one pod on its node: synced while it is wanted, then terminated, then cleaned up. One piece of work at
// a time. Models pkg/kubelet/pod_workers.go.
import type { Container as ContainerSpec, Pod } from '../../../api/generated/types.ts';
import { formatTime } from '../../../base/time.ts';
import type { Stop } from '../../sim/scope.ts';
import type { Work } from '../../sim/work.ts';
import type { Container } from '../runtime/container.ts';
import { inParallel } from './in-parallel.ts';
import { type KubeletParts, newestOf, type PodMemory, targetOf, teller } from './pod-context.ts';
import { hasEnded } from './pod-phase.ts';
import { PodResize, type ResizeParts } from './pod-resize.ts';
import { isSidecar } from './restart-policy.ts';
import { stopContainer } from './stop-container.ts';
import { runtimeLookMs, type SyncOutcome, syncPod, writeStatus } from './sync-pod.ts';

/** After a failed sync; chance adds up to half of it. */
const backoffMs = 10_000;
const backoffMaxMs = 60_000;

/** How often the kubelet looks whether a pod's volumes are gone. */
const unmountMs = 300;

/** What nearly every pod has of them. */
const noFailures: PodMemory['failures'] = new Map();

type Stage = 'syncing' | 'terminating' | 'terminated';

export class PodWorker {
  readonly memory: PodMemory;
  private stage: Stage = 'syncing';
  private busy = false;
  private pending = false;
  /** The trace step that the sync that runs goes back to, or the one that is pending. */
  private cause = 0;
  private stopWork: Stop | undefined;
  private stopTimer: Stop | undefined;
  private begun = false;
  private lastSyncAt: number | undefined;
  /** The object is gone from the API. */
  private orphan = false;

  constructor(
    private readonly parts: KubeletParts,
    pod: Pod,
    resizes: ResizeParts,
    private readonly gone: (uid: string) => void,
  ) {
    const uid = pod.metadata?.uid ?? '';
    this.memory = {
      uid,
      pod,
      failures: noFailures,
      volumes: new Map(),
      resize: new PodResize(resizes),
      preparedAt: undefined,
      verdict: undefined,
      pulling: false,
    };
  }

  get terminated(): boolean {
    return this.stage === 'terminated';
  }

  /**
   * Whether it takes up room on the node: not when nothing of it runs, when its status says already that it has ended,
   * or when the API no longer knows it, even while its containers end.
   */
  get holdsRoom(): boolean {
    if (this.orphan || this.terminated) return false;
    const { pod, uid } = this.memory;
    return !hasEnded(this.parts.statuses.get(uid) ?? pod.status);
  }

  /** The pod had ended before this kubelet came to know it: nothing is left to do but to let it be deleted. */
  endedBefore(): void {
    this.stage = 'terminated';
  }

  /** A new version of the pod from the API. */
  update(pod: Pod): void {
    const before = this.memory.pod;
    const granted = this.memory.resize.allocate(pod);
    const resized = before.spec !== granted.spec;
    this.memory.pod = granted;
    this.parts.statuses.seen(pod);
    const deleting = pod.metadata?.deletionTimestamp !== undefined;
    if (this.stage === 'terminated') {
      if (deleting) this.parts.statuses.finish(pod);
    } else if (deleting && this.stage === 'syncing') this.beginTermination();
    else if (
      !this.begun ||
      resized ||
      before.metadata?.generation !== pod.metadata?.generation ||
      gatesOf(before) !== gatesOf(pod)
    )
      this.trigger();
  }

  /** The object was removed: whatever still runs ends. */
  removed(): void {
    this.orphan = true;
    if (this.stage === 'syncing') this.beginTermination();
    else if (this.stage === 'terminated') this.cleanUp();
  }

  /** Something happened: sync, now or right after the sync that runs. */
  trigger(): void {
    if (this.stage !== 'syncing') return;
    this.cause = this.parts.scope.cause;
    if (this.busy) this.pending = true;
    else this.begin(this.syncs());
  }

  /** Ends the pod for a reason of the node's own, e.g. a failed admission. */
  reject(reason: string, message: string): void {
    const { parts, memory } = this;
    teller(parts, memory.pod)('Warning', reason, message);
    const now = memory.pod.status ?? {};
    parts.statuses.set(memory.pod, {
      ...now,
      ...rejected(parts, memory.pod),
      reason,
      message: `Pod was rejected: ${message}`,
    });
    this.stage = 'terminated';
  }

  /** Ends the pod because the node is short of something. */
  evict(message: string): void {
    const { parts, memory } = this;
    if (this.stage !== 'syncing') return;
    memory.verdict = { reason: 'Evicted', message };
    memory.disruptedAt = parts.scope.now;
    teller(parts, memory.pod)('Warning', 'Evicted', message);
    this.trigger();
  }

  private begin(work: Work<void>): void {
    this.stopTimer?.();
    this.begun = true;
    this.busy = true;
    this.stopWork = this.parts.scope.spawn(work);
  }

  private *syncs(): Work<void> {
    const { relister, scope } = this.parts;
    for (;;) {
      this.pending = false;
      if (this.lastSyncAt !== undefined) yield* relister.newerThan(this.memory.uid, this.lastSyncAt);
      const { cause } = this;
      scope.resumeCause(cause);
      const since = scope.now;
      const outcome = yield* syncPod(this.parts, this.memory);
      const round = this.lastSyncAt === undefined ? 'operation_type="create"' : 'operation_type="sync"';
      this.parts.runtime.tally.rounds.of(round).observe((scope.now - since) / 1000);
      this.lastSyncAt = scope.now;
      if (outcome.kind === 'terminal' || this.stage === 'terminating') {
        this.stage = 'terminating';
        yield* this.terminates();
        return;
      }
      this.arm(outcome, cause);
      if (!this.pending) break;
    }
    this.busy = false;
  }

  /** Plans the next sync where one will be needed without anything happening: for the same cause as this one. */
  private arm(outcome: SyncOutcome, cause: number): void {
    const { scope, relister } = this.parts;
    this.stopTimer?.();
    if (outcome.kind === 'done' && outcome.acted) relister.request(this.memory.uid);
    scope.resumeCause(cause);
    if (outcome.kind === 'failed') {
      const wait = outcome.retryAt === undefined ? backoffMs : Math.max(0, outcome.retryAt - scope.now);
      const jittered = scope.random().jitter(Math.min(wait, backoffMaxMs), 0.5);
      this.stopTimer = scope.schedule(jittered, () => this.trigger());
      return;
    }
    const limit = this.memory.pod.spec?.activeDeadlineSeconds;
    if (limit !== undefined) this.stopTimer = scope.schedule(limit * 1000, () => this.trigger());
  }

  /** A pull that is under way is waited for; all else ends at once. */
  private beginTermination(): void {
    this.stage = 'terminating';
    if (this.busy && this.memory.pulling) return;
    this.stopWork?.();
    this.begin(this.terminates());
  }

  private *terminates(): Work<void> {
    const { parts, memory } = this;
    const { uid } = memory;
    if (!this.orphan) writeStatus(parts, memory, false);
    parts.probes.podEnds(uid);
    while (parts.runtime.stoppedAt !== undefined) yield* parts.scope.sleep(runtimeLookMs);
    yield* this.stopContainers();
    if (!this.orphan) writeStatus(parts, memory, true);
    yield* parts.relister.newerThan(uid, parts.scope.now);
    parts.runtime.stopSandbox(uid);
    if (!this.orphan) writeStatus(parts, memory, true);
    if (memory.pod.spec?.volumes?.length) yield* parts.scope.sleep(unmountMs);
    memory.volumes.clear();
    parts.crashes.forget(`${uid}/`);
    this.stage = 'terminated';
    this.busy = false;
    if (this.orphan) this.cleanUp();
    else if (memory.pod.metadata?.deletionTimestamp !== undefined) parts.statuses.finish(memory.pod);
  }

  /** Regular containers together, then sidecars in reverse order. */
  private *stopContainers(): Work<void> {
    const { pod } = this.memory;
    const graceSeconds = pod.metadata?.deletionGracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
    const sidecars = (pod.spec?.initContainers ?? []).filter(isSidecar);
    const others = [
      ...(pod.spec?.containers ?? []),
      ...(pod.spec?.initContainers ?? []).filter((spec) => !isSidecar(spec)),
      ...(pod.spec?.ephemeralContainers ?? []),
    ];
    yield* this.stopAll(others, graceSeconds);
    for (const spec of [...sidecars].reverse()) yield* this.stopAll([spec], graceSeconds);
  }

  private *stopAll(specs: readonly ContainerSpec[], graceSeconds: number): Work<void> {
    const { parts, memory } = this;
    const works: Work<void>[] = [];
    for (const spec of specs) {
      const container: Container | undefined = newestOf(parts.runtime.pods.get(memory.uid), spec.name);
      if (container?.state !== 'running') continue;
      works.push(
        stopContainer(targetOf(parts, memory, spec, container), teller(parts, memory.pod, spec), { graceSeconds }),
      );
    }
    yield* inParallel(parts.scope, works);
  }

  private cleanUp(): void {
    const { uid } = this.memory;
    this.stopTimer?.();
    this.parts.runtime.removePod(uid);
    this.parts.statuses.forget(uid);
    this.parts.relister.forget(uid);
    this.gone(uid);
  }
}

/** The conditions of readiness gates as one text: a change of them makes the pod ready or not. */
function gatesOf(pod: Pod): string {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return '';
  return gates
    .map(({ conditionType }) => pod.status?.conditions?.find(({ type }) => type === conditionType)?.status ?? '')
    .join();
}

function rejected(parts: KubeletParts, pod: Pod): Pick<NonNullable<Pod['status']>, 'phase' | 'startTime'> {
  return { phase: 'Failed', startTime: pod.status?.startTime ?? formatTime(parts.scope.now) };
}
