// A scope: the tasks and fibers of one component, which end together when it stops.
import { assert } from '../../base/assert.ts';
import type { RandomStream } from './random.ts';
import type { Task } from './task-queue.ts';
import type { TakenStep } from './trace.ts';
import { Fiber, type Killable, type Work } from './work.ts';

/** What a scope needs of the simulation that it is part of. */
export interface Kernel {
  readonly now: number;
  cause: number;
  random(name: string): RandomStream;
  /** The task is dropped when its owner has stopped by then. */
  schedule(delayMs: number, run: () => void, owner: { readonly live: boolean }): Task;
  cancel(task: Task): void;
  record(component: string, action: string, subject: string, detail?: string): number;
  recordStep(step: TakenStep): number;
  fault(error: unknown): void;
}

/** How to take something back: a scheduled task, a spawned piece of work, a subscription. */
export type Stop = () => void;

/**
 * What a component may do with time and chance. Narrowest port of the kernel: components get a Scope, never the
 * Simulation. A stopped scope does nothing any more; its children have stopped before it.
 */
export class Scope {
  /** Undefined until the first: there is a scope for each container. */
  private fibers: Set<Killable> | undefined;
  private children: Set<Scope> | undefined;
  private disposers: Stop[] | undefined;
  private stopped = false;

  constructor(
    private readonly simulation: Kernel,
    /** Slash-separated, e.g. `node/worker-1/kubelet`. Names this component in the trace. */
    readonly name: string,
    private readonly parent: Scope | undefined,
  ) {}

  get now(): number {
    return this.simulation.now;
  }

  get live(): boolean {
    return !this.stopped;
  }

  /** The trace step that what runs now goes back to. */
  get cause(): number {
    return this.simulation.cause;
  }

  /** Makes an earlier step the cause of what follows, e.g. when a queued key is taken up. */
  resumeCause(cause: number): void {
    this.simulation.cause = cause;
  }

  random(stream = this.name): RandomStream {
    return this.simulation.random(stream);
  }

  child(name: string): Scope {
    assert(!this.stopped, `${this.name} has stopped`);
    const child = new Scope(this.simulation, name, this);
    this.children ??= new Set();
    this.children.add(child);
    return child;
  }

  /** Runs `run` after `delayMs` of virtual time (0: after the tasks already due now). */
  schedule(delayMs: number, run: () => void): Stop {
    if (this.stopped) return () => {};
    const task = this.simulation.schedule(delayMs, run, this);
    return () => this.simulation.cancel(task);
  }

  /** Starts work at once. An error that it does not handle is a mistake of ours and stops the world. */
  spawn(work: Work<void>): Stop {
    return this.run(work, ignore, rethrow);
  }

  /** Starts work and hands its outcome to one of two functions. */
  run<T>(work: Work<T>, onValue: (value: T) => void, onError: (error: unknown) => void): Stop {
    if (this.stopped) return ignore;
    this.fibers ??= new Set();
    const fiber = new Fiber(work, this.simulation, this.fibers, onValue, onError);
    fiber.start();
    return () => fiber.kill();
  }

  /** Records a step of this component in the trace and makes it the cause of what follows. */
  record(action: string, subject: string, detail?: string): number {
    return this.simulation.record(this.name, action, subject, detail);
  }

  /** Records a step that this component knows another to have taken. */
  recordFor(step: TakenStep): number {
    return this.simulation.recordStep(step);
  }

  /** Tells of a mistake of ours that this component can live with: it goes on. */
  fault(error: unknown): void {
    this.simulation.fault(error);
  }

  /** Work that waits. */
  *sleep(ms: number): Work<void> {
    yield (settle) => this.schedule(ms, () => settle.value(undefined));
  }

  /** Work that waits for the next round of a loop that time alone drives: what follows has no cause. */
  *round(ms: number): Work<void> {
    yield* this.sleep(ms);
    this.resumeCause(0);
  }

  /** Repeats every `periodMs`, first after `firstMs`; time alone is the cause. */
  every(periodMs: number, run: () => void, firstMs = periodMs): Stop {
    let stop: Stop;
    const arm = (delayMs: number): void => {
      stop = this.schedule(delayMs, () => {
        this.resumeCause(0);
        arm(periodMs);
        run();
      });
    };
    arm(firstMs);
    return () => stop();
  }

  /** Calls `dispose` when the scope stops. */
  onStop(dispose: Stop): void {
    this.disposers ??= [];
    this.disposers.push(dispose);
  }

  stop(): void {
    if (this.stopped) return;
    for (const child of [...(this.children ?? [])]) child.stop();
    this.stopped = true;
    this.parent?.children?.delete(this);
    for (const fiber of [...(this.fibers ?? [])]) fiber.kill();
    this.fibers?.clear();
    const { disposers } = this;
    this.disposers = undefined;
    for (const dispose of disposers ?? []) dispose();
  }
}

function ignore(): void {}

function rethrow(error: unknown): never {
  throw error;
}
