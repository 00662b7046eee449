// A session: a world, the learner's machine in front of it, and what leads from one to the other. Everything that
// comes from outside goes through `input`, so that seed and log together say all that ever happened.
import type { KubePort, NetworkPort } from '../api/ports.ts';
import type { Machine } from '../api/program.ts';
import type { ProfileName } from '../engine/profiles.ts';
import { Simulation } from '../engine/sim/simulation.ts';
import { createWorld, type World, type WorldSnapshot } from '../engine/world.ts';
import { loadAllCommands } from '../kubectl/kubectl.ts';
import { startupMs } from '../shell/programs/programs.ts';
import { containerPrograms } from './container-programs.ts';
import { Driver, type Host } from './driver.ts';
import { inProcessKubePort } from './in-process-kube-port.ts';
import { learnerEnvironment, learnerHome, learnerMachine, learnerUser, writeKubeconfig } from './learner-machine.ts';
import { networkPort } from './network-port.ts';
import { programTable } from './programs.ts';
import { TerminalShell } from './terminal-shell.ts';

export interface SessionOptions {
  readonly profile: ProfileName;
  readonly workers?: number | undefined;
  readonly seed: number;
  /** Virtual milliseconds since the Unix epoch. */
  readonly startsAt: number;
  readonly host: Host;
  /** Goes on from here instead of starting anew. */
  readonly snapshot?: SessionSnapshot | undefined;
}

/** What a session is restored from: the world's lasting state. */
export interface SessionSnapshot {
  readonly world: WorldSnapshot;
}

/** Something that came from outside, at its virtual time; `sequence` orders what came at the same instant. */
export interface LoggedInput {
  readonly at: number;
  readonly sequence: number;
  readonly input: SessionInput;
}

export type SessionInput =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'power'; readonly node: string; readonly on: boolean };

/** Where kubectl on the learner's machine finds the cluster. */
const clusterServer = 'https://127.0.0.1:6443';
/** A cluster that is not ready after this long never will be. */
const bootMaxMs = 120_000;
const clientDelayMs = 0.5;

export class Session {
  readonly driver: Driver;
  readonly world: World;
  readonly machine: Machine;
  /** The cluster's API as an administrator on the learner's machine reaches it. */
  readonly kubePort: KubePort;
  private readonly logged: LoggedInput[] = [];
  private readonly network: NetworkPort;
  private shellOpened: Promise<TerminalShell> | undefined;

  constructor(options: SessionOptions) {
    const { seed, startsAt, snapshot } = options;
    const simulation = new Simulation({
      seed,
      startsAt: snapshot?.world.at ?? startsAt,
      ...(snapshot ? { randomStates: snapshot.world.randomStates } : {}),
    });
    this.driver = new Driver(simulation, options.host);
    const clock = { now: () => simulation.now, sleep: this.driver.sleep.bind(this.driver) };
    const programs = programTable((settings) => this.portOf(settings.server));
    this.world = createWorld({
      simulation,
      profile: options.profile,
      workers: options.workers,
      programs: containerPrograms(this.driver, clock, programs),
      snapshot: snapshot?.world,
    });
    this.machine = learnerMachine(clock.now);
    this.network = networkPort(this.driver, this.world.learner);
    this.kubePort = inProcessKubePort(this.driver, {
      server: clusterServer,
      delayMs: clientDelayMs,
      edge: () => this.world.cluster?.edge(),
    });
    if (this.world.cluster)
      writeKubeconfig(this.machine, { server: clusterServer, certificateAuthority: this.world.cluster.rootCa });
    this.openTerminal = async () =>
      TerminalShell.open({
        machine: this.machine,
        programs,
        clock,
        network: this.network,
        user: learnerUser,
        environment: learnerEnvironment,
        cwd: learnerHome,
        startupMs,
      });
  }

  /** Opens a terminal with a shell of its own on the learner's machine. */
  readonly openTerminal: () => Promise<TerminalShell>;

  /** Brings the cluster to Ready at full speed. */
  boot(): void {
    const { world } = this;
    this.driver.simulation.runWhen(() => world.cluster?.ready() ?? true, bootMaxMs);
  }

  /** What came from outside so far. */
  get log(): readonly LoggedInput[] {
    return this.logged;
  }

  /** Takes something from outside, now, and logs it. Resolves when it is done: a line with its exit code. */
  async input(input: SessionInput): Promise<number> {
    const { simulation } = this.driver;
    this.logged.push({ at: simulation.now, sequence: this.logged.length, input });
    if (input.kind === 'power') {
      if (input.on) this.world.cluster?.powerOn(input.node);
      else this.world.cluster?.powerOff(input.node);
      return 0;
    }
    return (await this.shell()).run(input.text);
  }

  /** The shell that lines of input go to. */
  shell(): Promise<TerminalShell> {
    this.shellOpened ??= this.openTerminal();
    return this.shellOpened;
  }

  /** Headless: gives every input of a log at its time. The world must be as it was when the log began. */
  async replay(log: readonly LoggedInput[]): Promise<void> {
    for (const { at, input } of log) {
      const wait = at - this.driver.simulation.now;
      if (wait > 0) await this.driver.runFor(wait);
      await this.driver.runUntil(this.input(input));
    }
  }

  snapshot(): SessionSnapshot {
    return { world: this.world.snapshot() };
  }

  /** The port of a kubeconfig's server: the cluster's, or one that refuses connections. */
  private portOf(server: string): KubePort {
    if (server === clusterServer) return this.kubePort;
    return inProcessKubePort(this.driver, { server, delayMs: clientDelayMs, edge: () => undefined });
  }
}

/** Starts a session with its cluster Ready. */
export async function startSession(options: SessionOptions): Promise<Session> {
  await loadAllCommands();
  const session = new Session(options);
  session.boot();
  return session;
}
