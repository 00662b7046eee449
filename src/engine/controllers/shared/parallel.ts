// Runs several pieces of work at once and waits for all of them.
import type { Scope } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';

export type Outcome<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown };

/** The outcomes in the order of the works; none of them throws. */
export function* runAll<T>(scope: Scope, works: readonly Work<T>[]): Work<readonly Outcome<T>[]> {
  if (works.length === 0) return [];
  return yield* perform<readonly Outcome<T>[]>((settle) => {
    const outcomes: Outcome<T>[] = new Array(works.length);
    let open = works.length;
    const stops = works.map((work, i) => {
      const end = (outcome: Outcome<T>): void => {
        outcomes[i] = outcome;
        if (--open === 0) settle.value(outcomes);
      };
      return scope.run(
        work,
        (value) => end({ kind: 'value', value }),
        (error) => end({ kind: 'error', error }),
      );
    });
    return () => {
      for (const stop of stops) stop();
    };
  });
}

/** Runs all at once; throws the first error once all have ended. */
export function* runAllOrThrow<T>(scope: Scope, works: readonly Work<T>[]): Work<readonly T[]> {
  const outcomes = yield* runAll(scope, works);
  const values: T[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'error') throw outcome.error;
    values.push(outcome.value);
  }
  return values;
}

/** At most this many batches double: far beyond any count of replicas. */
const batchesMax = 40;

/**
 * Tries `count` works in batches of 1, 2, 4 …; stops after a batch with a failure, so that a quota that is full or a
 * template that is refused does not flood the API server. Returns how many succeeded and the first error.
 */
export function* slowStart(
  scope: Scope,
  count: number,
  start: (index: number) => Work<void>,
): Work<{ readonly successes: number; readonly error: unknown }> {
  let successes = 0;
  let started = 0;
  for (let batch = 1, round = 0; started < count && round < batchesMax; batch *= 2, round++) {
    const size = Math.min(batch, count - started);
    const first = started;
    const outcomes = yield* runAll(
      scope,
      Array.from({ length: size }, (_, i) => start(first + i)),
    );
    started += size;
    const failure = outcomes.find((outcome) => outcome.kind === 'error');
    successes += outcomes.filter((outcome) => outcome.kind === 'value').length;
    if (failure) return { successes, error: failure.error };
  }
  return { successes, error: undefined };
}
