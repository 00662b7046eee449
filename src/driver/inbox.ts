// Items that the engine has delivered and a program has not yet read.
import type { Cancellation } from '../api/ports.ts';
import type { Answer, Driver } from './driver.ts';

export class Inbox<T> {
  private readonly items: T[] = [];
  private ended = false;
  private reader: Answer<T | undefined> | undefined;

  constructor(private readonly driver: Driver) {}

  put(item: T): void {
    if (this.ended) return;
    const reader = this.reader;
    this.reader = undefined;
    if (reader) reader.resolve(item);
    else this.items.push(item);
  }

  /** Takes all that waits to be read. */
  drain(): readonly T[] {
    return this.items.splice(0);
  }

  end(): void {
    this.ended = true;
    this.reader?.resolve(undefined);
    this.reader = undefined;
  }

  /** The next item, or undefined at the end. One reader at a time. */
  take(cancel?: Cancellation): Promise<T | undefined> {
    const item = this.items.shift();
    if (item !== undefined || this.ended) return Promise.resolve(item);
    return this.driver.wait<T | undefined>((answer) => {
      this.reader = answer;
      return () => {
        this.reader = undefined;
      };
    }, cancel);
  }
}
