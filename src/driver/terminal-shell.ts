// A terminal's shell on the learner's machine: lines in, output out, state kept from line to line.
import type { ClockPort, NetworkPort } from '../api/ports.ts';
import type { Machine, Process, ProcessUser, ProgramTable, Reader, Writer } from '../api/program.ts';
import { concatBytes, decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import { createProcessHost } from '../shell/process/process-host.ts';
import { ProcessEnded } from '../shell/process/running-process.ts';
import { Shell } from '../shell/shell.ts';
import type { Driver } from './driver.ts';
import { withReturns } from './line-discipline.ts';
import { Tty } from './tty.ts';

export interface TerminalShellOptions {
  readonly machine: Machine;
  readonly programs: ProgramTable;
  readonly clock: ClockPort;
  readonly network: NetworkPort;
  readonly user: ProcessUser;
  readonly environment: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly startupMs: (program: string) => number;
  /** A person types: programs get a terminal, Ctrl-C ends a line and not the shell. Default: there is no input. */
  readonly terminal?: { readonly driver: Driver; readonly columns: number; readonly rows: number } | undefined;
  /** Ctrl-C ends a line and not the shell, also without a terminal. */
  readonly interactive?: boolean | undefined;
}

/** Where output goes; 1 is standard output, 2 standard error. */
export type OutputListener = (stream: 1 | 2, bytes: Uint8Array) => void;

export class TerminalShell {
  private listener: OutputListener = () => {};
  private running = 0;
  private tty: Tty | undefined;

  private constructor(
    /** Settles when the shell's process has ended. */
    private readonly ended: Promise<number>,
    private readonly hangUp: () => void,
  ) {}

  /** Set once the process has started. */
  private shell: Shell | undefined;

  static async open(options: TerminalShellOptions): Promise<TerminalShell> {
    const host = createProcessHost(options);
    let begin = (_process: Process): void => {};
    let close = (_code: number): void => {};
    const started = new Promise<Process>((resolve) => {
      begin = resolve;
    });
    const ended = new Promise<number>((resolve) => {
      close = resolve;
    });
    const opened = new TerminalShell(ended, () => host.killAll());
    const { terminal } = options;
    if (terminal)
      opened.tty = new Tty(terminal.driver, {
        ...terminal,
        echo: (bytes) => opened.print(1, bytes),
        signal: (signal, group) => host.signalGroup(group ?? child.group, signal),
      });
    const child = await host.start({
      argv: ['bash'],
      env: options.environment,
      cwd: options.cwd,
      stdin: opened.tty?.reader ?? nothing,
      stdout: opened.writer(1),
      stderr: opened.writer(2),
      terminal: opened.tty,
      group: 'new',
      run: (process) => {
        begin(process);
        return ended;
      },
    });
    child.wait().then(close);
    const process = await started;
    opened.shell = new Shell({ process, interactive: options.interactive ?? terminal !== undefined });
    return opened;
  }

  /** Sends output to another place from now on. */
  onOutput(listener: OutputListener): void {
    this.listener = listener;
  }

  /** Runs a line (or a script); resolves with its exit code. */
  async run(text: string): Promise<number> {
    this.running++;
    try {
      return (await this.shell?.run(text)) ?? 1;
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error;
      return this.ended; // a signal has ended the shell itself
    } finally {
      this.running--;
    }
  }

  /** Keeps what is printed while `run` runs a line. */
  async capture(
    run: () => Promise<number>,
  ): Promise<{ readonly stdout: string; readonly stderr: string; readonly exitCode: number }> {
    const pieces: { readonly 1: Uint8Array[]; readonly 2: Uint8Array[] } = { 1: [], 2: [] };
    this.onOutput((stream, bytes) => pieces[stream].push(bytes));
    const exitCode = await run();
    return { stdout: joinText(pieces[1]), stderr: joinText(pieces[2]), exitCode };
  }

  /** The exit code, once `exit` has run. */
  get exited(): number | undefined {
    return this.shell?.exited;
  }

  /** Where the shell is, for its prompt. */
  get cwd(): string {
    return this.shell?.cwd ?? '/';
  }

  /** What to print before the prompt: jobs that have ended. */
  endedJobs(): string {
    return this.shell?.endedJobs() ?? '';
  }

  /** The shell itself, for who completes words. */
  get words(): Pick<Shell, 'aliasOf' | 'completionOf' | 'environment'> | undefined {
    return this.shell;
  }

  isComplete(text: string): boolean {
    return this.shell?.isComplete(text) ?? true;
  }

  /** Ctrl-C: ends what runs; at the prompt it does nothing. */
  interrupt(): void {
    if (this.isRunning) this.shell?.interrupt();
  }

  /** Whether a line runs, whose programs read what is typed. */
  get isRunning(): boolean {
    return this.running > 0;
  }

  /** Keys, for the program that runs; without one they are the line editor's, which is elsewhere. */
  type(keys: string): void {
    if (this.isRunning) this.tty?.type(encodeUtf8(keys));
  }

  /** What was typed while nothing read it. */
  takeUnread(): string {
    return this.tty?.takeUnread() ?? '';
  }

  resize(columns: number, rows: number): void {
    this.tty?.resize(columns, rows);
  }

  /** The terminal goes away, and with it what runs in it. */
  close(): void {
    this.listener = () => {};
    this.hangUp();
  }

  private writer(stream: 1 | 2): Writer {
    return {
      write: async (data) => this.print(stream, typeof data === 'string' ? encodeUtf8(data) : data),
    };
  }

  private print(stream: 1 | 2, bytes: Uint8Array): void {
    this.listener(stream, this.tty && !this.tty.isRaw ? withReturns(bytes) : bytes);
  }
}

const nothing: Reader = { read: async () => undefined };

function joinText(pieces: readonly Uint8Array[]): string {
  return decodeUtf8(concatBytes(pieces));
}
