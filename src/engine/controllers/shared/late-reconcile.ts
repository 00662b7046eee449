// A controller whose reconcile comes late: a cluster begins without objects of its kind.
import type { Controller } from '../../client/controller.ts';
import type { Work } from '../../sim/work.ts';

/** `make` is called for the first key. */
export function lateReconcile(make: () => Controller): Controller {
  let made: Controller | undefined;
  return {
    *reconcile(key: string): Work<void> {
      made ??= make();
      yield* made.reconcile(key);
    },
  };
}
