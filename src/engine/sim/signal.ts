// Waking up work that waits for something to happen: a signal without a value, and a mailbox of items. What is woken
// goes back to the trace step that woke it.
import type { Scope } from './scope.ts';
import { perform, type Settle, type Work } from './work.ts';

/** Work waits for the next `notify`. Waiters are resumed in tasks of their own, never inside the notifier's. */
export class Signal {
  private waiters: Settle<number>[] = [];

  constructor(private readonly scope: Scope) {}

  notify(): void {
    const waiters = this.waiters;
    const { cause } = this.scope;
    this.waiters = [];
    for (const waiter of waiters) this.scope.schedule(0, () => waiter.value(cause));
  }

  *wait(): Work<void> {
    const cause = yield* perform<number>((settle) => {
      this.waiters.push(settle);
      return () => {
        this.waiters = this.waiters.filter((waiter) => waiter !== settle);
      };
    });
    this.scope.resumeCause(cause);
  }
}

/** Items in the order in which they were put; one reader takes them one by one. */
export class Mailbox<T> {
  private items: { readonly item: T; readonly cause: number }[] = [];
  private taken = 0;
  private readonly signal: Signal;

  constructor(private readonly scope: Scope) {
    this.signal = new Signal(scope);
  }

  get size(): number {
    return this.items.length - this.taken;
  }

  put(item: T): void {
    this.items.push({ item, cause: this.scope.cause });
    if (this.size === 1) this.signal.notify();
  }

  *take(): Work<T> {
    for (;;) {
      const next = this.items[this.taken];
      if (next !== undefined) {
        this.taken++;
        if (this.taken * 2 > this.items.length) {
          this.items = this.items.slice(this.taken);
          this.taken = 0;
        }
        this.scope.resumeCause(next.cause);
        return next.item;
      }
      yield* this.signal.wait();
    }
  }
}
