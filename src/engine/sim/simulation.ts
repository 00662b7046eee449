// The simulation kernel: one virtual clock, one task queue, one source of chance, one trace.

import { assert } from '../../base/assert.ts';
import { Chance, type RandomStream } from './random.ts';
import { Scope } from './scope.ts';
import type { Task } from './task-queue.ts';
import { TaskQueue } from './task-queue.ts';
import { type TakenStep, Trace } from './trace.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Milliseconds since the Unix epoch at which the world begins. */
  readonly startsAt: number;
  readonly randomStates?: Readonly<Record<string, readonly number[]>>;
}

export class Simulation {
  readonly trace = new Trace();
  readonly root: Scope;
  /** The trace step that what is running now goes back to. */
  cause = 0;
  /** Hears of our own mistakes: an error that nothing handled. Throwing stops the world, which is what tests want. */
  fault: (error: unknown) => void = (error) => {
    throw error;
  };
  private time: number;
  private sequence = 0;
  private readonly queue = new TaskQueue();
  private readonly chance: Chance;

  constructor(options: SimulationOptions) {
    this.time = options.startsAt;
    this.chance = new Chance(options.seed, options.randomStates);
    this.root = new Scope(this, 'world', undefined);
  }

  /** Virtual milliseconds since the Unix epoch. */
  get now(): number {
    return this.time;
  }

  /** When the next task is due; undefined when nothing will ever happen. */
  get nextAt(): number | undefined {
    return this.queue.peek()?.at;
  }

  random(name: string): RandomStream {
    return this.chance.stream(name);
  }

  randomStates(): Readonly<Record<string, readonly number[]>> {
    return this.chance.states();
  }

  schedule(delayMs: number, run: () => void, owner: { readonly live: boolean } = this.root): Task {
    const task: Task = {
      at: this.time + Math.max(0, delayMs),
      sequence: this.sequence++,
      cause: this.cause,
      owner,
      run,
    };
    this.queue.push(task);
    return task;
  }

  cancel(task: Task): void {
    this.queue.cancel(task);
  }

  /** Records a step and makes it the cause of what follows from here. Returns its id. */
  record(component: string, action: string, subject: string, detail?: string): number {
    return this.recordStep({ component, action, subject, detail });
  }

  recordStep(step: TakenStep): number {
    this.cause = this.trace.add(step, this);
    return this.cause;
  }

  /** Runs the next task, moving the clock to it. False when there is none. */
  runNext(): boolean {
    const task = this.queue.pop();
    if (!task) return false;
    this.time = task.at;
    this.cause = task.cause;
    const run = task.run;
    task.run = undefined;
    try {
      run?.();
    } catch (error) {
      this.fault(error);
    }
    this.cause = 0;
    return true;
  }

  /** Runs every task that is due up to `until` (inclusive) and sets the clock to it. */
  runUntil(until: number): void {
    for (let next = this.queue.peek(); next && next.at <= until; next = this.queue.peek()) this.runNext();
    if (until > this.time) this.time = until;
  }

  /** Moves the clock over a time in which nothing is due. Never backwards. */
  advanceTo(at: number): void {
    assert((this.nextAt ?? at) >= at, 'time cannot pass over a task that is due');
    if (at > this.time) this.time = at;
  }

  /** Runs for that long. */
  runFor(ms: number): void {
    this.runUntil(this.time + ms);
  }

  /** Runs task by task until the condition holds; false when `withinMs` have passed without it. */
  runWhen(condition: () => boolean, withinMs: number): boolean {
    const end = this.time + withinMs;
    while (!condition()) {
      const next = this.queue.peek();
      if (!next || next.at > end) return false;
      this.runNext();
    }
    return true;
  }
}
