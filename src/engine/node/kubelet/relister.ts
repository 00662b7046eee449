// Notices what changed in the runtime (upstream's PLEG): looks once a second, and at once at a pod that was just
// synced. Ticks only while something is to be seen or somebody waits, so that a quiet node costs nothing.
//
//   change ─▶ dirty ─▶ next whole second ─▶ changed(uid), and workers that wait for news newer than their last sync
import type { Scope } from '../../sim/scope.ts';
import { perform, type Settle, type Work } from '../../sim/work.ts';

const periodMs = 1000;
/** Kubelets are out of step with the clock and keep so: here each looks just before a second is full. */
const phaseMs = 990;
/** How long looking at one pod takes. */
const singleMs = 50;

interface Waiter {
  readonly newerThan: number;
  readonly settle: Settle<void>;
}

export class Relister {
  /** Pods that changed, each with the trace step that changed it last. */
  private readonly dirty = new Map<string, number>();
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly seenAt = new Map<string, number>();
  private globalAt = 0;
  private armed = false;

  constructor(
    private readonly scope: Scope,
    private readonly changed: (uid: string) => void,
  ) {}

  /** Something of the pod changed in the runtime. */
  touch(uid: string): void {
    this.dirty.set(uid, this.scope.cause);
    this.arm();
  }

  /** Looks at one pod soon, without waiting for the next second. */
  request(uid: string): void {
    this.scope.schedule(singleMs, () => this.look(uid));
  }

  forget(uid: string): void {
    this.dirty.delete(uid);
    this.seenAt.delete(uid);
  }

  /** Waits until the pod has been looked at after that time. */
  *newerThan(uid: string, time: number): Work<void> {
    if (Math.max(this.globalAt, this.seenAt.get(uid) ?? 0) > time) return;
    this.arm();
    yield* perform<void>((settle) => {
      const waiter = { newerThan: time, settle };
      const waiters = this.waiters.get(uid) ?? new Set();
      waiters.add(waiter);
      this.waiters.set(uid, waiters);
      return () => waiters.delete(waiter);
    });
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    const since = (this.scope.now - phaseMs) % periodMs;
    this.scope.schedule(periodMs - since, () => this.relist());
  }

  private relist(): void {
    this.armed = false;
    this.globalAt = this.scope.now;
    const changes = [...this.dirty];
    this.dirty.clear();
    for (const [uid, cause] of changes) this.tell(uid, cause);
    for (const uid of [...this.waiters.keys()]) this.wake(uid);
    if (this.waiters.size > 0) this.arm();
  }

  private look(uid: string): void {
    this.seenAt.set(uid, this.scope.now);
    const cause = this.dirty.get(uid);
    this.dirty.delete(uid);
    if (cause !== undefined) this.tell(uid, cause);
    this.wake(uid);
  }

  private tell(uid: string, cause: number): void {
    this.scope.resumeCause(cause);
    this.changed(uid);
  }

  private wake(uid: string): void {
    const waiters = this.waiters.get(uid);
    if (!waiters) return;
    const seen = Math.max(this.globalAt, this.seenAt.get(uid) ?? 0);
    const due = [...waiters].filter(({ newerThan }) => newerThan < seen);
    for (const waiter of due) waiters.delete(waiter);
    if (waiters.size === 0) this.waiters.delete(uid);
    for (const { settle } of due) this.scope.schedule(0, () => settle.value());
  }
}
