// What a program is: an async function from what its machine gives it to an exit code.
//
// Shell, kubectl, docker, curl and what containers run are all programs. They wait on nothing but what they are
// given here, so that virtual time can stand still while one of them works.
import type { FileTree } from '../base/files.ts';
import type { NetworkHost } from './network.ts';
import type { Cancellation, ClockPort, NetworkPort } from './ports.ts';

/** A machine that programs run on: the learner's, a node, a container. */
export interface Machine {
  /** Unique in the world, e.g. `learner`, `node/worker-1`, `container/3f2a…`. */
  readonly id: string;
  hostname: string;
  readonly files: FileTree;
  /** PID 1 where it is no program of the shell's kind: a container's native server. Undefined once it has ended. */
  readonly first?: (() => FirstProcess | undefined) | undefined;
}

/** A machine's first process as the others see it. */
export interface FirstProcess {
  readonly argv: readonly string[];
  readonly user: string;
  readonly startedAt: number;
  /** SIGKILL and what it does not handle pass it by. */
  signal(signal: Signal): void;
}

/** Where bytes come from. */
export interface Reader {
  /** The next bytes (at least one), or undefined at the end of the input. */
  read(): Promise<Uint8Array | undefined>;
  /** Whose bytes these are: what one reader of them has put back is the next one's, in another process too. */
  readonly origin?: Reader;
}

/** Where bytes go. */
export interface Writer {
  /** Resolves when the reader has room. Rejects with {@link BrokenPipe} when nobody will ever read it. */
  write(data: string | Uint8Array): Promise<void>;
}

/** The reader has gone; as upstream's programs do on SIGPIPE, a program ends quietly on it (exit code 141). */
export class BrokenPipe extends Error {
  override name = 'BrokenPipe';
}

/** The terminal that a process is connected to. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Calls `run` whenever the size changes. Returns how to stop listening. */
  onResize(run: (size: { readonly columns: number; readonly rows: number }) => void): () => void;
  /**
   * From now on keys come as they are typed, without echo and without meaning: for who passes them on to a terminal
   * elsewhere. Returns how to go back.
   */
  raw?(): () => void;
  /** The process group that Ctrl-C reaches; a shell sets it while a job is in the foreground. */
  foreground?: number | undefined;
}

export type Signal =
  | 'SIGHUP'
  | 'SIGINT'
  | 'SIGQUIT'
  | 'SIGKILL'
  | 'SIGTERM'
  | 'SIGUSR1'
  | 'SIGUSR2'
  | 'SIGWINCH'
  | 'SIGCONT'
  | 'SIGSTOP'
  | 'SIGTSTP'
  | 'SIGPIPE';

/** What a program takes of its machine while it works. */
export interface ResourceUse {
  readonly cores?: number;
  readonly memoryBytes?: number;
}

/** Whom a process runs as. The group is the user's own where none is said. */
export interface ProcessUser {
  /** Empty: the machine knows no name. */
  readonly name: string;
  readonly uid: number;
  readonly gid?: number;
  /** Besides the first group. */
  readonly groups?: readonly number[];
}

/** All that a running program sees. Anything that is not here does not exist for it. */
export interface Process {
  readonly pid: number;
  /** argv[0] is the name that it was called by. */
  readonly argv: readonly string[];
  /** Its own copy; a program may change it, and its children get what it then holds. */
  readonly env: Map<string, string>;
  /** Absolute path. */
  cwd: string;
  readonly user: ProcessUser;
  readonly machine: Machine;
  readonly stdin: Reader;
  readonly stdout: Writer;
  readonly stderr: Writer;
  /** Set when standard input and output are a terminal. */
  readonly terminal: Terminal | undefined;
  readonly clock: ClockPort;
  readonly network: NetworkPort;
  /** Cancelled when the process must end: killed, Ctrl-C without a handler, terminal gone. */
  readonly cancel: Cancellation;
  /** Handles a signal instead of ending on it (SIGKILL cannot be). Returns how to stop handling. */
  onSignal(signal: Signal, run: () => void): () => void;
  /** Starts a child on the same machine. Rejects with {@link CannotExecute}. */
  spawn(child: ChildSpec): Promise<Child>;
  /** Takes that much of its machine from now on, where that is measured. Returns how to give it back. */
  use(what: ResourceUse): () => void;
  /** Takes steps (default 1) from the process's budget: every loop that does not wait calls it. Throws when it is spent. */
  step(count?: number): void;
}

/** What a child process is started with. */
export interface ChildSpec {
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly stdin: Reader;
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly terminal?: Terminal | undefined;
}

/** A child process that has been started. */
export interface Child {
  readonly pid: number;
  /** The exit code; 128 + the signal's number when a signal ended it. */
  wait(): Promise<number>;
  signal(signal: Signal): void;
}

/** A program could not be started: `notFound` (exit code 127) or `notExecutable` (126). */
export class CannotExecute extends Error {
  override name = 'CannotExecute';
  constructor(
    readonly reason: 'notFound' | 'notExecutable',
    readonly path: string,
  ) {
    super(`${path}: ${reason === 'notFound' ? 'not found' : 'Permission denied'}`);
  }
}

/** A program's code: runs until it returns its exit code (0 to 255). */
export type Program = (process: Process) => Promise<number>;

/** Programs by the name that a file of kind `program` carries (see FileTree), e.g. `kubectl`, `busybox`. */
export type ProgramTable = ReadonlyMap<string, Program>;

/** Loads code that nobody needed until now. Virtual time stands still meanwhile, so nothing tells when it came. */
export type LoadCode = <T>(load: () => Promise<T>) => Promise<T>;

/** What a container's process is started with by the engine. */
export interface HostedProcess {
  readonly machine: Machine;
  /** Where its connections come from: the pod's network namespace. */
  readonly network: NetworkHost;
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly user: ProcessUser;
  readonly terminal?: { readonly columns: number; readonly rows: number } | undefined;
  /** Whether anything may be written to its standard input. */
  readonly stdin: boolean;
  /** The machine's first process (PID 1): signals that it does not handle pass it by, and its end ends all others. */
  readonly init?: boolean | undefined;
  /** Where what it uses is counted; absent: it is not. */
  readonly use?: ((what: ResourceUse) => () => void) | undefined;
}

/** What the engine hears of a program that it started. */
export interface HostedEvents {
  /** `stream`: 1 stdout, 2 stderr (with a terminal all is 1). */
  output(stream: 1 | 2, bytes: Uint8Array): void;
  /** Comes last and once: the exit code; 128 + signal when a signal ended it. */
  exited(code: number): void;
  /** Instead of anything else: it could not be started. */
  failed(error: CannotExecute): void;
}

/** What the engine does to a program that it started. */
export interface HostedHandle {
  input(bytes: Uint8Array): void;
  inputEnded(): void;
  signal(signal: Signal): void;
  resize(columns: number, rows: number): void;
}

/** The engine's way to run programs (a container's `sh -c …`): they run outside of it and come back as inputs. */
export interface ProgramHost {
  start(process: HostedProcess, events: HostedEvents): HostedHandle;
}
