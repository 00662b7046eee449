// Acts a little after objects have changed, once for all that changed meanwhile, as an informer's queue would.
import type { Scope } from '../sim/scope.ts';
import type { ObjectStorage } from './resource-storage.ts';
import { everything } from './selection.ts';

export interface Noticing {
  readonly scope: Scope;
  readonly delayMs: number;
  readonly storages: readonly Pick<ObjectStorage, 'hub'>[];
}

/** Also acts on what is there to begin with where `atOnce` is set. Ends with the scope. */
export function soonAfter({ scope, delayMs, storages }: Noticing, act: () => void, atOnce = false): void {
  let due = false;
  const look = (): void => {
    if (due) return;
    due = true;
    scope.schedule(delayMs, () => {
      due = false;
      act();
    });
  };
  if (atOnce) look();
  for (const { hub } of storages) scope.onStop(hub.add({ selection: everything, send: look, close() {} }));
}
