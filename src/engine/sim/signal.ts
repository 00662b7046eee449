// Waking up work that waits for something to happen: a signal without a value, and a mailbox of items.
import type { Scope } from './scope.ts';
import { perform, type Settle, type Work } from './work.ts';

/** Work waits for the next `notify`. Waiters are resumed in tasks of their own, never inside the notifier's. */
export class Signal {
  private waiters: Settle<void>[] = [];

  constructor(private readonly scope: Scope) {}

  notify(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const waiter of waiters) this.scope.schedule(0, () => waiter.value());
  }

  *wait(): Work<void> {
    yield* perform<void>((settle) => {
      this.waiters.push(settle);
      return () => {
        this.waiters = this.waiters.filter((waiter) => waiter !== settle);
      };
    });
  }
}

/** Items in the order in which they were put; one reader takes them one by one. */
export class Mailbox<T> {
  private readonly items: T[] = [];
  private readonly signal: Signal;

  constructor(scope: Scope) {
    this.signal = new Signal(scope);
  }

  get size(): number {
    return this.items.length;
  }

  put(item: T): void {
    this.items.push(item);
    if (this.items.length === 1) this.signal.notify();
  }

  *take(): Work<T> {
    for (;;) {
      const [item] = this.items.splice(0, 1);
      if (item !== undefined) return item;
      yield* this.signal.wait();
    }
  }
}
