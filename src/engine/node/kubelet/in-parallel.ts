// Several pieces of work at once, waited for together.
import type { Scope } from '../../sim/scope.ts';
import { perform, type Work } from '../../sim/work.ts';

export function* inParallel(scope: Scope, works: readonly Work<void>[]): Work<void> {
  if (works.length === 0) return;
  yield* perform<void>((settle) => {
    let left = works.length;
    const stops = works.map((work) => scope.spawn(counted(work)));
    function* counted(work: Work<void>): Work<void> {
      yield* work;
      left--;
      if (left === 0) scope.schedule(0, () => settle.value());
    }
    return () => {
      for (const stop of stops) stop();
    };
  });
}
