// One running process: what its program sees, its signals, its step budget and its end.
import type { Cancellation, ClockPort, NetworkPort } from '../../api/ports.ts';
import type {
  Child,
  ChildSpec,
  Machine,
  Process,
  ProcessUser,
  Reader,
  ResourceUse,
  Signal,
  Terminal,
  Writer,
} from '../../api/program.ts';
import { Halt } from './halt.ts';
import { type CancellableReader, isHeld } from './pipe.ts';
import { signalNumber } from './signals.ts';

/** Thrown into a program that goes on after its process has ended; only the host sees it. */
export class ProcessEnded extends Error {
  override name = 'ProcessEnded';
}

/** A program that worked for too long without letting time pass. */
export class StepsSpent extends Error {
  override name = 'StepsSpent';
  constructor() {
    super('ended: it ran too long without waiting (endless loop?)');
  }
}

/** How a process ended. */
export interface Outcome {
  readonly code: number;
  /** Set when a signal ended it. */
  readonly signal?: Signal;
}

/** What all processes of a machine share. */
export interface ProcessSurroundings {
  readonly machine: Machine;
  readonly clock: ClockPort;
  /** Takes steps from the machine's budget. Throws {@link StepsSpent}. */
  charge(steps: number): void;
  /** Where what programs use is counted. */
  readonly use: ((what: ResourceUse) => () => void) | undefined;
  startChild(parent: RunningProcess, spec: ChildSpec): Promise<Child>;
  /** Called once, when a process has ended. */
  onEnd(process: RunningProcess): void;
}

/** Who a process is; stays the same when it executes another program. */
export interface Identity {
  readonly pid: number;
  readonly parentPid: number;
  group: number;
  readonly user: ProcessUser;
  /** PID 1 of a container: the kernel ignores signals to it that it does not handle. */
  readonly init: boolean;
}

const stepsMax = 10_000_000;
/** Where use is counted, a process that works on and on keeps its core busy after so many steps. */
const stretchSteps = 100_000;
/** As long as those steps take on a real machine; for longer and longer once it has worked as an endless loop would. */
const restMs = { first: 100, most: 10_000 };
const honestRests = 100;
/** Time that steps take on a real machine: who lets more than that pass does not work on and on. */
const stepsPerMs = 1000;

export class RunningProcess implements Process, Cancellation {
  argv: readonly string[];
  env: Map<string, string>;
  cwd: string;
  stdin: Reader;
  stdout: Writer;
  stderr: Writer;
  terminal: Terminal | undefined;
  readonly clock: ClockPort;
  readonly network: NetworkPort;
  readonly startedAt: number;
  outcome: Outcome | undefined;
  readonly ended: Promise<Outcome>;
  private readonly around: ProcessSurroundings;
  private settle: (outcome: Outcome) => void = () => {};
  private readonly cancels = new Set<() => void>();
  private readonly handlers = new Map<Signal, Set<() => void>>();
  private steps = 0;
  private stepsSince: number;
  /** Steps since the last rest, and when that was. */
  private stretch = 0;
  private stretchSince: number;
  private rests = 0;
  private held: (Reader | Writer)[] = [];
  /** Whether it is stopped. */
  readonly halt = new Halt();

  constructor(
    readonly identity: Identity,
    { around, network }: { readonly around: ProcessSurroundings; readonly network: NetworkPort },
    spec: ChildSpec,
  ) {
    this.around = around;
    this.network = network;
    this.argv = spec.argv;
    this.env = new Map(spec.env);
    this.cwd = spec.cwd;
    this.terminal = spec.terminal;
    this.stdin = new GuardedReader(this, bareReader(spec.stdin));
    this.stdout = new GuardedWriter(this, bareWriter(spec.stdout));
    this.stderr = new GuardedWriter(this, bareWriter(spec.stderr));
    this.holdAll(spec);
    this.startedAt = around.clock.now();
    this.stepsSince = this.startedAt;
    this.stretchSince = this.startedAt;
    this.clock = {
      now: () => around.clock.now(),
      sleep: async (ms, cancel = this) => {
        await around.clock.sleep(ms, cancel);
        if (this.halt.isStopped) await this.halt.over();
      },
    };
    this.ended = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  get pid(): number {
    return this.identity.pid;
  }
  get user() {
    return this.identity.user;
  }
  get machine(): Machine {
    return this.around.machine;
  }
  get cancel(): Cancellation {
    return this;
  }
  get cancelled(): boolean {
    return this.outcome !== undefined;
  }

  onCancel(run: () => void): () => void {
    if (this.cancelled) run();
    else this.cancels.add(run);
    return () => this.cancels.delete(run);
  }

  onSignal(signal: Signal, run: () => void): () => void {
    const handlers = this.handlers.get(signal) ?? new Set();
    this.handlers.set(signal, handlers);
    handlers.add(run);
    return () => handlers.delete(run);
  }

  spawn(child: ChildSpec): Promise<Child> {
    this.live();
    return this.around.startChild(this, child);
  }

  step(count = 1): void {
    this.live();
    this.around.charge(count);
    this.stretch += count;
    this.steps += count;
    if (this.steps <= stepsMax) return;
    const now = this.around.clock.now();
    if (now <= this.stepsSince) throw new StepsSpent();
    this.stepsSince = now;
    this.steps = 0;
  }

  use(what: ResourceUse): () => void {
    const stop = this.around.use?.(what) ?? (() => {});
    const forget = this.onCancel(stop);
    return () => {
      forget();
      stop();
    };
  }

  /** Whether it has worked for so long that time should pass; see {@link rest}. */
  get tired(): boolean {
    return this.stretch > stretchSteps && this.around.use !== undefined;
  }

  /** An endless loop keeps a core busy: here it takes virtual time instead of the reader's. */
  async rest(): Promise<void> {
    const busy = this.clock.now() - this.stretchSince <= this.stretch / stepsPerMs + restMs.first;
    if (busy) {
      const stop = this.use({ cores: 1 });
      await this.clock.sleep(Math.min(restMs.first * 2 ** Math.max(0, this.rests - honestRests), restMs.most));
      stop();
    }
    this.rests = busy ? this.rests + 1 : 0;
    this.stretch = 0;
    this.stretchSince = this.clock.now();
  }

  /** `outside`: sent by the world outside the container, whose SIGKILL even PID 1 obeys. */
  deliver(signal: Signal, outside: boolean): void {
    if (this.outcome) return;
    if (signal === 'SIGCONT') {
      for (const kept of this.halt.resume()) this.deliver(kept, outside);
      return;
    }
    if (this.halt.isStopped && signal !== 'SIGKILL') {
      this.halt.keep(signal);
      return;
    }
    const handlers = signal === 'SIGSTOP' ? undefined : this.handlers.get(signal);
    if (handlers && handlers.size > 0 && signal !== 'SIGKILL') {
      for (const run of [...handlers]) run();
      return;
    }
    if (signal === 'SIGWINCH' || (this.identity.init && !(outside && signal === 'SIGKILL'))) return;
    if (signal === 'SIGSTOP' || signal === 'SIGTSTP') this.halt.stop();
    else this.finish({ code: 128 + signalNumber(signal), signal });
  }

  finish(outcome: Outcome): void {
    if (this.outcome) return;
    this.outcome = outcome;
    this.halt.resume();
    const cancels = [...this.cancels];
    this.cancels.clear();
    for (const run of cancels) run();
    for (const end of this.held) if (isHeld(end)) end.release();
    this.held = [];
    this.around.onEnd(this);
    this.settle(outcome);
  }

  /** Another program takes over: handlers go, descriptors are those given. */
  replace(spec: ChildSpec): void {
    this.handlers.clear();
    this.argv = spec.argv;
    this.env = new Map(spec.env);
    this.cwd = spec.cwd;
    this.terminal = spec.terminal;
    const old = this.held;
    this.held = [];
    this.holdAll(spec);
    for (const end of old) if (isHeld(end)) end.release();
    this.stdin = new GuardedReader(this, bareReader(spec.stdin));
    this.stdout = new GuardedWriter(this, bareWriter(spec.stdout));
    this.stderr = new GuardedWriter(this, bareWriter(spec.stderr));
  }

  /** Writes to standard error without taking a step. */
  async say(text: string): Promise<void> {
    await bareWriter(this.stderr).write(text);
  }

  /** Throws when the process has ended. */
  live(): void {
    if (this.outcome) throw new ProcessEnded();
  }

  private holdAll({ stdin, stdout, stderr }: ChildSpec): void {
    for (const end of [bareReader(stdin), bareWriter(stdout), bareWriter(stderr)]) {
      if (!isHeld(end)) continue;
      end.retain();
      this.held.push(end);
    }
  }
}

/** The stream itself, without the guard of the process that passes it on. */
function bareReader(end: Reader): CancellableReader {
  return end instanceof GuardedReader ? end.inner : end;
}
function bareWriter(end: Writer): Writer {
  return end instanceof GuardedWriter ? end.inner : end;
}

class GuardedReader implements CancellableReader {
  constructor(
    private readonly process: RunningProcess,
    readonly inner: CancellableReader,
  ) {}

  get origin(): Reader {
    return this.inner;
  }

  async read(cancel: Cancellation = this.process): Promise<Uint8Array | undefined> {
    this.process.step();
    if (this.process.tired) await this.process.rest();
    const { halt } = this.process;
    for (;;) {
      if (halt.isStopped) await halt.over();
      const bytes = await this.inner.read(halt.orStopped(cancel));
      this.process.step((bytes?.length ?? 0) >> 4);
      if (bytes !== undefined || !halt.isStopped) return bytes;
    }
  }
}

class GuardedWriter implements Writer {
  constructor(
    private readonly process: RunningProcess,
    readonly inner: Writer,
  ) {}

  async write(data: string | Uint8Array): Promise<void> {
    this.process.step(1 + (data.length >> 4));
    if (this.process.tired) await this.process.rest();
    const { halt } = this.process;
    if (halt.isStopped) await halt.over();
    await this.inner.write(data);
    if (halt.isStopped) await halt.over();
    this.process.live();
  }
}
