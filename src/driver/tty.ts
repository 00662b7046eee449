// A terminal as programs have it: size, input in lines (or raw), echo, and whom Ctrl-C reaches.
import type { Signal, Terminal } from '../api/program.ts';
import { concatBytes, decodeUtf8 } from '../base/bytes.ts';
import type { CancellableReader } from '../shell/process/pipe.ts';
import type { Driver } from './driver.ts';
import { Inbox } from './inbox.ts';
import { cook } from './line-discipline.ts';

export interface TtyOptions {
  readonly columns: number;
  readonly rows: number;
  /** Shows what was typed. */
  readonly echo: (bytes: Uint8Array) => void;
  /** To a process group; undefined: to whom the terminal was opened for. */
  readonly signal: (signal: Signal, group: number | undefined) => void;
}

type Size = { readonly columns: number; readonly rows: number };

/** Typed and not yet read at most; more is dropped, as a terminal does that nobody reads. */
const unreadBytesMax = 1024 * 1024;

export class Tty implements Terminal {
  columns: number;
  rows: number;
  foreground: number | undefined;
  private readonly inbox: Inbox<Uint8Array>;
  private readonly listeners = new Set<(size: Size) => void>();
  private pending: readonly number[] = [];
  private rawUsers = 0;
  private unread = 0;

  constructor(
    driver: Driver,
    private readonly options: TtyOptions,
  ) {
    this.columns = options.columns;
    this.rows = options.rows;
    this.inbox = new Inbox(driver);
  }

  /** Standard input; an end of input ends one read alone. */
  readonly reader: CancellableReader = {
    read: async (cancel) => {
      const bytes = await this.inbox.take(cancel);
      this.unread -= bytes?.length ?? 0;
      return bytes?.length === 0 ? undefined : bytes;
    },
  };

  onResize(run: (size: Size) => void): () => void {
    this.listeners.add(run);
    return () => this.listeners.delete(run);
  }

  raw(): () => void {
    this.rawUsers++;
    if (this.pending.length > 0) this.put(new Uint8Array(this.pending));
    this.pending = [];
    let raw = true;
    return () => {
      if (raw) this.rawUsers--;
      raw = false;
    };
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const run of [...this.listeners]) run({ columns, rows });
  }

  get isRaw(): boolean {
    return this.rawUsers > 0;
  }

  /** What the keyboard sends. */
  type(keys: Uint8Array): void {
    if (this.isRaw) {
      this.put(keys);
      return;
    }
    const { pending, echo, lines, signals } = cook(this.pending, keys);
    this.pending = pending;
    if (echo.length > 0) this.options.echo(new Uint8Array(echo));
    if (signals.length > 0) this.takeUnread();
    for (const line of lines) this.put(new Uint8Array(line));
    for (const signal of signals) this.options.signal(signal, this.foreground);
  }

  /** Nobody types any more. */
  end(): void {
    this.inbox.end();
  }

  /** What was typed and nobody has read; it is gone from here then. */
  takeUnread(): string {
    const lines = this.inbox.drain();
    const text = decodeUtf8(concatBytes([...lines, new Uint8Array(this.pending)]));
    this.unread = 0;
    this.pending = [];
    return text;
  }

  private put(bytes: Uint8Array): void {
    if (this.unread + bytes.length > unreadBytesMax) return;
    this.unread += bytes.length;
    this.inbox.put(bytes);
  }
}
