// A component whose code comes when it is first shown. What cannot be loaded says so, and can be tried again.
import { type ComponentType, useEffect, useSyncExternalStore } from 'react';

type State<P> = 'loading' | 'failed' | { readonly view: ComponentType<P> };

/** Unlike React's `lazy`, it suspends nothing: what stands around it stays as it is. */
export function loaded<P extends object = object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): ComponentType<P> {
  let state: State<P> = 'loading';
  let begun = false;
  const listeners = new Set<() => void>();
  const become = (next: State<P>): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const begin = (): void => {
    if (begun) return;
    begun = true;
    become('loading');
    load().then(
      (module) => become({ view: module.default }),
      () => {
        begun = false;
        become('failed');
      },
    );
  };
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return function Loaded(props: P) {
    const now = useSyncExternalStore(subscribe, () => state);
    useEffect(begin, []);
    if (typeof now === 'object') return <now.view {...props} />;
    if (now === 'failed')
      return (
        <p className="loading" role="alert">
          This part could not be loaded.{' '}
          <button type="button" className="link" onClick={begin}>
            Try again
          </button>
        </p>
      );
    return (
      <p className="loading" role="status">
        Loading…
      </p>
    );
  };
}
