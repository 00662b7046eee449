// All that a running shell knows, and what the parts of the evaluator call each other by.
import type { Process, Reader, Signal, Writer } from '../../api/program.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import type { CompletionRule } from '../builtins/completion-rule.ts';
import type { HostedChild } from '../process/process-host.ts';
import { splitRawBytes } from '../syntax/ansi-string.ts';
import type { Command, Script } from '../syntax/ast.ts';
import { Variables } from './variables.ts';

/** Whose messages it prints: bash, busybox's ash, or Debian's dash. */
export type Dialect = 'bash' | 'ash' | 'dash';

/** What a descriptor number stands for. */
export interface Descriptor {
  readonly reader?: Reader | undefined;
  readonly writer?: Writer | undefined;
}

/** The open descriptors of a command; redirections make changed copies, `exec` changes it in place. */
export type Io = Map<number, Descriptor>;

/** Where a command runs. */
export interface Frame {
  readonly io: Io;
  /** Its failure is asked for (if, while, &&, !): `set -e` lets it be. */
  readonly tested: boolean;
  /** Nothing comes after it in this process: a program may take the shell's place, as bash does it. */
  readonly last: boolean;
}

export interface ShellFunction {
  readonly body: Command;
  readonly text: string;
}

export interface Job {
  readonly number: number;
  readonly text: string;
  readonly child: HostedChild;
  readonly children: readonly HostedChild[];
  /** Stopped by Ctrl-Z and not taken up again since, even if it has been killed. */
  suspended: boolean;
  /** The later, the larger: when it was started or stopped. */
  touched: number;
  /** Set once it has ended. */
  status: number | undefined;
}

/** How parts below the evaluator run commands. */
export interface Evaluator {
  script(shell: ShellState, script: Script, frame: Frame): Promise<number>;
  /** Parses and runs text, for eval, source and traps. */
  text(shell: ShellState, text: string, frame: Frame): Promise<number>;
  /** Runs words that are already expanded, as `command` and `builtin` do. */
  words(shell: ShellState, words: readonly string[], frame: Frame, skipFunctions?: boolean): Promise<number>;
  command(shell: ShellState, command: Command, frame: Frame): Promise<number>;
}

export interface ShellOptions {
  readonly process: Process;
  readonly dialect: Dialect;
  readonly evaluator: Evaluator;
  /** $0, and the beginning of messages. */
  readonly name: string;
  readonly positional?: readonly string[];
  /** Reads commands from a person: no line numbers in messages, Ctrl-C ends the line and not the shell. */
  readonly interactive?: boolean;
}

export class ShellState {
  readonly process: Process;
  readonly dialect: Dialect;
  readonly evaluator: Evaluator;
  readonly interactive: boolean;
  name: string;
  positional: readonly string[];
  readonly variables: Variables;
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  /** What `complete` said of commands. */
  readonly completions: Map<string, CompletionRule>;
  /** Long names of `set -o`. */
  readonly options: Set<string>;
  /** Commands by signal name or EXIT. An empty one ignores. */
  readonly traps: Map<string, string>;
  readonly jobs: Job[] = [];
  jobsTouched = 0;
  /** Since `exit` told of stopped jobs: the next one, at once, means it. */
  linesSinceWarning = 2;
  /** The command that runs, for the job that it may become. */
  itemText = '';
  readonly pendingSignals: Signal[] = [];
  private readonly signalWaiters = new Set<() => void>();
  readonly stopTraps = new Map<Signal, () => void>();
  /** What is to be done when the current command has ended: files of process substitutions. */
  afterCommand: (() => Promise<void>)[] = [];
  io: Io;
  status = 0;
  lastBackground: number | undefined;
  /** PIPESTATUS. */
  pipeStatus: readonly number[] = [0];
  /** Runs the text of `-c`: syntax errors say so. */
  commandText = false;
  line = 1;
  /** How far getopts has come inside a word. */
  optionOffset = { index: 1, offset: 1 };
  callDepth = 0;
  loopDepth = 0;
  sourceDepth = 0;
  /** The group that Ctrl-C goes to. */
  foreground: number | undefined;
  /** The pid that $$ shows: a subshell's is its parent's. */
  readonly shellPid: number;

  constructor(options: ShellOptions, from?: ShellState) {
    this.process = options.process;
    this.dialect = options.dialect;
    this.evaluator = options.evaluator;
    this.interactive = options.interactive ?? false;
    this.name = options.name;
    this.positional = options.positional ?? [];
    this.variables = new Variables(from?.variables);
    this.functions = new Map(from?.functions);
    this.aliases = new Map(from?.aliases);
    this.completions = new Map(from?.completions);
    this.options = new Set(from?.options);
    this.traps = new Map();
    this.shellPid = from?.shellPid ?? this.process.pid;
    this.io = standardIo(this.process, from?.io);
    if (from) {
      this.status = from.status;
      this.lastBackground = from.lastBackground;
      this.line = from.line;
      this.callDepth = from.callDepth;
      this.loopDepth = 0;
    }
  }

  /** The state of a subshell that runs as `process`. */
  fork(process: Process): ShellState {
    const { dialect, evaluator, name, positional } = this;
    return new ShellState({ process, dialect, evaluator, name, positional }, this);
  }

  /** `bash: line 3: ` or what the dialect begins a message with. */
  get messagePrefix(): string {
    if (this.dialect === 'dash') return this.interactive ? `${this.name}: ` : `${this.name}: ${this.line}: `;
    const bare = this.interactive || (this.dialect === 'ash' && !this.name.includes('/') && !this.name.endsWith('.sh'));
    return bare ? `${this.name}: ` : `${this.name}: line ${this.line}: `;
  }

  /** Resolves when the promise does, or (undefined) when a signal that the shell handles arrives before. */
  async orSignal<T>(promise: Promise<T>): Promise<T | undefined> {
    if (this.pendingSignals.length > 0) return undefined;
    let wake = () => {};
    const signalled = new Promise<undefined>((resolve) => {
      wake = () => resolve(undefined);
      this.signalWaiters.add(wake);
    });
    try {
      return await Promise.race([promise, signalled]);
    } finally {
      this.signalWaiters.delete(wake);
    }
  }

  signalArrived(signal: Signal): void {
    this.pendingSignals.push(signal);
    for (const wake of [...this.signalWaiters]) wake();
  }
}

function standardIo(process: Process, from?: Io): Io {
  const io = new Map<number, Descriptor>(from);
  io.set(0, { reader: process.stdin });
  io.set(1, { writer: process.stdout });
  io.set(2, { writer: process.stderr });
  return io;
}

const nowhere: Writer = { write: async () => {} };
const nothing: Reader = { read: async () => undefined };

export function readerOf(io: Io, descriptor = 0): Reader {
  return io.get(descriptor)?.reader ?? nothing;
}

export function writerOf(io: Io, descriptor: 1 | 2 = 1): Writer {
  return io.get(descriptor)?.writer ?? nowhere;
}

/** Writes text in which escapes may have made single bytes. */
export async function writeText(writer: Writer, text: string): Promise<void> {
  if (text === '') return;
  if (!/[\uf780-\uf7ff]/.test(text)) return writer.write(text);
  for (const piece of splitRawBytes(text, encodeUtf8)) await writer.write(piece);
}

/** Prints `bash: line 1: message`. */
export async function complain(shell: ShellState, frame: Pick<Frame, 'io'>, message: string): Promise<void> {
  await writeText(writerOf(frame.io, 2), `${shell.messagePrefix}${message}\n`);
}
