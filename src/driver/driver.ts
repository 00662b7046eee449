// Runs an engine and the programs beside it: virtual time moves only while every program waits on a port.
//
//   programs run ──all wait──▶ engine runs task after task ──one delivers──▶ programs run ──▶ …
//
// Headless, the engine goes as fast as it can while somebody waits for a result. Paced, it stops at the virtual
// instant that the wall clock has reached.
import type { Cancellation } from '../api/ports.ts';
import type { LoadCode } from '../api/program.ts';
import type { Simulation } from '../engine/sim/simulation.ts';

/** What the driver needs of the real world; src/host.ts has it. */
export interface Host {
  quiet(): Promise<void>;
  nap(ms: number): { readonly done: Promise<void>; readonly wake: () => void };
  steadyClock(): number;
}

/** How an engine task answers a program that waits. */
export interface Answer<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** Nothing is left to happen and still somebody waits. */
export class DeadlockError extends Error {
  override name = 'DeadlockError';
}

/** Engine tasks between two looks at the real clock. */
const tasksPerSlice = 256;
/** Real milliseconds of engine work before other work of the thread gets a turn. */
const sliceMs = 8;
/** Longest real sleep while paced, so that a change of speed is noticed. */
const napMaxMs = 250;

export class Driver {
  private deliveries = 0;
  /** Code on its way, which virtual time waits for. */
  private readonly loading = new Set<Promise<unknown>>();
  /** Promises given out by `wait` and not yet settled. */
  private open = 0;
  private nudge: (() => void) | undefined;
  /** What wants in from outside, in order. */
  private readonly entries: (() => void)[] = [];
  /** Paced: the virtual instant up to which the world may go on; `pace` looks at the wall clock first. */
  private limit = 0;
  private pace: (() => number) | undefined;
  private readonly goals: { readonly at: number; readonly reached: () => void }[] = [];

  constructor(
    readonly simulation: Simulation,
    private readonly host: Host,
  ) {}

  /** A promise that the engine settles. `begin` runs now; it returns how to give up when `cancel` says so. */
  wait<T>(begin: (answer: Answer<T>) => (() => void) | undefined, cancel?: Cancellation): Promise<T> {
    this.open++;
    return new Promise<T>((resolve, reject) => {
      let waiting = true;
      let unlisten: (() => void) | undefined;
      const settle = (deliver: () => void): void => {
        if (!waiting) return;
        waiting = false;
        unlisten?.();
        this.open--;
        this.deliveries++;
        deliver();
      };
      const giveUp = begin({
        resolve: (value) => settle(() => resolve(value)),
        reject: (error) => settle(() => reject(error)),
      });
      unlisten = cancel?.onCancel(() => {
        giveUp?.();
        settle(() => reject(new CancelledError()));
      });
      this.nudge?.();
    });
  }

  /**
   * Lets something in from outside: at an instant at which every program waits and nothing more is due. Thus its
   * time alone says before and after what it came, and a log of times is enough to have it all again.
   */
  enter<T>(begin: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.entries.push(() => begin().then(resolve, reject));
      this.nudge?.();
    });
  }

  /** What comes from a client outside happens now, not when the last task ran. */
  catchUp(): void {
    if (!this.pace) return;
    const at = this.pace();
    if ((this.simulation.nextAt ?? Number.POSITIVE_INFINITY) > at) this.simulation.advanceTo(at);
    this.nudge?.();
  }

  /** Tells that the engine has handed something to a program by other means than `wait`. */
  delivered(): void {
    this.deliveries++;
  }

  /** Loads code, while virtual time stands still. */
  readonly loadCode: LoadCode = async (load) => {
    const loaded = load();
    this.loading.add(loaded);
    try {
      return await loaded;
    } finally {
      this.loading.delete(loaded);
      this.nudge?.();
    }
  };

  /** Resolves once every program waits, and none for its code. */
  async atRest(): Promise<void> {
    await this.host.quiet();
    while (this.loading.size > 0) {
      await Promise.allSettled(this.loading);
      await this.host.quiet();
    }
  }

  /** Headless: runs the world until `result` settles. */
  async runUntil<T>(result: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    result.then(mark, mark);
    for (;;) {
      await this.host.quiet();
      if (settled) return result;
      if (this.loading.size === 0 && this.admit()) continue;
      if (this.loading.size > 0 || this.open === 0)
        await this.host.nap(1).done; // real work goes on: loading, real input
      else if (!this.advance(() => true)) throw new DeadlockError('every program waits and nothing is left to happen');
    }
  }

  /** Headless: lets so much virtual time pass while programs go on. */
  async runFor(ms: number): Promise<void> {
    await this.runTo(this.simulation.now + ms);
  }

  /** Headless: lets virtual time pass up to an instant, and all that is due until then happen. */
  async runTo(at: number): Promise<void> {
    for (;;) {
      await this.host.quiet();
      if (this.loading.size > 0) await this.host.nap(1).done;
      else if (!this.admit() && !this.advance((next) => next <= at)) break;
    }
    this.simulation.advanceTo(at);
  }

  sleep(ms: number, cancel?: Cancellation): Promise<void> {
    return this.wait<void>((answer) => this.simulation.root.schedule(ms, () => answer.resolve()), cancel);
  }

  /** Paced: follows the wall clock times `speed()` until `stopped` settles. Speed 0 is a pause. */
  async runPaced(speed: () => number, stopped: Promise<void>): Promise<void> {
    let running = true;
    stopped.then(() => {
      running = false;
      this.nudge?.();
    });
    let before = this.host.steadyClock();
    this.limit = this.simulation.now;
    this.pace = () => {
      const now = this.host.steadyClock();
      this.limit = Math.max(this.limit + (now - before) * speed(), this.simulation.now);
      before = now;
      return this.limit;
    };
    while (running) {
      await this.host.quiet();
      if (this.loading.size === 0 && this.admit()) continue;
      const target = this.pace();
      const end = before + sliceMs;
      const busy = this.loading.size === 0 && this.advance((next) => next <= target && this.host.steadyClock() < end);
      if (!busy) await this.rest(speed(), target);
    }
    this.pace = undefined;
  }

  /** Paced: goes on at full speed to an instant, whatever the speed; resolves when all that is due until then is done. */
  reach(at: number): Promise<void> {
    this.limit = Math.max(this.limit, at);
    return new Promise((reached) => {
      this.goals.push({ at, reached });
      this.nudge?.();
    });
  }

  /** Lets in who waits outside, once nothing more is due at this instant. True when something has happened. */
  private admit(): boolean {
    if (this.entries.length === 0) return false;
    if (this.advance((next) => next <= this.simulation.now)) return true;
    this.catchUp();
    this.entries.shift()?.();
    return true;
  }

  /** Runs tasks until one delivers, as long as `go` allows (asked at every new instant and every few tasks). */
  private advance(go: (nextAt: number) => boolean): boolean {
    const before = this.deliveries;
    let ran = 0;
    while (this.deliveries === before) {
      const next = this.simulation.nextAt;
      if (next === undefined) break;
      if ((next > this.simulation.now || ran % tasksPerSlice === 0) && !go(next)) break;
      this.simulation.runNext();
      ran++;
    }
    return ran > 0 || this.deliveries !== before;
  }

  private async rest(speed: number, limit: number): Promise<void> {
    const next = this.simulation.nextAt;
    this.arrive(next);
    const ms = next === undefined || speed <= 0 ? napMaxMs : Math.min(napMaxMs, Math.max(0, (next - limit) / speed));
    const { done, wake } = this.host.nap(ms);
    this.nudge = wake;
    await done;
    this.nudge = undefined;
  }

  /** Tells those who wait for an instant that it has come: nothing is due any more up to it. */
  private arrive(next = Number.POSITIVE_INFINITY): void {
    const reached = this.goals.filter(({ at }) => at <= this.limit && at < next);
    for (const goal of reached) {
      this.goals.splice(this.goals.indexOf(goal), 1);
      this.simulation.advanceTo(goal.at);
      goal.reached();
    }
  }
}

/** The wait was cancelled: by Ctrl-C, by a timeout, by the end of the process that waited. */
export class CancelledError extends Error {
  override name = 'CancelledError';
}
