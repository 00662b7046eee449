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

/** One piece of work under way. */
export class Fiber {
  private giveUp: (() => void) | undefined;
  private running = false;
  private ended = false;
  /** The trace step that this work is about; carried over every wait. */
  cause: number;

  constructor(
    private readonly work: Work<unknown>,
    private readonly context: { cause: number },
    private readonly onEnd: (error: unknown, value: unknown) => void,
  ) {
    this.cause = context.cause;
  }

  start(): void {
    this.advance(() => this.work.next());
  }

  /** Ends the work where it waits; its `finally` blocks run. */
  kill(): void {
    if (this.ended) return;
    this.ended = true;
    if (this.running) return; // advance() sees it before the next wait
    this.giveUp?.();
    this.work.return(undefined);
  }

  private advance(resume: () => IteratorResult<Effect, unknown>): void {
    if (this.ended) return;
    const outer = this.context.cause;
    this.context.cause = this.cause;
    this.running = true;
    try {
      for (let next: (() => IteratorResult<Effect, unknown>) | undefined = resume; next; ) {
        const step = next();
        if (step.done) {
          this.end(undefined, step.value);
          break;
        }
        if (this.ended) {
          this.work.return(undefined);
          break;
        }
        next = this.wait(step.value);
      }
    } catch (error) {
      this.end(error, undefined);
    } finally {
      this.running = false;
      this.cause = this.context.cause;
      this.context.cause = outer;
    }
  }

  /** Starts an effect. Where it settles at once, returns how to go on; otherwise the fiber sleeps. */
  private wait(effect: Effect): (() => IteratorResult<Effect, unknown>) | undefined {
    let settled = false;
    let asleep = false;
    let onward: (() => IteratorResult<Effect, unknown>) | undefined;
    const settle = (resume: () => IteratorResult<Effect, unknown>): void => {
      assert(!settled, 'an effect settled twice');
      settled = true;
      this.giveUp = undefined;
      if (asleep) this.advance(resume);
      else onward = resume;
    };
    const giveUp = effect({
      value: (value) => settle(() => this.work.next(value)),
      error: (error) => settle(() => this.work.throw(error)),
    });
    asleep = true;
    if (!onward) this.giveUp = giveUp;
    return onward;
  }

  private end(error: unknown, value: unknown): void {
    if (this.ended && error === undefined) return;
    this.ended = true;
    this.onEnd(error, value);
  }
}
