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

/** One piece of work under way. It is the Settle of each effect that it waits for, one after the other. */
export class Fiber implements Settle<unknown> {
  private giveUp: (() => void) | undefined;
  private state: 'running' | 'starting effect' | 'waiting' | 'ended' = 'running';
  /** What an effect settled with while it was being started. */
  private early: { readonly error: boolean; readonly value: unknown } | undefined;
  /** The trace step that this work is about; carried over every wait. */
  private cause: number;

  constructor(
    private readonly work: Work<unknown>,
    private readonly context: CauseHolder,
    private readonly onEnd: (error: unknown, value: unknown) => void,
  ) {
    this.cause = context.cause;
  }

  start(): void {
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
    if (state !== 'waiting') return; // running work sees it before its next wait
    this.giveUp?.();
    this.work.return(undefined);
  }

  private settle(error: boolean, value: unknown): void {
    if (this.state === 'ended') return;
    assert(this.state !== 'running' && this.early === undefined, 'an effect settled twice');
    if (this.state === 'starting effect') this.early = { error, value };
    else this.advance(error, value);
  }

  /** Runs the work on with what its last effect settled with, until it waits again or ends. */
  private advance(error: boolean, value: unknown): void {
    const outer = this.context.cause;
    this.context.cause = this.cause;
    this.state = 'running';
    let settled: { readonly error: boolean; readonly value: unknown } | undefined = { error, value };
    try {
      while (settled) {
        const step: IteratorResult<Effect, unknown> = settled.error
          ? this.work.throw(settled.value)
          : this.work.next(settled.value);
        if (step.done) {
          this.end(undefined, step.value);
          return;
        }
        settled = this.begin(step.value);
      }
    } catch (thrown) {
      this.end(thrown, undefined);
    } finally {
      this.cause = this.context.cause;
      this.context.cause = outer;
    }
  }

  /** Starts an effect. Where it settles at once, returns with what; otherwise the fiber sleeps or has been killed. */
  private begin(effect: Effect): { readonly error: boolean; readonly value: unknown } | undefined {
    if (this.state === 'ended') {
      this.work.return(undefined);
      return undefined;
    }
    this.state = 'starting effect';
    const giveUp = effect(this);
    const { early } = this;
    this.early = undefined;
    if (early) {
      this.state = 'running';
      return early;
    }
    this.giveUp = giveUp;
    this.state = 'waiting';
    return undefined;
  }

  private end(error: unknown, value: unknown): void {
    if (this.state === 'ended' && error === undefined) return;
    this.state = 'ended';
    this.onEnd(error, value);
  }
}
