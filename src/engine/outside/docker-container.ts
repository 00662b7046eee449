// One container of the docker daemon: its runs, its places on networks, its ports on the machine.
//
//   created ─start─▶ running ─exit─▶ exited ─start─▶ running: another run, with the files and the log of the one before
import {
  type ContainerRequest,
  type DockerContainer,
  DockerError,
  type DockerHealth,
  type HealthCheck,
  type PublishedPort,
} from '../../api/docker.ts';
import type { NetworkHost } from '../../api/network.ts';
import type { ProgramHost, Signal } from '../../api/program.ts';
import type { FileTree } from '../../base/files.ts';
import { forwardingListener } from '../../base/forward.ts';
import type { SimulatedNetwork } from '../network/network.ts';
import { Container } from '../node/runtime/container.ts';
import type { Scope } from '../sim/scope.ts';
import { defaultHealth, watchHealth } from './container-health.ts';
import { configOfContainer, environmentOf, openMounts, portsOf } from './container-setup.ts';
import type { DockerNetworks } from './docker-networks.ts';
import type { DockerVolumes } from './docker-volumes.ts';
import type { LocalImage } from './local-image.ts';

/** What containers run on. */
export interface ContainersOptions {
  readonly scope: Scope;
  /** Since when the daemon has been there. */
  readonly since: number;
  readonly network: SimulatedNetwork;
  /** The learner's machine. */
  readonly host: NetworkHost;
  /** The learner's machine's files. */
  files(): FileTree;
  readonly programs: ProgramHost;
}

export interface ContainerParts extends ContainersOptions {
  readonly networks: DockerNetworks;
  readonly volumes: DockerVolumes;
  /** Another container of the daemon. */
  other(name: string): HostedContainer;
  /** Places on networks changed: names are to be known anew. */
  moved(): void;
  /** It has ended and is not kept. */
  gone(container: HostedContainer): void;
}

/** Plain data: a container as it was asked for; what it wrote is not kept. */
export interface ContainerSnapshot {
  readonly id: string;
  readonly name: string;
  readonly request: ContainerRequest;
  readonly imageId: string;
  readonly createdAt: number;
  readonly running: boolean;
  readonly networks: readonly string[];
  readonly before: EndedBefore | undefined;
}

interface EndedBefore {
  readonly exitCode: number;
  readonly finishedAt: number;
}

/** What the learner's machine has for containers. */
const learnersMachine = { cores: 8, memoryBytes: 16 * 1024 ** 3 };
const firstFreePort = 32_768;
const lastPort = 60_999;
const restartFirstMs = 100;
const restartMaxMs = 60_000;
/** A run as long as that counts as one that went well. */
const longRunMs = 10_000;

export class HostedContainer {
  name: string;
  /** Names of its networks, with names of its own there. */
  readonly places = new Map<string, readonly string[]>();
  container: Container;
  /** Whom it knows by name; kept up to date while it runs. */
  readonly names = new Map<string, string>();
  readonly env: readonly string[];
  readonly image: LocalImage;
  readonly id: string;
  readonly request: ContainerRequest;
  readonly createdAt: number;
  paused = false;
  /** It runs again as soon as the world goes on. */
  resumes = false;
  private before: EndedBefore | undefined;
  private host: NetworkHost | undefined;
  /** The networks that it is plugged into, as the network itself knows them. */
  private readonly lans = new Set<string>();
  private ports: readonly PublishedPort[] = [];
  private unpublish: readonly (() => void)[] = [];
  private health: DockerHealth | undefined;
  private restarts = 0;
  private restartMs = restartFirstMs;
  private stopRestart: (() => void) | undefined;
  private wasStopped = false;

  constructor(
    private readonly parts: ContainerParts,
    asked: Omit<ContainerSnapshot, 'imageId' | 'running' | 'networks'> & { readonly image: LocalImage },
  ) {
    const { id, name, request, createdAt, before, image } = asked;
    Object.assign(this, { before });
    this.id = id;
    this.name = name;
    this.request = request;
    this.createdAt = createdAt;
    this.image = image;
    this.env = environmentOf(image, request);
    const kind = request.network.split(':')[0] ?? '';
    if (!['host', 'none', 'container'].includes(kind)) this.places.set(request.network, request.aliases);
    this.container = this.run(undefined);
  }

  get running(): boolean {
    return this.container.state === 'running';
  }

  start(): Container {
    if (this.running) return this.container;
    if (this.paused) throw new DockerError('cannot start a paused container, try unpause instead');
    this.stopRestart?.();
    this.stopRestart = undefined;
    this.wasStopped = false;
    this.plugIn();
    const earlier = this.container;
    this.container = this.run(earlier.state === 'created' ? undefined : earlier);
    this.publish();
    const { container } = this;
    container.onExit(() => this.exited());
    const problem = container.start();
    if (problem !== undefined) throw new DockerError(problem.replace(/^failed to create containerd task: /, ''));
    this.before = undefined;
    this.beginHealth();
    return container;
  }

  /** Asks it to end; `done` once it has. */
  stop(how: { readonly signal: Signal | undefined; readonly timeoutMs: number }, done: () => void): void {
    const { container } = this;
    this.wasStopped = true;
    this.stopRestart?.();
    this.stopRestart = undefined;
    if (!this.running) {
      done();
      return;
    }
    this.pause(false);
    const stopTimer = this.parts.scope.schedule(how.timeoutMs, () => container.signal('SIGKILL'));
    container.onExit(() => {
      stopTimer();
      done();
    });
    container.signal(how.signal ?? container.stopSignal);
  }

  kill(signal: Signal): void {
    if (!this.running)
      throw new DockerError(`cannot kill container: ${this.name}: container ${this.id} is not running`);
    if (signal === 'SIGKILL') this.wasStopped = true;
    this.container.signal(signal);
  }

  /**
   * A paused container answers nobody and says nothing. What it does by itself meanwhile (sleeping, counting) is not
   * held: that is left out.
   */
  pause(on: boolean): void {
    this.paused = on;
    this.container.log.hold(on);
    this.refreshLans();
  }

  connect(network: string, aliases: readonly string[]): void {
    const { name, prefix } = this.parts.networks.get(network);
    if (this.places.has(name))
      throw new DockerError(`endpoint with name ${this.name} already exists in network ${name}`);
    if (prefix === undefined || this.request.network === 'host')
      throw new DockerError(
        'cannot connect container to host network - container must be created in host network mode',
      );
    this.places.set(name, aliases);
    if (this.running) this.replug();
  }

  disconnect(network: string): void {
    const { name } = this.parts.networks.get(network);
    if (!this.places.delete(name)) throw new DockerError(`container ${this.id} is not connected to network ${name}`);
    this.parts.networks.leave(name, this.id);
    if (this.running) this.replug();
  }

  /** How the network knows it, for those that share its place. */
  shared(): NetworkHost {
    if (!this.host) throw new DockerError(`cannot join network of a non running container: ${this.id}`);
    return this.host;
  }

  show(): DockerContainer {
    const { container, request, running, before } = this;
    const ended = container.state === 'created' ? before : undefined;
    const restarting = this.stopRestart !== undefined;
    return {
      id: this.id,
      name: this.name,
      image: request.image,
      imageId: this.image.id,
      argv: container.argv,
      env: this.env,
      createdAt: this.createdAt,
      startedAt: container.startedAt,
      finishedAt: ended?.finishedAt ?? container.finishedAt,
      state: this.paused ? 'paused' : restarting ? 'restarting' : ended ? 'exited' : container.state,
      exitCode: ended?.exitCode ?? container.exitCode,
      ip: this.ip,
      ports: running ? this.ports : [],
      exposed: this.image.config.ports,
      removeOnExit: request.removeOnExit,
      endpoints: [...this.places].map(([network, aliases]) => ({
        network,
        ip: this.parts.networks.addressOf(network, this.id),
        gateway: running ? this.parts.networks.gatewayOf(network) : '',
        aliases,
      })),
      mounts: request.mounts,
      labels: { ...this.image.config.labels, ...request.labels },
      restart: request.restart,
      restartCount: this.restarts,
      health: running ? this.health : undefined,
      workingDir: container.workingDir,
      user: request.user ?? this.image.config.user,
    };
  }

  snapshot(): ContainerSnapshot {
    const { id, name, request, createdAt, container } = this;
    const { exitCode, finishedAt } = container;
    const before = container.state === 'exited' ? { exitCode, finishedAt } : this.before;
    const running = this.running || this.resumes || this.stopRestart !== undefined;
    return { id, name, request, imageId: this.image.id, createdAt, running, networks: [...this.places.keys()], before };
  }

  /** The names that it knows others by. */
  learnNames(): void {
    this.names.clear();
    for (const [name, ip] of this.request.extraHosts) this.names.set(name, ip);
    this.names.set('host.docker.internal', this.parts.host.ips[0] ?? '');
    for (const [name, ip] of this.parts.networks.namesIn([...this.places.keys()])) this.names.set(name, ip);
  }

  private get ip(): string {
    const [first = ''] = this.places.keys();
    return this.parts.networks.addressOf(first, this.id);
  }

  private run(earlier: Container | undefined): Container {
    const { scope, programs, host } = this.parts;
    const { id, request, image, env } = this;
    const mounts = this.host
      ? openMounts(request.mounts, { image, volumes: this.parts.volumes, machine: this.parts.files() })
      : [];
    const config = configOfContainer({ id, request, image, env, mounts, ip: () => this.ip || undefined });
    return new Container(id, config, {
      scope,
      programs,
      network: this.host ?? host,
      machine: learnersMachine,
      changed() {},
      earlier,
    });
  }

  /** Takes its place on each of its networks. */
  private plugIn(): void {
    const { network, host } = this.parts;
    const [kind, shared = ''] = this.request.network.split(':');
    if (kind === 'host') this.host = host;
    else if (kind === 'container') this.host = this.parts.other(shared).shared();
    else {
      const ips = this.addresses();
      const { lans, names } = this;
      this.host = network.attach({ id: `docker/${this.id}`, ips, node: undefined, names, lans });
      this.refreshLans();
      this.parts.moved();
    }
  }

  private replug(): void {
    if (this.host) this.parts.network.setAddresses(this.host, this.addresses());
    this.refreshLans();
    this.parts.moved();
  }

  private addresses(): readonly string[] {
    const { networks } = this.parts;
    return [...this.places].flatMap(([place, aliases]) => {
      const known = networks.addressOf(place, this.id);
      const ip = known || networks.join(place, { id: this.id, name: this.name, aliases });
      return ip ? [ip] : [];
    });
  }

  private refreshLans(): void {
    this.lans.clear();
    if (!this.paused) for (const place of this.places.keys()) this.lans.add(place);
  }

  private publish(): void {
    const wanted = [...this.request.ports];
    if (this.request.publishAll)
      for (const port of portsOf(this)) wanted.push({ hostIp: '0.0.0.0', hostPort: 0, containerPort: port });
    const stops: (() => void)[] = [];
    const ports: PublishedPort[] = [];
    for (const { hostIp, hostPort, containerPort } of wanted) {
      const listener = forwardingListener(() => {
        const { ip } = this;
        return ip === '' ? undefined : { dialer: this.parts.host, to: { host: ip, port: containerPort } };
      });
      let taken = hostPort === 0 ? firstFreePort : hostPort;
      let stop = this.parts.host.listen(taken, listener);
      while (!stop && hostPort === 0 && taken < lastPort) stop = this.parts.host.listen(++taken, listener);
      if (!stop) {
        for (const undo of stops) undo();
        this.unplug();
        throw new DockerError(
          `failed to set up container networking: driver failed programming external connectivity on endpoint ${this.name} (${this.id}): Bind for ${hostIp}:${hostPort} failed: port is already allocated`,
        );
      }
      stops.push(stop);
      ports.push({ hostIp, hostPort: taken, containerPort });
    }
    this.ports = ports;
    this.unpublish = stops;
  }

  private unplug(): void {
    for (const place of this.places.keys()) this.parts.networks.leave(place, this.id);
    if (this.host && this.host.id === `docker/${this.id}`) this.host.close();
    this.host = undefined;
    this.parts.moved();
  }

  private exited(): void {
    for (const stop of this.unpublish) stop();
    this.unpublish = [];
    this.pause(false);
    this.unplug();
    if (this.request.removeOnExit) this.parts.gone(this);
    else if (this.isToRestart()) this.restartLater();
  }

  private isToRestart(): boolean {
    const { name, retriesMax } = this.request.restart;
    const { exitCode } = this.container;
    if (this.wasStopped || name === 'no') return false;
    return name !== 'on-failure' || (exitCode !== 0 && (retriesMax === 0 || this.restarts < retriesMax));
  }

  private restartLater(): void {
    const { startedAt, finishedAt } = this.container;
    this.restartMs = finishedAt - startedAt >= longRunMs ? restartFirstMs : Math.min(this.restartMs * 2, restartMaxMs);
    this.stopRestart = this.parts.scope.schedule(this.restartMs, () => {
      this.stopRestart = undefined;
      this.restarts++;
      try {
        this.start();
      } catch (error) {
        if (!(error instanceof DockerError)) throw error; // what cannot be started stays as it is
      }
    });
  }

  private beginHealth(): void {
    const { request, image, container } = this;
    const check: HealthCheck = { ...defaultHealth, test: [], ...image.config.health, ...request.health };
    this.health = undefined;
    if (check.test.length === 0 || check.test[0] === 'NONE') return;
    const tell = (health: DockerHealth): void => {
      if (this.container === container) this.health = health;
    };
    this.parts.scope.spawn(watchHealth(this.parts.scope, container, check, tell));
  }
}
