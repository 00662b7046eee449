// A session: a world, the learner's machine in front of it, and what leads from one to the other. Everything that
// comes from outside goes through `input`, so that seed and log together say all that ever happened.
import type { ClustersPort } from '../api/clusters.ts';
import type { DesktopPort } from '../api/desktop.ts';
import type { DockerPort } from '../api/docker.ts';
import type { MachinesPort } from '../api/machines.ts';
import type { Cancellation, ComponentName, KubePort, KubeReply, KubeRequest, NetworkPort } from '../api/ports.ts';
import type { Machine } from '../api/program.ts';
import { type DirectorySnapshot, restoreFiles, snapshotFiles } from '../base/file-snapshot.ts';
import { late, loadLateCode } from '../base/late.ts';
import type { ProfileName } from '../engine/profiles.ts';
import { Simulation } from '../engine/sim/simulation.ts';
import { createWorld, type World, type WorldSnapshot } from '../engine/world.ts';
import { startupMs } from '../shell/programs/programs.ts';
import { ClientCertificates } from './client-certificate.ts';
import { clustersPort, clusterWith } from './clusters-port.ts';
import { containerPrograms } from './container-programs.ts';
import { Driver, type Host } from './driver.ts';
import { EditedFiles } from './edited-files.ts';
import { inProcessKubePort } from './in-process-kube-port.ts';
import { Journal } from './journal.ts';
import {
  desktopEnvironment,
  installEditors,
  learnerEnvironment,
  learnerHome,
  learnerMachine,
  learnerUser,
  writeKubeconfig,
} from './learner-machine.ts';
import { machinesPort } from './machines-port.ts';
import { networkPort } from './network-port.ts';
import { loadAllPrograms, type ProgramPorts, programTable } from './programs.ts';
import { scriptEngines } from './script-engine.ts';
import { TerminalShell } from './terminal-shell.ts';
import { type TerminalInput, Terminals } from './terminals.ts';

export interface SessionOptions {
  readonly profile: ProfileName;
  readonly workers?: number | undefined;
  readonly controlPlanes?: number | undefined;
  readonly seed: number;
  /** Virtual milliseconds since the Unix epoch. */
  readonly startsAt: number;
  readonly host: Host;
  /** Hears of mistakes of ours; the world goes on. Default: they are thrown. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** A person types into its shell: Ctrl-C ends a line and not the shell. Default false. */
  readonly interactive?: boolean | undefined;
  /** Its shells have terminals, whose keys programs may read; they are interactive. Default false. */
  readonly terminals?: boolean | undefined;
  /** Begins before all code is there: what comes from outside waits for the rest, and time with it. Default false. */
  readonly early?: boolean | undefined;
  /** Keep what every step of the trace asked and changed. Default false. */
  readonly journal?: boolean | undefined;
  /** Goes on from here instead of starting anew; its profile and workers count. */
  readonly snapshot?: SessionSnapshot | undefined;
}

/** What a session is restored from: plain data, for JSON or structuredClone. */
export interface SessionSnapshot {
  readonly profile: ProfileName;
  readonly workers?: number | undefined;
  readonly controlPlanes?: number | undefined;
  readonly world: WorldSnapshot;
  /** The learner's machine. */
  readonly files: DirectorySnapshot;
}

/** Something that came from outside, at its virtual time; `sequence` orders what came at the same instant. */
export interface LoggedInput {
  readonly at: number;
  readonly sequence: number;
  readonly input: SessionInput;
}

export type SessionInput =
  | TerminalInput
  /** The page's editor writes a file of the learner, or closes it. */
  | { readonly kind: 'save'; readonly path: string; readonly text: string }
  | { readonly kind: 'close'; readonly path: string }
  /** What the page itself asks of the API server: a write. Reads change nothing and are not logged. */
  | { readonly kind: 'request'; readonly request: KubeRequest }
  | { readonly kind: 'power'; readonly node: string; readonly on: boolean }
  | { readonly kind: 'partition'; readonly node: string; readonly cut: boolean }
  | {
      readonly kind: 'component';
      readonly node: string;
      readonly component: ComponentName;
      readonly running: boolean;
    }
  | { readonly kind: 'slow'; readonly node: string; readonly delayMs: number };

/** Where kubectl on the learner's machine finds the cluster. */
const clusterServer = 'https://127.0.0.1:6443';
/** A cluster that is not ready after this long never will be. */
const bootMaxMs = 120_000;
/** By then the controllers have greeted the nodes. */
const settlingMs = 10_000;
/** A cluster starts as one that has been there for so long. */
const ageMs = 7_200_000;
const clientDelayMs = 0.5;
const dockerCode = late('docker', () => import('./docker-port.ts'));

export class Session {
  readonly driver: Driver;
  readonly world: World;
  readonly machine: Machine;
  /** Undefined unless asked for. */
  readonly journal: Journal | undefined;
  /** The cluster's API for clients that are no programs of the world: the page, real kubectl. */
  readonly kubePort: KubePort;
  private readonly innerPort: KubePort;
  private readonly programPorts: ProgramPorts;
  private readonly certificates = new ClientCertificates();
  private readonly outerRequest: KubePort['request'];
  private early = false;
  private readonly logged: LoggedInput[] = [];
  /** The network as the learner's machine sees it. */
  readonly network: NetworkPort;
  private docker: DockerPort | undefined;
  private readonly clusters: ClustersPort;
  private readonly machines: MachinesPort;
  /** Hears what programs want to have opened beside the terminal. */
  onOpen: DesktopPort['open'] = () => {};
  /** Hears of each line of a terminal, once it has run. */
  onRan: (line: string, exitCode: number) => void = () => {};
  private readonly terminals: Terminals;
  /** Files that are open in the page's editor. */
  readonly edited: EditedFiles;

  constructor(private readonly options: SessionOptions) {
    const { seed, startsAt, snapshot } = options;
    this.early = options.early ?? false;
    const simulation = new Simulation({
      seed,
      startsAt: snapshot?.world.at ?? startsAt,
      ...(snapshot ? { randomStates: snapshot.world.randomStates } : {}),
    });
    if (options.onFault) simulation.fault = options.onFault;
    this.driver = new Driver(simulation, options.host);
    this.edited = new EditedFiles(this.driver);
    const journal = options.journal ? new Journal(() => simulation.cause) : undefined;
    this.journal = journal;
    const clock = { now: () => simulation.now, sleep: this.driver.sleep.bind(this.driver) };
    this.programPorts = {
      loadCode: this.driver.loadCode,
      kube: (server, certificate) => this.certificates.shownTo(this.portOf(server), certificate),
      hasShortWay: (machine, server) => machine === this.machine && this.ownServers().includes(server),
      docker: () => {
        this.docker ??= dockerCode().dockerPort(this.driver, this.world.docker);
        return this.docker;
      },
      dockerAt: (host) => {
        const daemon = this.world.clusters.docker(host);
        return daemon && dockerCode().dockerPort(this.driver, daemon);
      },
      clusters: () => this.clusters,
      machines: () => this.machines,
      desktop: {
        open: (request) => this.onOpen(request),
        edit: (path, cancel) => this.edited.edit(path, cancel),
      },
      scripts: scriptEngines(this.driver),
    };
    const programs = programTable(this.programPorts);
    const hosted = containerPrograms(this.driver, clock, programs);
    this.world = createWorld({
      simulation,
      profile: snapshot?.profile ?? options.profile,
      workers: snapshot ? snapshot.workers : options.workers,
      controlPlanes: snapshot ? snapshot.controlPlanes : options.controlPlanes,
      programs: hosted,
      files: () => this.machine.files,
      snapshot: snapshot?.world,
      observe: journal && ((event) => journal.changed(event)),
    });
    const known = { clusters: this.world.clusters, own: () => this.world.cluster };
    this.clusters = clustersPort(this.driver, known, hosted);
    this.machines = machinesPort(this.driver, (node) => clusterWith(node, known));
    this.machine = learnerMachine(clock.now);
    if (options.terminals) installEditors(this.machine);
    this.network = networkPort(this.driver, this.world.learner);
    const way = { server: clusterServer, delayMs: clientDelayMs, edge: () => this.world.cluster?.edge() };
    this.innerPort = inProcessKubePort(this.driver, { ...way, journal, cause: () => this.terminals.step });
    const outerPort = inProcessKubePort(this.driver, { ...way, outside: true, cause: () => simulation.cause });
    this.outerRequest = outerPort.request;
    this.kubePort = {
      server: outerPort.server,
      request: (request, cancel) => this.request(request, cancel),
      stream: (request, cancel) => this.whenWhole(() => outerPort.stream(request, cancel)),
      connect: (request, cancel) => this.whenWhole(() => outerPort.connect(request, cancel)),
    };
    if (snapshot) restoreFiles(this.machine.files, snapshot.files);
    else if (this.world.cluster)
      writeKubeconfig(this.machine, {
        server: clusterServer,
        authority: this.world.cluster.authority,
        at: simulation.now,
      });
    this.terminals = new Terminals(() =>
      TerminalShell.open({
        machine: this.machine,
        programs,
        clock,
        network: networkPort(this.driver, this.world.learner, () => this.terminals.step),
        user: learnerUser,
        environment: options.terminals ? desktopEnvironment : learnerEnvironment,
        cwd: learnerHome,
        startupMs,
        interactive: options.interactive,
        terminal: options.terminals ? { driver: this.driver, columns: 80, rows: 24 } : undefined,
      }),
    );
  }

  /** Brings the cluster to Ready at full speed; one that was not there before also comes to rest. */
  boot(fresh: boolean): void {
    const { world } = this;
    const { simulation } = this.driver;
    simulation.runWhen(() => world.cluster?.ready() ?? true, bootMaxMs);
    if (!world.cluster || !fresh) return;
    simulation.runFor(settlingMs);
    world.cluster.ageLeases(ageMs);
  }

  /** What came from outside so far. */
  get log(): readonly LoggedInput[] {
    return this.logged;
  }

  /**
   * Takes something from outside and logs it; `entered` hears the step of the trace that it is. Resolves when it is
   * done: a line with its exit code.
   */
  input(input: SessionInput, entered?: (step: number) => void): Promise<number> {
    const done = this.enter(input, (step) => {
      entered?.(step);
      return this.take(input, step);
    });
    if (input.kind === 'line') done.then((exitCode) => this.onRan(input.text, exitCode)).catch(() => {}); // the caller's
    return done;
  }

  /** The shell of a terminal; lines of input go to the first one. */
  shell(terminal?: number): Promise<TerminalShell> {
    return this.terminals.shell(terminal);
  }

  /**
   * Headless: gives every input of a log at its time, then goes on until all are done, at least to `until`. The world
   * must be as it was when the log began. Resolves with what each input resolved with.
   */
  async replay(log: readonly LoggedInput[], until = 0): Promise<readonly number[]> {
    const outcomes: Promise<number>[] = [];
    for (const { at, input } of log) {
      await this.driver.runTo(at);
      outcomes.push(this.input(input));
    }
    const codes = await this.driver.runUntil(Promise.all(outcomes));
    if (until > this.driver.simulation.now) await this.driver.runTo(until);
    return codes;
  }

  /** Loads what programs have not needed yet, so that the world goes on where nothing can be loaded any more. */
  loadPrograms(): Promise<void> {
    return loadAllPrograms(this.programPorts);
  }

  snapshot(): SessionSnapshot {
    const { profile, workers, controlPlanes } = this.options.snapshot ?? this.options;
    return { profile, workers, controlPlanes, world: this.world.snapshot(), files: snapshotFiles(this.machine.files) };
  }

  private enter<T>(input: SessionInput, take: (step: number) => Promise<T>): Promise<T> {
    if (this.early) this.driver.loadCode(() => this.complete()).catch(this.driver.simulation.fault);
    return this.driver.enter(() => {
      const { simulation } = this.driver;
      this.logged.push({ at: simulation.now, sequence: this.logged.length, input });
      simulation.cause = 0;
      const subject = subjectOf(input);
      const done = take(subject === undefined ? 0 : simulation.record('learner', input.kind, subject));
      simulation.cause = 0;
      return done;
    });
  }

  private request(request: KubeRequest, cancel?: Cancellation): Promise<KubeReply> {
    if (request.method === 'GET' || request.method === 'HEAD')
      return this.whenWhole(() => this.outerRequest(request, cancel));
    return this.enter({ kind: 'request', request }, () => this.outerRequest(request, cancel));
  }

  /** What changes nothing: time goes on until all code is there that may answer it. */
  async whenWhole<T>(ask: () => Promise<T> | T): Promise<T> {
    if (this.early) await this.complete();
    return ask();
  }

  private async complete(): Promise<void> {
    await loadLateCode();
    this.early = false;
  }

  private async take(input: SessionInput, step: number): Promise<number> {
    const { cluster } = this.world;
    switch (input.kind) {
      case 'request':
        return (await this.outerRequest(input.request)).status;
      case 'save':
        this.machine.files.writeFile(input.path, input.text);
        return 0;
      case 'close':
        this.edited.close(input.path);
        return 0;
      case 'power':
        if (input.on) cluster?.powerOn(input.node);
        else cluster?.powerOff(input.node);
        return 0;
      case 'partition':
        cluster?.partition(input.node, input.cut);
        return 0;
      case 'component':
        cluster?.setComponent(input.node, input.component, input.running);
        return 0;
      case 'slow':
        cluster?.slowEtcd(input.node, input.delayMs);
        return 0;
      default:
        return this.terminals.take(input, step);
    }
  }

  /** Servers of the clusters that the learner's machine has. */
  private ownServers(): readonly string[] {
    return [clusterServer, ...this.world.clusters.list().map(({ server }) => server)];
  }

  /** The port of a kubeconfig's server: the cluster's, or one that refuses connections. */
  private portOf(server: string): KubePort {
    if (server === clusterServer) return this.innerPort;
    const { journal } = this;
    const edge = () => this.world.clusters.byServer(server)?.edge();
    return inProcessKubePort(this.driver, {
      server,
      delayMs: clientDelayMs,
      edge,
      journal,
      cause: () => this.terminals.step,
    });
  }
}

/** What the trace says of it; undefined: it is no step of the trace. */
function subjectOf(input: SessionInput): string | undefined {
  switch (input.kind) {
    case 'line':
      return input.text;
    case 'interrupt':
      return '';
    case 'request':
      return `${input.request.method} ${input.request.path}`;
    case 'power':
    case 'partition':
      return input.node;
    case 'component':
      return `${input.component} of ${input.node}: ${input.running ? 'start' : 'stop'}`;
    case 'slow':
      return `etcd of ${input.node}: ${input.delayMs} ms`;
    default:
      return undefined;
  }
}

/** Starts a session with its cluster Ready. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const early = options.early === true && options.snapshot === undefined;
  const code = loadLateCode();
  if (!early) await code;
  code.catch(() => {}); // asked for again when something comes in
  const session = new Session({ ...options, early });
  session.boot(options.snapshot === undefined);
  return session;
}
