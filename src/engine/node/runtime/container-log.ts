// What a container has written: lines with time and stream, bounded, readable from any point and followable.
import type { LogOptions } from '../../../api/kubelet.ts';
import { concatBytes, encodeUtf8 } from '../../../base/bytes.ts';

export interface LogLine {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly stream: 1 | 2;
  /** With its line break, unless the line goes on or the container ended without one. */
  readonly bytes: Uint8Array;
}

/** The kubelet's containerLogMaxSize: a log that gets longer starts anew. */
const logBytesMax = 10 * 1024 * 1024;
const newline = 10;

interface Follower {
  line(line: LogLine): void;
  ended(): void;
}

export class ContainerLog {
  private lines: LogLine[] = [];
  private bytes = 0;
  /** Undefined while nobody follows, as nearly always. */
  private followers: Set<Follower> | undefined;
  private over = false;
  /** What waits to be added. */
  private held: (() => void)[] | undefined;

  get ended(): boolean {
    return this.over;
  }

  append(at: number, stream: 1 | 2, bytes: Uint8Array): void {
    if (this.held) {
      this.held.push(() => this.append(at, stream, bytes));
      return;
    }
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(newline, from);
      const to = end < 0 ? bytes.length : end + 1;
      this.add({ at, stream, bytes: bytes.subarray(from, to) });
      from = to;
    }
  }

  /** Keeps what comes to itself, or lets it out. */
  hold(on: boolean): void {
    if (on) this.held ??= [];
    else {
      const late = this.held ?? [];
      this.held = undefined;
      for (const add of late) add();
    }
  }

  /** The container runs again. */
  goOn(): void {
    this.over = false;
  }

  end(): void {
    this.over = true;
    const { followers } = this;
    this.followers = undefined;
    for (const { ended } of followers ?? []) ended();
  }

  follow(line: (line: LogLine) => void, ended: () => void): () => void {
    const follower: Follower = { line, ended };
    this.followers ??= new Set();
    this.followers.add(follower);
    return () => this.followers?.delete(follower);
  }

  /** The lines that options ask for, oldest first. */
  select(options: LogOptions, now: number): readonly LogLine[] {
    const since = sinceOf(options, now);
    const wanted = this.lines.filter((line) => inStream(line, options) && (since === undefined || line.at >= since));
    return options.tailLines === undefined ? wanted : tail(wanted, options.tailLines);
  }

  /** The last lines as text bytes, for termination messages: at most `bytesMax` and `linesMax`. */
  last(bytesMax: number, linesMax: number): Uint8Array {
    const whole = concatBytes(this.lines.slice(-linesMax).map((line) => line.bytes));
    return whole.length > bytesMax ? whole.subarray(whole.length - bytesMax) : whole;
  }

  private add(line: LogLine): void {
    const last = this.lines.at(-1);
    if (last && last.stream === line.stream && last.bytes.at(-1) !== newline)
      this.lines[this.lines.length - 1] = { ...last, bytes: concatBytes([last.bytes, line.bytes]) };
    else this.lines.push(line);
    this.bytes += line.bytes.length;
    if (this.bytes > logBytesMax) {
      this.lines = this.lines.slice(-1);
      this.bytes = line.bytes.length;
    }
    for (const follower of [...(this.followers ?? [])]) follower.line(line);
  }
}

export function inStream(line: LogLine, options: LogOptions): boolean {
  if (options.stream === undefined || options.stream === 'All') return true;
  return line.stream === (options.stream === 'Stdout' ? 1 : 2);
}

/** A line as it is sent, with RFC 3339 nanoseconds before it when asked for. */
export function formatLine(line: LogLine, options: LogOptions): Uint8Array {
  if (!options.timestamps) return line.bytes;
  return concatBytes([encodeUtf8(`${formatNanoTime(line.at)} `), line.bytes]);
}

/** `2026-11-22T14:38:56.123456789Z`. */
export function formatNanoTime(at: number): string {
  const nanos = Math.floor((at - Math.floor(at)) * 1_000_000);
  return `${new Date(Math.floor(at)).toISOString().slice(0, 23)}${String(nanos).padStart(6, '0')}Z`;
}

function sinceOf(options: LogOptions, now: number): number | undefined {
  if (options.sinceSeconds !== undefined) return now - options.sinceSeconds * 1000;
  return options.sinceTime;
}

function tail(lines: readonly LogLine[], count: number): readonly LogLine[] {
  return count <= 0 ? [] : lines.slice(-count);
}
