// A machine's kernel as far as programs see it: starts processes, numbers them, and delivers signals.
//
//   start(argv) ─▶ resolve argv[0] ─▶ RunningProcess (pid) ─▶ start-up time ─▶ program(process) ─▶ exit code
import { type ClockPort, ConnectionError, type NetworkPort } from '../../api/ports.ts';
import {
  BrokenPipe,
  CannotExecute,
  type Child,
  type ChildSpec,
  type Machine,
  type Process,
  type ProcessUser,
  type Program,
  type ProgramTable,
  type ResourceUse,
  type Signal,
} from '../../api/program.ts';
import { FileError } from '../../base/files.ts';
import type { Halt } from './halt.ts';
import { resolveProgram } from './resolve-program.ts';
import { type Identity, type Outcome, ProcessEnded, RunningProcess, StepsSpent } from './running-process.ts';

export interface ProcessHostOptions {
  readonly machine: Machine;
  readonly programs: ProgramTable;
  readonly clock: ClockPort;
  readonly network: NetworkPort;
  readonly user?: ProcessUser;
  /** Milliseconds from start to the program's first step, by its name in the program table. Default 1. */
  readonly startupMs?: (program: string) => number;
  /** The first pid. Default 1. */
  readonly firstPid?: number;
  /** Whether the first process is a container's PID 1: signals that it does not handle pass it by, and its end ends all. */
  readonly init?: boolean;
  /** Where what its programs use is counted. Default: nowhere. */
  readonly use?: ((what: ResourceUse) => () => void) | undefined;
}

/** What to start. `run` is code of its own instead of the program that argv[0] names: a shell's subshell. */
export interface StartSpec extends ChildSpec {
  readonly user?: ProcessUser;
  readonly parentPid?: number;
  /** A process group: Ctrl-C goes to all of it. Default: the parent's, or a new one. */
  readonly group?: number | 'new';
  readonly run?: Program;
  /** Its own way to the network, and its children's. Default: the parent's, or the machine's. */
  readonly network?: NetworkPort;
}

/** A child that also says whether a signal ended it, and which group it is in. */
export interface HostedChild extends Child {
  readonly group: number;
  outcome(): Promise<Outcome>;
  /** Whether it is stopped, until SIGCONT. */
  readonly halt: Pick<Halt, 'isStopped' | 'listen'>;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  readonly user: string;
  readonly argv: readonly string[];
  readonly startedAt: number;
}

export interface ProcessHost {
  /** Rejects with {@link CannotExecute} and {@link ForkFailed}. */
  start(spec: StartSpec): Promise<HostedChild>;
  /** The living processes by pid. */
  processes(): readonly ProcessInfo[];
  /** From inside the machine; false when there is no such process. */
  signal(pid: number, signal: Signal): boolean;
  /** Every process of a group. */
  signalGroup(group: number, signal: Signal): void;
  /** SIGKILL to everything: the machine goes away. */
  killAll(): void;
}

/** The machine has as many processes as it may have. */
export class ForkFailed extends Error {
  override name = 'ForkFailed';
  constructor() {
    super('fork: retry: Resource temporarily unavailable');
  }
}

const processesMax = 4096;
const machineStepsMax = 100_000_000;
const startSteps = 1000;
const hosts = new WeakMap<Process, Host>();

export function createProcessHost(options: ProcessHostOptions): ProcessHost {
  return new Host(options);
}

/** The machine that a process runs on; for ps, kill and the shell. Undefined outside of a process host. */
export function hostOf(process: Process): ProcessHost | undefined {
  return hosts.get(process);
}

/** Starts code of the parent's own as a child process: what fork() is for a shell. */
export async function fork(
  parent: Process,
  run: Program,
  spec: ChildSpec & { readonly group?: number | 'new' },
): Promise<HostedChild> {
  const host = hosts.get(parent);
  if (!host) throw new CannotExecute('notExecutable', spec.argv[0] ?? '');
  return host.start({ ...spec, run, parentPid: parent.pid, user: parent.user });
}

/** The program that argv names takes the place of the one that runs; resolves with its exit code. */
export async function execute(process: Process, spec: ChildSpec): Promise<number> {
  const host = hosts.get(process);
  if (!host) throw new CannotExecute('notExecutable', spec.argv[0] ?? '');
  return host.execute(process, spec);
}

/** A loop's chance to let time pass, where one that never ends would be measured; see RunningProcess. */
export function breathe(process: Process): Promise<void> | undefined {
  return process instanceof RunningProcess && process.tired ? process.rest() : undefined;
}

class Host implements ProcessHost {
  private readonly running = new Map<number, RunningProcess>();
  private nextPid: number;
  private steps = 0;
  private stepsSince = -1;

  constructor(private readonly options: ProcessHostOptions) {
    this.nextPid = options.firstPid ?? (options.machine.first ? 2 : 1);
  }

  get machine() {
    return this.options.machine;
  }
  get clock() {
    return this.options.clock;
  }
  get use() {
    return this.options.use;
  }

  async start(spec: StartSpec): Promise<HostedChild> {
    const found = spec.run ? undefined : this.find(spec);
    if (this.running.size >= processesMax) throw new ForkFailed();
    this.charge(startSteps);
    const network = spec.network ?? this.running.get(spec.parentPid ?? 0)?.network ?? this.options.network;
    const process = new RunningProcess(this.identify(spec), { around: this, network }, spec);
    this.running.set(process.pid, process);
    hosts.set(process, this);
    if (spec.run) void this.run(process, spec.run, 0);
    else if (found) void this.run(process, found.program, found.startupMs);
    return {
      pid: process.pid,
      group: process.identity.group,
      wait: () => process.ended.then(({ code }) => code),
      outcome: () => process.ended,
      halt: process.halt,
      signal: (signal) => process.deliver(signal, true),
    };
  }

  startChild(parent: RunningProcess, spec: ChildSpec): Promise<Child> {
    return this.start({ ...spec, parentPid: parent.pid, user: parent.user });
  }

  async execute(process: Process, spec: ChildSpec): Promise<number> {
    const running = this.running.get(process.pid);
    if (!running) throw new ProcessEnded();
    const { program, startupMs } = this.find(spec);
    running.replace(spec);
    if (startupMs > 0) await this.clock.sleep(startupMs, running);
    running.live();
    return program(running);
  }

  processes(): readonly ProcessInfo[] {
    const first = this.machine.first?.();
    const own = [...this.running.values()].map(({ identity, argv, startedAt }) => {
      return { pid: identity.pid, parentPid: identity.parentPid, user: identity.user.name, argv, startedAt };
    });
    return first ? [{ ...first, pid: 1, parentPid: 0 }, ...own] : own;
  }

  signal(pid: number, signal: Signal): boolean {
    const first = pid === 1 ? this.machine.first?.() : undefined;
    if (signal !== 'SIGKILL') first?.signal(signal);
    const process = this.running.get(pid);
    process?.deliver(signal, false);
    return process !== undefined || first !== undefined;
  }

  signalGroup(group: number, signal: Signal): void {
    for (const process of [...this.running.values()])
      if (process.identity.group === group) process.deliver(signal, false);
  }

  killAll(): void {
    for (const process of [...this.running.values()]) process.deliver('SIGKILL', true);
  }

  charge(steps: number): void {
    this.steps += steps;
    if (this.steps <= machineStepsMax) return;
    const now = this.clock.now();
    if (now <= this.stepsSince) throw new StepsSpent();
    this.stepsSince = now;
    this.steps = 0;
  }

  onEnd(process: RunningProcess): void {
    this.running.delete(process.pid);
    if (process.identity.init) this.killAll();
  }

  private find(spec: ChildSpec): { readonly program: Program; readonly startupMs: number } {
    const found = resolveProgram(spec.argv, { files: this.machine.files, env: spec.env, cwd: spec.cwd });
    const program = this.options.programs.get(found.program);
    if (!program) throw new CannotExecute('notExecutable', spec.argv[0] ?? '');
    const startupMs = this.options.startupMs?.(found.program) ?? 1;
    if (found.argv === spec.argv) return { program, startupMs };
    return { program: (process) => program(withArgv(process, found.argv)), startupMs };
  }

  private identify(spec: StartSpec): Identity {
    const pid = this.nextPid++;
    const parent = this.running.get(spec.parentPid ?? 0);
    const user = spec.user ?? this.options.user ?? { name: 'root', uid: 0 };
    const group = spec.group === 'new' ? pid : (spec.group ?? parent?.identity.group ?? pid);
    const init = this.options.init === true && !this.machine.first && pid === (this.options.firstPid ?? 1);
    return { pid, parentPid: spec.parentPid ?? 0, group, user, init };
  }

  private async run(process: RunningProcess, program: Program, startupMs: number): Promise<void> {
    let outcome: Outcome;
    try {
      if (startupMs > 0) {
        const stop = this.use?.({ cores: 1 });
        await this.clock.sleep(startupMs, process);
        stop?.();
      }
      process.live();
      outcome = { code: (await program(process)) & 0xff };
    } catch (error) {
      outcome = await this.failed(process, error);
    }
    process.finish(outcome);
  }

  /** The end of a program that threw. */
  private async failed(process: RunningProcess, error: unknown): Promise<Outcome> {
    if (error instanceof ProcessEnded || process.outcome) return { code: 137 };
    if (error instanceof BrokenPipe) return { code: 141, signal: 'SIGPIPE' };
    const name = process.argv[0] ?? '';
    const text =
      error instanceof FileError
        ? `${error.path}: ${error.message}`
        : error instanceof ConnectionError ||
            error instanceof ForkFailed ||
            error instanceof StepsSpent ||
            error instanceof CannotExecute
          ? error.message
          : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    await complain(process, `${name}: ${text}\n`);
    return { code: error instanceof StepsSpent ? 152 : 1 };
  }
}

/** The same process under other arguments: an interpreter's, or a busybox applet's. */
export function withArgv(process: Process, argv: readonly string[]): Process {
  if (process instanceof RunningProcess) process.argv = argv;
  return process;
}

/** Tells standard error without taking steps: the budget may be spent, and nobody may listen. */
async function complain(process: RunningProcess, text: string): Promise<void> {
  try {
    await process.say(text);
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  }
}
