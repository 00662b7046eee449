// Work that waits: generator functions that yield effects and are resumed by the task queue.
//
//   function* bind(pod: Pod): Work<void> {
//     yield* sleep(scope, 100);              // an effect: the fiber waits, the engine goes on
//     yield* client.create(...);             // work calls work with yield*
//   }
import { assert } from '../../base/assert.ts';

/** How an effect answers: exactly once, by one of the two, at once or at any later task. */
export interface Settle<T> {
  value(value: T): void;
  error(error: unknown): void;
}

/** Begins to wait. Returns how to give up waiting (when the fiber is killed). */
export type Effect = (settle: Settle<unknown>) => (() => void) | undefined;

/** A generator of effects that ends with a T. */
export type Work<T> = Generator<Effect, T, unknown>;

/** Waits for what `start` begins. */
export function* perform<T>(start: (settle: Settle<T>) => (() => void) | undefined): Work<T> {
  const effect: Effect = (settle) => start(settle);
  return (yield effect) as T; // edge: a fiber resumes an effect with what its own settle got
}

/** Where fibers find the trace step that they go back to. */
export interface CauseHolder {
  cause: number;
}

/** Work that can be ended from outside. */
export interface Killable {
  kill(): void;
}

/** What an effect settled with. */
interface Settled {
  readonly failed: boolean;
  readonly value: unknown;
}

/** One piece of work under way. It is the Settle of each effect that it waits for, one after the other. */
export class Fiber<T> implements Settle<unknown>, Killable {
  private giveUp: (() => void) | undefined;
  private state: 'running' | 'starting effect' | 'waiting' | 'ended' = 'running';
  /** What an effect settled with while it was being started. */
  private early: Settled | undefined;
  /** The trace step that this work is about; carried over every wait. */
  private cause: number;

  /** `live`: the fibers of its owner that have not ended. Of the last two one is called, unless it is killed first. */
  constructor(
    private readonly work: Work<T>,
    private readonly context: CauseHolder,
    private readonly live: Set<Killable>,
    private readonly onValue: (value: T) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.cause = context.cause;
  }

  start(): void {
    this.live.add(this);
    this.advance(false, undefined);
  }

  value(value: unknown): void {
    this.settle(false, value);
  }

  error(error: unknown): void {
    this.settle(true, error);
  }

  /** Ends the work where it waits; its `finally` blocks run. */
  kill(): void {
    const { state } = this;
    this.state = 'ended';
    this.live.delete(this);
    if (state !== 'waiting') return; // running work sees it before its next wait
    this.giveUp?.();
    this.work.return(undefined as T); // edge: nobody looks at what killed work returns
  }

  private settle(failed: boolean, value: unknown): void {
    if (this.state === 'ended') return;
    assert(this.state !== 'running' && this.early === undefined, 'an effect settled twice');
    if (this.state === 'starting effect') this.early = { failed, value };
    else this.advance(failed, value);
  }

  /** Runs the work on with what its last effect settled with, under its own cause. */
  private advance(failed: boolean, value: unknown): void {
    const outer = this.context.cause;
    this.context.cause = this.cause;
    this.state = 'running';
    try {
      this.step(failed, value);
    } finally {
      this.cause = this.context.cause;
      this.context.cause = outer;
    }
  }

  /** Runs the work until it waits again or ends. */
  private step(failed: boolean, value: unknown): void {
    let step: IteratorResult<Effect, T>;
    try {
      step = failed ? this.work.throw(value) : this.work.next(value);
      while (!step.done) {
        const early = this.begin(step.value);
        if (!early) return;
        step = early.failed ? this.work.throw(early.value) : this.work.next(early.value);
      }
    } catch (error) {
      this.end();
      this.onError(error);
      return;
    }
    if (this.end()) this.onValue(step.value);
  }

  /** Starts an effect. Where it settles at once, returns with what; otherwise the fiber sleeps or has been killed. */
  private begin(effect: Effect): Settled | undefined {
    if (this.state === 'ended') {
      this.work.return(undefined as T); // edge: nobody looks at what killed work returns
      return undefined;
    }
    this.state = 'starting effect';
    const giveUp = effect(this);
    const { early } = this;
    if (early) {
      this.early = undefined;
      this.state = 'running';
      return early;
    }
    this.giveUp = giveUp;
    this.state = 'waiting';
    return undefined;
  }

  /** False when it had ended before: it has been killed while it ran. */
  private end(): boolean {
    if (this.state === 'ended') return false;
    this.state = 'ended';
    this.live.delete(this);
    return true;
  }
}
