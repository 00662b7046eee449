// The one module that touches wall clock, timers and entropy.

/** Resolves once all promise work that can run has run: the point at which every program waits. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(0);
    }
  });
}

/** Resolves after so many real milliseconds, or when the returned `wake` is called. */
export function nap(ms: number): { readonly done: Promise<void>; readonly wake: () => void } {
  let wake = (): void => {};
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  return { done, wake };
}

/** Milliseconds since the Unix epoch, real. */
export function wallClock(): number {
  return Date.now();
}

/** A steady real clock in milliseconds, for pacing and measuring. */
export function steadyClock(): number {
  return performance.now();
}

/** A seed that nobody asked for. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
}
