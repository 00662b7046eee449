// One container of the runtime: its processes, files, log and exit. Native servers run inside the engine; all else is
// hosted outside of it.
import type { ResourceRequirements } from '../../../api/generated/types.ts';
import type { NetworkHost } from '../../../api/network.ts';
import type {
  FirstProcess,
  HostedEvents,
  HostedHandle,
  Machine,
  ProgramHost,
  ResourceUse,
  Signal,
} from '../../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import type { FileTree } from '../../../base/files.ts';
import type { Scope } from '../../sim/scope.ts';
import type { NativeProcess, NativeProgram } from '../images/define-image.ts';
import { sleepMsOf, sleepProgram } from '../images/sleep-program.ts';
import { closingNetwork } from './closing-network.ts';
import type { ApiAccess, ContainerConfig, StartComponent } from './container-config.ts';
import { ContainerLog } from './container-log.ts';
import { ContainerUsage, modestProfile, shellProfile, type UsageBounds, type UsageProfile } from './container-usage.ts';
import { type Executable, findExecutable, findInImage } from './executable.ts';
import { rootFiles } from './root-files.ts';
import { accountIn } from './service-account.ts';
import { signalCodes } from './signal-codes.ts';

export interface ExecOptions {
  readonly argv: readonly string[];
  readonly stdin: boolean;
  readonly terminal?: { readonly columns: number; readonly rows: number } | undefined;
}

export interface ContainerParts {
  readonly scope: Scope;
  readonly programs: ProgramHost;
  readonly network: NetworkHost;
  /** All that the machine has. */
  readonly machine: UsageBounds;
  readonly component?: StartComponent | undefined;
  readonly api?: ApiAccess | undefined;
  /** Called at whatever changes its state. */
  changed(): void;
  /** Called when it has taken much memory. */
  grew?(): void;
  /** Its last run, whose files and log it goes on with. */
  readonly earlier?: Container | undefined;
}

export type ContainerState = 'created' | 'running' | 'exited';

/** Upstream's limits for termination messages. */
const messageBytesMax = 4096;
const fallbackBytesMax = 2048;
const fallbackLinesMax = 80;

/** From too much memory to the kernel's kill. */
const reclaimMs = 50;

const noExits: readonly (() => void)[] = [];

/** Until a program that was never run here before is in memory and on its way. */
const coldStartMs = 100;

export class Container {
  readonly log: ContainerLog;
  state: ContainerState = 'created';
  readonly createdAt: number;
  startedAt = 0;
  finishedAt = 0;
  exitCode = 0;
  /** The runtime's own reason and message (StartError); the kubelet's view adds Completed, Error. */
  reason = '';
  message = '';
  private granted: ResourceRequirements | undefined;
  private used: ContainerUsage | undefined;
  private tree: FileTree | undefined;
  private machineMade: Machine | undefined;
  private native: NativeProcess | undefined;
  private hosted: HostedHandle | undefined;
  private scope: Scope | undefined;
  private exits: readonly (() => void)[] = noExits;

  constructor(
    readonly id: string,
    readonly config: ContainerConfig,
    private readonly parts: ContainerParts,
  ) {
    this.createdAt = parts.scope.now;
    this.granted = config.resources;
    this.log = parts.earlier?.log ?? new ContainerLog();
    this.tree = parts.earlier?.tree;
  }

  get name(): string {
    return this.config.name;
  }

  /** What it runs: `command` replaces the image's entrypoint and command, `args` its command alone. */
  get argv(): readonly string[] {
    const { command, args, image } = this.config;
    if (command && command.length > 0) return [...command, ...(args ?? [])];
    const rest = args && args.length > 0 ? args : (image.image.command ?? []);
    return [...(image.image.entrypoint ?? []), ...rest];
  }

  get machine(): Machine {
    this.machineMade ??= {
      id: `container/${this.id}`,
      hostname: this.config.hostname,
      files: this.files(),
      first: this.native && (() => this.firstProcess()),
    };
    return this.machineMade;
  }

  /** What it may use now. */
  get resources(): ResourceRequirements | undefined {
    return this.granted;
  }

  /** Resizes it in place. */
  grant(resources: ResourceRequirements | undefined): void {
    this.used?.count();
    this.granted = resources;
    this.used?.checkMemory();
    this.parts.changed();
  }

  /** What it uses, or used to its end; undefined before it has started. */
  get usage(): ContainerUsage | undefined {
    return this.used;
  }

  private firstProcess(): FirstProcess | undefined {
    const { native, argv, startedAt, userName } = this;
    return native && { argv, startedAt, user: userName, signal: (signal) => native.signal(signal) };
  }

  get workingDir(): string {
    return this.config.workingDir ?? this.config.image.image.workingDir ?? '/';
  }

  get userName(): string {
    const own = this.config.image.image.user;
    return this.config.user.uid === 0 ? 'root' : own?.uid === this.config.user.uid ? own.name : '';
  }

  files(): FileTree {
    this.tree ??= rootFiles(this.config, () => this.parts.scope.now);
    return this.tree;
  }

  find(command: string): Executable {
    return findExecutable(this.files(), this.config.image.image, command, this.config.env.get('PATH'), this.workingDir);
  }

  /** Needs no file tree in the usual case: that nothing is mounted over the image's programs. */
  private findFirst(command: string): Executable {
    const { image, env, mounts } = this.config;
    const covered = mounts.some(({ path }) => /^\/(usr|bin|sbin|opt)?(\/|$)/.test(path));
    return (covered ? undefined : findInImage(image.image, command, env.get('PATH'))) ?? this.find(command);
  }

  /** Starts it; the text of what the runtime says when it cannot. */
  start(): string | undefined {
    const argv = this.passedOn(this.argv);
    const found = argv[0] === undefined ? undefined : this.findFirst(argv[0]);
    if (!found || found.kind === 'missing') {
      const problem = found?.problem ?? 'exec: "": executable file not found in $PATH';
      const text = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: ${problem}`;
      this.startedAt = 0;
      this.ended(128, 'StartError', text);
      return text;
    }
    this.state = 'running';
    this.log.goOn();
    this.startedAt = this.parts.scope.now;
    this.scope = this.parts.scope.child(`container/${this.id.slice(0, 12)}`);
    const native = found.kind === 'native' ? found.run : shortcut(found.program, argv);
    this.measure(this.scope, found.kind === 'native');
    if (native) this.startNative(native, argv);
    else this.startHosted(argv);
    this.parts.changed();
    return undefined;
  }

  /** An entrypoint script runs what it is given, unless that is the image's own server. */
  private passedOn(argv: readonly string[]): readonly string[] {
    const [script = '', command, ...rest] = argv;
    if (command === undefined || !/(^|\/)docker-entrypoint\.sh$/.test(script)) return argv;
    return this.findFirst(command).kind === 'hosted' ? [command, ...rest] : argv;
  }

  signal(signal: Signal): void {
    if (this.state !== 'running') return;
    if (signal === 'SIGKILL') this.kill();
    else if (this.native) this.native.signal(signal);
    else this.hosted?.signal(signal);
  }

  private kill(reason?: string): void {
    this.hosted?.signal('SIGKILL');
    this.ended(signalCodes.SIGKILL, reason);
  }

  /** The signal that asks it to end, as its image says. */
  get stopSignal(): Signal {
    return this.config.image.image.stopSignal ?? 'SIGTERM';
  }

  /** Writes to the first process's standard input. */
  input(bytes: Uint8Array): void {
    this.hosted?.input(bytes);
  }

  inputEnded(): void {
    this.hosted?.inputEnded();
  }

  resize(columns: number, rows: number): void {
    this.hosted?.resize(columns, rows);
  }

  /** Calls `run` once it has exited. */
  onExit(run: () => void): () => void {
    this.exits = [...this.exits, run];
    return () => {
      this.exits = this.exits.filter((one) => one !== run);
    };
  }

  /** Starts another program beside the first. The caller knows that it is there. */
  exec(options: ExecOptions, events: HostedEvents): HostedHandle {
    const { env, user } = this.config;
    return this.parts.programs.start(
      {
        machine: this.machine,
        network: this.parts.network,
        argv: options.argv,
        env,
        cwd: this.workingDir,
        user: { name: this.userName, ...user },
        terminal: options.terminal,
        stdin: options.stdin,
        use: (what) => this.use(what),
      },
      events,
    );
  }

  private use(what: ResourceUse): () => void {
    return this.used?.use(what) ?? (() => {});
  }

  /** A new name for what runs beside the first program. */
  execId(): string {
    return this.parts.scope.random(`${this.parts.scope.name}/exec`).hex(32);
  }

  /** The machine went down under it. */
  lost(): void {
    if (this.state !== 'running') return;
    this.hosted?.signal('SIGKILL');
    this.ended(255, 'Unknown');
  }

  private measure(scope: Scope, native: boolean): void {
    this.used = new ContainerUsage({
      scope,
      id: this.id,
      profile: this.profile(native),
      machine: this.parts.machine,
      resources: () => this.granted,
      grew: () => this.parts.grew?.(),
      overflow: () => scope.schedule(reclaimMs, () => this.kill('OOMKilled')),
    });
  }

  /** The image's, unless something else runs in it. */
  private profile(native: boolean): UsageProfile {
    const { image, command, args } = this.config;
    if (native) return image.image.usage ?? modestProfile;
    return (command ?? args) ? shellProfile : (image.image.usage ?? shellProfile);
  }

  private startNative(run: NativeProgram, argv: readonly string[]): void {
    const { env, hostname, imageName, mounts, ports } = this.config;
    const scope = this.scope ?? this.parts.scope;
    const write = (stream: 1 | 2) => (text: string) => this.log.append(scope.now, stream, encodeUtf8(text));
    const network = closingNetwork(this.parts.network, scope, () => this.used?.connected());
    const files = (): FileTree => this.files();
    const exit = (code: number): void => void scope.schedule(0, () => this.ended(code));
    this.native = run({
      scope,
      argv,
      env,
      cwd: this.workingDir,
      network,
      hostname,
      imageName,
      ports,
      files,
      mountedIn: (directory) => mounts.some(({ path }) => path.startsWith(directory)),
      stdout: write(1),
      stderr: write(2),
      component: (name) =>
        this.parts.component?.(name, { scope: scope.child(name), network, argv, files, log: write(2), exit }) ?? true,
      use: (what) => this.use(what),
      work: (cpuMs, done) => this.used?.work(cpuMs, done),
      api: (userAgent) => {
        const user = accountIn(this.files());
        return user && this.parts.api?.({ scope, user, userAgent });
      },
      exit,
    });
  }

  private startHosted(argv: readonly string[]): void {
    const { env, user, stdin, tty } = this.config;
    this.hosted = this.parts.programs.start(
      {
        machine: this.machine,
        network: this.parts.network,
        argv,
        env,
        cwd: this.workingDir,
        user: { name: this.userName, ...user },
        terminal: tty ? { columns: 80, rows: 24 } : undefined,
        stdin,
        init: true,
        use: (what) => this.use(what),
      },
      {
        output: (stream, bytes) => {
          if (this.state === 'running') this.log.append(this.parts.scope.now, stream, bytes);
        },
        exited: (code) => this.endedNotBefore(this.startedAt + (this.config.attempt === 0 ? coldStartMs : 0), code),
        failed: (error) => {
          this.log.append(this.parts.scope.now, 2, encodeUtf8(`${error.message}\n`));
          this.ended(error.reason === 'notFound' ? 127 : 126);
        },
      },
    );
  }

  /** What the program left for the kubelet to show: a file, or the end of its log. */
  private terminationMessage(code: number): string {
    const { terminationMessagePath, terminationMessagePolicy } = this.config;
    const text = this.tree?.exists(terminationMessagePath) ? this.tree.readText(terminationMessagePath) : '';
    if (text !== '') return text.slice(0, messageBytesMax);
    if (terminationMessagePolicy !== 'FallbackToLogsOnError' || code === 0) return '';
    return decodeUtf8(this.log.last(fallbackBytesMax, fallbackLinesMax));
  }

  private endedNotBefore(at: number, code: number): void {
    const { scope } = this.parts;
    if (scope.now >= at) this.ended(code);
    else scope.schedule(at - scope.now, () => this.ended(code));
  }

  private ended(code: number, reason = '', message = ''): void {
    if (this.state === 'exited') return;
    this.state = 'exited';
    this.finishedAt = this.parts.scope.now;
    this.used?.end();
    this.exitCode = code;
    this.reason = reason;
    this.message = message || this.terminationMessage(code);
    this.scope?.stop();
    this.native = undefined;
    this.hosted = undefined;
    this.log.end();
    this.parts.changed();
    const { exits } = this;
    this.exits = noExits;
    for (const run of exits) run();
  }
}

/** Programs that many containers run and that need no shell: inside the engine they cost next to nothing. */
function shortcut(program: string, argv: readonly string[]): NativeProgram | undefined {
  return program === 'sleep' && sleepMsOf(argv.slice(1)) !== undefined ? sleepProgram : undefined;
}
