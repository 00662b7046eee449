// Pods that wait for a node: those to try now, those that back off, those that wait for the cluster to change.
//
//   add ─▶ active ─pop─▶ a cycle ─fits─▶ bound
//            ▲  ▲            │ does not
//            │  └─ backoff ◀─┤ something may have changed meanwhile
//            │       ▲       ▼
//            └───────┴── unschedulable ── an event that helps (queueing hints), or five minutes
import type { Scope } from '../sim/scope.ts';
import { type ClusterEvent, hintHelps, matchesHint } from './cluster-events.ts';
import type { Plugin } from './framework.ts';
import { Heap } from './pod-heap.ts';
import type { PodInfo } from './pod-info.ts';
import type { QueuedPod } from './queued-pod.ts';
import { type QueueName, SchedulingTally } from './scheduling-tally.ts';

const backoffFirstMs = 1000;
const backoffMaxMs = 10_000;
const unschedulableMaxMs = 300_000;
const flushUnschedulableMs = 30_000;

export class SchedulingQueue {
  private readonly active = new Heap<QueuedPod>(
    (a, b) => a.info.priority > b.info.priority || (a.info.priority === b.info.priority && a.timestamp < b.timestamp),
  );
  private readonly backoff = new Heap<QueuedPod>((a, b) => backoffEnd(a) < backoffEnd(b));
  /** Those that met an error: they do wait. */
  private readonly errorBackoff = new Heap<QueuedPod>((a, b) => backoffEnd(a) < backoffEnd(b));
  private readonly unschedulable = new Set<QueuedPod>();
  private backoffArmed = false;
  private flushArmed = false;
  private readonly pods = new Map<string, QueuedPod>();

  constructor(
    private readonly scope: Scope,
    private readonly plugins: () => readonly Plugin[],
    /** Called when there may be something to pop. */
    private readonly wake: () => void,
    private readonly tally = new SchedulingTally(),
  ) {}

  get size(): number {
    return this.pods.size;
  }

  /** Whether there is anything to pop. */
  get ready(): boolean {
    return this.active.size > 0 || this.backoff.size > 0;
  }

  has(uid: string): boolean {
    return this.pods.has(uid);
  }

  add(info: PodInfo): void {
    this.delete(info.uid);
    const pod: QueuedPod = {
      info,
      uid: info.uid,
      timestamp: this.scope.now,
      triedAt: 0,
      poppedAt: 0,
      attempts: 0,
      unschedulableCount: 0,
      errorCount: 0,
      rejectors: none,
      gatedBy: '',
      cause: this.scope.cause,
    };
    this.pods.set(info.uid, pod);
    this.toActive(pod, 'UnschedulablePodAdd');
  }

  /** How many pods wait in each way. */
  pending(): Readonly<Record<QueueName, number>> {
    let gated = 0;
    for (const { gatedBy } of this.unschedulable) if (gatedBy !== '') gated++;
    return {
      active: this.active.size,
      backoff: this.backoff.size + this.errorBackoff.size,
      gated,
      unschedulable: this.unschedulable.size - gated,
    };
  }

  /** The next pod to try. While nothing else is to do, one that backs off need not wait, unless it met an error. */
  pop(): QueuedPod | undefined {
    const pod = this.active.pop() ?? this.backoff.pop();
    if (!pod) return undefined;
    this.pods.delete(pod.uid);
    pod.attempts++;
    pod.poppedAt = this.scope.now;
    if (pod.attempts === 1) pod.triedAt = this.scope.now;
    return pod;
  }

  delete(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    this.active.delete(pod);
    this.leaveBackoff(pod);
    this.unschedulable.delete(pod);
  }

  /** Takes a pod back that could not be placed. Without rejectors it met an error and is tried again soon. */
  putBack(pod: QueuedPod, info: PodInfo, rejectors: ReadonlySet<string>): void {
    pod.info = info;
    pod.rejectors = rejectors;
    pod.timestamp = this.scope.now;
    if (rejectors.size === 0) pod.errorCount++;
    else {
      pod.unschedulableCount++;
      pod.errorCount = 0;
    }
    this.pods.set(pod.uid, pod);
    if (rejectors.size === 0) this.requeue(pod, 'ScheduleAttemptFailure');
    else {
      this.toUnschedulable(pod);
      this.tally.came('ScheduleAttemptFailure', 'unschedulable');
    }
  }

  /** The waiting pod itself has changed. */
  update(info: PodInfo, events: readonly ClusterEvent[]): void {
    const pod = this.pods.get(info.uid);
    if (!pod) {
      this.add(info);
      return;
    }
    const resort = this.active.has(pod) && pod.info.priority !== info.priority;
    pod.info = info;
    if (resort) {
      this.active.delete(pod);
      this.active.push(pod);
    }
    if (this.unschedulable.has(pod) && events.some((event) => this.worthRetrying(pod, event)))
      this.requeue(pod, 'UnschedulablePodUpdate');
  }

  /** Something in the cluster has changed: pods that it may help are tried again. */
  move(event: ClusterEvent, only?: (info: PodInfo) => boolean): void {
    if (this.unschedulable.size === 0 || !this.isOfInterest(event)) return;
    for (const pod of [...this.unschedulable])
      if ((!only || only(pod.info)) && this.worthRetrying(pod, event)) this.requeue(pod, labelOf(event));
  }

  /** Tries a pod again at once. */
  activate(uid: string): void {
    const pod = this.pods.get(uid);
    if (pod && !this.active.has(pod)) this.toActive(pod, 'ForceActivate');
  }

  private isOfInterest(event: ClusterEvent): boolean {
    return this.plugins().some(({ hints = [] }) => hints.some((hint) => matchesHint(hint, event)));
  }

  /** A gated pod is looked at only for what its gate cares about; then all that rejected it have a say. */
  private worthRetrying(pod: QueuedPod, event: ClusterEvent): boolean {
    if (pod.gatedBy === '' && pod.rejectors.size === 0) return true;
    const gate = this.plugins().find(({ name }) => name === pod.gatedBy);
    if (gate && !gate.hints?.some((hint) => matchesHint(hint, event))) return false;
    for (const { name, hints = [] } of this.plugins()) {
      if (!pod.rejectors.has(name) && name !== pod.gatedBy) continue;
      for (const hint of hints) if (matchesHint(hint, event) && hintHelps(hint, pod.info, event)) return true;
    }
    return false;
  }

  private requeue(pod: QueuedPod, event: string): void {
    if (backoffEnd(pod) >= window(this.scope.now)) this.toBackoff(pod, event);
    else this.toActive(pod, event);
  }

  private toActive(pod: QueuedPod, event: string): void {
    if (this.isGated(pod)) {
      this.tally.came(event, 'gated');
      return;
    }
    this.tally.came(event, 'active');
    this.unschedulable.delete(pod);
    this.leaveBackoff(pod);
    this.active.push(pod);
    this.wake();
  }

  private toBackoff(pod: QueuedPod, event: string): void {
    if (this.isGated(pod)) return;
    this.tally.came(event, 'backoff');
    this.unschedulable.delete(pod);
    (pod.errorCount > 0 ? this.errorBackoff : this.backoff).push(pod);
    this.armBackoff();
    this.wake();
  }

  private toUnschedulable(pod: QueuedPod): void {
    this.unschedulable.add(pod);
    if (this.flushArmed) return;
    this.flushArmed = true;
    this.scope.schedule(flushUnschedulableMs, () => this.flushUnschedulable());
  }

  private leaveBackoff(pod: QueuedPod): void {
    this.backoff.delete(pod);
    this.errorBackoff.delete(pod);
  }

  private armBackoff(): void {
    if (this.backoffArmed) return;
    this.backoffArmed = true;
    this.scope.schedule(1000, () => this.flushBackoff());
  }

  private isGated(pod: QueuedPod): boolean {
    const gate = this.plugins().find((plugin) => plugin.preEnqueue?.(pod.info) !== undefined);
    pod.gatedBy = gate?.name ?? '';
    if (!gate) return false;
    this.leaveBackoff(pod);
    this.toUnschedulable(pod);
    return true;
  }

  private flushBackoff(): void {
    this.backoffArmed = false;
    for (const heap of [this.backoff, this.errorBackoff])
      for (let pod = heap.peek(); pod && backoffEnd(pod) < window(this.scope.now); pod = heap.peek())
        this.toActive(pod, 'BackoffComplete');
    if (this.backoff.size + this.errorBackoff.size > 0) this.armBackoff();
  }

  private flushUnschedulable(): void {
    this.flushArmed = false;
    const waiting = [...this.unschedulable];
    this.unschedulable.clear();
    for (const pod of waiting) {
      this.toUnschedulable(pod);
      if (pod.gatedBy === '' && this.scope.now - pod.timestamp > unschedulableMaxMs)
        this.requeue(pod, 'UnschedulableTimeout');
    }
  }
}

const none: ReadonlySet<string> = new Set();

/** Backoff ends are rounded down to whole seconds, so that pods of one second are ordered by priority alone. */
function window(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

function backoffEnd(pod: QueuedPod): number {
  const count = pod.errorCount > 0 ? pod.errorCount : pod.unschedulableCount;
  if (count === 0) return 0;
  return window(pod.timestamp + Math.min(backoffFirstMs * 2 ** Math.min(count - 1, 10), backoffMaxMs));
}

/** As upstream names what moved a pod, e.g. `NodeAdd`. */
function labelOf({ resource, action }: ClusterEvent): string {
  const object = resource === 'Pod' ? 'AssignedPod' : resource;
  const what = action === 'add' ? 'Add' : action === 'delete' ? 'Delete' : 'Update';
  return `${object}${what}`;
}
