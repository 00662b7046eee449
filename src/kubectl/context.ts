// What a running command has in its hands: its arguments and flags, the machine, the cluster, and where it prints.
import type { KubePort } from '../api/ports.ts';
import type { LoadCode, Process } from '../api/program.ts';
import { Client } from './client/client.ts';
import { DiscoveryCache } from './client/discovery-cache.ts';
import { Mapper } from './client/mapper.ts';
import { type ConnectionSettings, loadClientConfig, type NamespaceChoice } from './config/client-config.ts';
import { runExecPlugin } from './config/exec-credentials.ts';
import { kubeconfigPaths } from './config/kubeconfig.ts';
import { CommandError } from './errors.ts';
import type { FlagValues } from './flags.ts';
import { klogLine } from './klog.ts';
import type { PluginPolicy } from './kuberc/plugin-policy.ts';
import type { Output } from './output.ts';

/** What the place where kubectl runs must give it. */
export interface KubectlOptions {
  readonly loadCode: LoadCode;
  /** The cluster behind a kubeconfig's server. A port for a server that is not there rejects every request. */
  connect(settings: ConnectionSettings, process: Process): KubePort;
}

const featureGates = [
  ['InOrderInformersBatchProcess', true],
  ['UnlockWhileProcessingFIFO', true],
  ['AtomicFIFO', true],
  ['WatchListClient', true],
  ['InOrderInformers', true],
  ['ClientsAllowCARotation', true],
  ['ClientsAllowTLSCacheGC', true],
  ['ClientsPreferCBOR', false],
  ['ClientsAllowCBOR', false],
  ['InformerResourceVersion', true],
] as const;

export class Context {
  private clientMade: Client | undefined;
  private mapperMade: Mapper | undefined;
  private settingsMade: ConnectionSettings | undefined;

  constructor(
    private readonly given: {
      readonly options: KubectlOptions;
      readonly process: Process;
      /** e.g. `kubectl rollout undo` */
      readonly path: string;
      readonly args: readonly string[];
      readonly argsBeforeDash: number;
      readonly flags: FlagValues;
      readonly output: Output;
      /** The name of the top-level command that a word means; undefined: there is none. */
      readonly commandOf: (word: string) => string | undefined;
      /** Which credential plugins may run; undefined: all. */
      readonly pluginPolicy: PluginPolicy | undefined;
    },
  ) {}

  /** Loads code that most commands do without. */
  loadCode<T>(load: () => Promise<T>): Promise<T> {
    return this.given.options.loadCode(load);
  }

  commandOf(word: string): string | undefined {
    return this.given.commandOf(word);
  }

  get process(): Process {
    return this.given.process;
  }

  get path(): string {
    return this.given.path;
  }

  get args(): readonly string[] {
    return this.given.args;
  }

  /** How many arguments stood before `--`; -1 without it. */
  get argsBeforeDash(): number {
    return this.given.argsBeforeDash;
  }

  get flags(): FlagValues {
    return this.given.flags;
  }

  get output(): Output {
    return this.given.output;
  }

  /** Prints to standard output. Text is written when the command next waits, in order with `err`. */
  out(text: string | Uint8Array): void {
    this.given.output.out(text);
  }

  err(text: string | Uint8Array): void {
    this.given.output.err(text);
  }

  /** Milliseconds since the Unix epoch. */
  now(): number {
    return this.process.clock.now();
  }

  /** An error that points to the command's help. */
  usageError(message: string): CommandError {
    return new CommandError(`${message}\nSee '${this.path} -h' for help and examples`);
  }

  /** Server and credentials after kubeconfig and flags. Throws what kubectl says of a wrong kubeconfig. */
  settings(): ConnectionSettings {
    this.settingsMade ??= loadClientConfig(this.process, this.flags).settings();
    return this.settingsMade;
  }

  /** The namespace of this call, and whether the user named it (`-n`). */
  namespace(): NamespaceChoice {
    return loadClientConfig(this.process, this.flags).namespace();
  }

  client(): Client {
    if (this.clientMade) return this.clientMade;
    const settings = this.settings();
    if (this.flags.number('v') >= 6) this.logStart();
    const { exec } = settings;
    const connect = (all: ConnectionSettings) => this.given.options.connect(all, this.process);
    this.clientMade = new Client({
      port: connect(settings),
      plugin: exec && {
        run: () => runExecPlugin(this, exec, { readsInput: this.readsInput(), policy: this.given.pluginPolicy }),
        connect: (credentials) => connect({ ...settings, ...credentials }),
      },
      settings,
      process: this.process,
      output: this.output,
      verbosity: this.flags.number('v'),
    });
    return this.clientMade;
  }

  /** Whether the command takes its standard input for itself. */
  private readsInput(): boolean {
    const { flags, args } = this;
    return args.includes('-') || (flags.has('filename') && flags.strings('filename').includes('-'));
  }

  /** What client-go logs when it starts at `-v=6` and above. */
  private logStart(): void {
    for (const path of kubeconfigPaths(this.process, this.flags.string('kubeconfig')))
      this.err(klogLine(this.process, 'I', 'loader.go:407', `Config loaded from file:  ${path}`));
    for (const [feature, enabled] of featureGates)
      this.err(
        klogLine(
          this.process,
          'I',
          'envvar.go:195',
          `"Feature gate default state" feature="${feature}" enabled=${enabled}`,
        ),
      );
  }

  /** How many different warnings the server has sent so far. */
  get warningCount(): number {
    return this.clientMade?.warningCount ?? 0;
  }

  /** Resource types by name, from the server's discovery. */
  mapper(): Mapper {
    this.mapperMade ??= new Mapper(
      this.client(),
      new DiscoveryCache(this.process, { server: this.settings().server, directory: this.flags.string('cache-dir') }),
      (place, text) => this.err(klogLine(this.process, 'E', place, text)),
      (text) => this.err(`Warning: ${text}\n`),
    );
    return this.mapperMade;
  }
}
