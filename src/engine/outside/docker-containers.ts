// The docker daemon's containers: names, addresses on the bridge network, published ports.
import { type ContainerRequest, type DockerContainer, DockerError, type PublishedPort } from '../../api/docker.ts';
import type { Network, NetworkHost } from '../../api/network.ts';
import type { ProgramHost, Signal } from '../../api/program.ts';
import { FileTree } from '../../base/files.ts';
import { forwardingListener } from '../../base/forward.ts';
import { Container } from '../node/runtime/container.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Scope } from '../sim/scope.ts';
import { baseTree, type LocalImage, userOf } from './local-image.ts';

/** What containers run on. */
export interface ContainersOptions {
  readonly scope: Scope;
  readonly network: Network;
  /** The learner's machine. */
  readonly host: NetworkHost;
  readonly programs: ProgramHost;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly request: ContainerRequest;
  readonly image: LocalImage;
  readonly env: readonly string[];
  readonly exposed: readonly string[];
  container: Container;
  host: NetworkHost | undefined;
  ip: string;
  ports: readonly PublishedPort[];
  /** How to stop listening on the machine's ports. */
  unpublish: readonly (() => void)[];
  readonly createdAt: number;
  /** How it had ended when the world was saved. */
  readonly before: EndedBefore | undefined;
}

interface EndedBefore {
  readonly exitCode: number;
  readonly finishedAt: number;
}

/** Plain data: a container as it was asked for; what it wrote is not kept. */
export interface ContainerSnapshot {
  readonly id: string;
  readonly name: string;
  readonly request: ContainerRequest;
  readonly imageId: string;
  readonly createdAt: number;
  readonly running: boolean;
  readonly before: EndedBefore | undefined;
}

const left = [
  'brave',
  'clever',
  'eager',
  'gifted',
  'happy',
  'keen',
  'loving',
  'nifty',
  'quirky',
  'sharp',
  'vibrant',
  'zen',
];
const right = [
  'bell',
  'curie',
  'darwin',
  'euler',
  'fermat',
  'gauss',
  'hopper',
  'kepler',
  'lovelace',
  'noether',
  'turing',
  'wright',
];
const firstFreePort = 32_768;

/** What the learner's machine has for containers. */
const learnersMachine = { cores: 8, memoryBytes: 16 * 1024 ** 3 };

export class DockerContainers {
  private readonly entries = new Map<string, Entry>();
  /** Containers that minikube's machines are. */
  private machines: readonly DockerContainer[] = [];

  constructor(
    private readonly options: ContainersOptions,
    private readonly random: RandomStream,
  ) {}

  /** Newest first. */
  list(): readonly DockerContainer[] {
    const own = [...this.entries.values()].map(show);
    return [...own, ...this.machines].sort((a, b) => b.createdAt - a.createdAt);
  }

  showMachines(machines: readonly DockerContainer[]): void {
    this.machines = machines;
  }

  /** By name, id or the beginning of an id. */
  find(name: string): DockerContainer | undefined {
    const plain = name.replace(/^\//, '');
    const all = this.list();
    return (
      all.find((each) => each.name === plain || each.id === plain) ??
      all.find((each) => plain !== '' && each.id.startsWith(plain))
    );
  }

  get(name: string): Entry {
    const found = this.find(name);
    if (!found) throw new DockerError(`No such container: ${name}`);
    const entry = this.entries.get(found.id);
    if (!entry) throw new DockerError(`container ${found.name} is a machine of minikube: use minikube for it`);
    return entry;
  }

  create(request: ContainerRequest, image: LocalImage): string {
    const name = request.name ?? this.freeName();
    const taken = this.find(name);
    if (taken?.name === name)
      throw new DockerError(
        `Conflict. The container name "/${name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
    const id = this.random.hex(32);
    const { now } = this.options.scope;
    this.entries.set(id, this.entry({ id, name, request, createdAt: now, before: undefined }, image));
    return id;
  }

  snapshot(): readonly ContainerSnapshot[] {
    return [...this.entries.values()].map((entry) => {
      const { id, name, request, image, createdAt, container } = entry;
      const running = container.state === 'running';
      const { exitCode, finishedAt } = container;
      const before = container.state === 'exited' ? { exitCode, finishedAt } : entry.before;
      return { id, name, request, imageId: image.id, createdAt, running, before };
    });
  }

  /** Those that ran run again, from their image's files. */
  restore(saved: readonly ContainerSnapshot[], imageOf: (id: string) => LocalImage | undefined): void {
    for (const each of saved) {
      const image = imageOf(each.imageId);
      if (!image) continue;
      this.entries.set(each.id, this.entry(each, image));
      if (each.running) this.start(each.id);
    }
  }

  private entry(
    asked: Pick<ContainerSnapshot, 'id' | 'name' | 'request' | 'createdAt' | 'before'>,
    image: LocalImage,
  ): Entry {
    const { id, request } = asked;
    const env = merged(image.config.env, request.env);
    return {
      ...asked,
      image,
      env,
      exposed: image.config.ports,
      container: this.container(id, { request, image, env, host: undefined }),
      host: undefined,
      ip: '',
      ports: request.ports,
      unpublish: [],
    };
  }

  start(name: string): Container {
    const entry = this.get(name);
    if (entry.container.state === 'running') return entry.container;
    const ip = this.freeAddress();
    entry.host = this.options.network.attach({ id: `docker/${entry.id}`, ips: [ip], node: undefined });
    entry.ip = ip;
    entry.container = this.container(entry.id, entry);
    this.publish(entry);
    const { container } = entry;
    container.onExit(() => this.exited(entry));
    const problem = container.start();
    if (problem !== undefined) {
      this.exited(entry);
      throw new DockerError(problem.replace(/^failed to create containerd task: /, ''));
    }
    return container;
  }

  stop(name: string, how: { readonly signal: Signal | undefined; readonly timeoutMs: number }, done: () => void): void {
    const { container } = this.get(name);
    if (container.state !== 'running') {
      done();
      return;
    }
    const stopTimer = this.options.scope.schedule(how.timeoutMs, () => container.signal('SIGKILL'));
    container.onExit(() => {
      stopTimer();
      done();
    });
    container.signal(how.signal ?? container.stopSignal);
  }

  remove(name: string, force: boolean): void {
    const entry = this.get(name);
    const running = entry.container.state === 'running';
    if (running && !force)
      throw new DockerError(
        `cannot remove container "${name}": container is running: stop the container before removing or force remove`,
      );
    if (running) entry.container.signal('SIGKILL');
    this.entries.delete(entry.id);
  }

  stopAll(): void {
    for (const { container } of this.entries.values()) container.signal('SIGKILL');
  }

  private container(id: string, of: Pick<Entry, 'request' | 'image' | 'env' | 'host'>): Container {
    const { request, image, env, host } = of;
    const { scope, programs } = this.options;
    const user = userFor(image, request.user);
    const image_ = { name: request.image, digestName: image.id, sizeBytes: image.sizeBytes, image: image.definition };
    const pairs = env.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)] as const);
    const hostname = request.hostname ?? id.slice(0, 12);
    return new Container(
      id,
      {
        name: id.slice(0, 12),
        attempt: 0,
        image: image_,
        imageName: request.image,
        command: request.entrypoint,
        args: request.command.length > 0 ? request.command : undefined,
        env: new Map([['HOSTNAME', hostname], ...(request.tty ? [['TERM', 'xterm'] as const] : []), ...pairs]),
        workingDir: request.workingDir,
        user: { ...user, groups: [], ownGroups: [] },
        mounts: [],
        hostname,
        systemFiles: () => new Map(),
        ports: portsOf(of),
        stdin: request.stdin,
        tty: request.tty,
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        resources: undefined,
      },
      { scope, programs, network: host ?? this.options.host, machine: learnersMachine, changed() {} },
    );
  }

  private publish(entry: Entry): void {
    const wanted = [...entry.request.ports];
    if (entry.request.publishAll)
      for (const port of portsOf(entry)) wanted.push({ hostIp: '0.0.0.0', hostPort: 0, containerPort: port });
    const stops: (() => void)[] = [];
    const ports: PublishedPort[] = [];
    for (const { hostIp, hostPort, containerPort } of wanted) {
      const listener = forwardingListener(() => {
        const { host, ip } = entry;
        return host && { dialer: host, to: { host: ip, port: containerPort } };
      });
      let taken = hostPort === 0 ? firstFreePort : hostPort;
      let stop = this.options.host.listen(taken, listener);
      while (!stop && hostPort === 0 && taken < 60_999) stop = this.options.host.listen(++taken, listener);
      if (!stop) {
        for (const undo of stops) undo();
        entry.host?.close();
        throw new DockerError(
          `failed to set up container networking: driver failed programming external connectivity on endpoint ${entry.name}: Bind for ${hostIp}:${hostPort} failed: port is already allocated`,
        );
      }
      stops.push(stop);
      ports.push({ hostIp, hostPort: taken, containerPort });
    }
    entry.ports = ports;
    entry.unpublish = stops;
  }

  private exited(entry: Entry): void {
    for (const stop of entry.unpublish) stop();
    entry.unpublish = [];
    entry.host?.close();
    entry.host = undefined;
    entry.ip = '';
    if (entry.request.removeOnExit) this.entries.delete(entry.id);
  }

  private freeAddress(): string {
    const taken = new Set([...this.entries.values()].map(({ ip }) => ip));
    for (let last = 2; last < 255; last++) if (!taken.has(`172.17.0.${last}`)) return `172.17.0.${last}`;
    throw new DockerError(
      "failed to set up container networking: no available IPv4 addresses on this network's address pools: bridge",
    );
  }

  private freeName(): string {
    for (let tries = 0; tries < 100; tries++) {
      const name = `${this.random.pick(left)}_${this.random.pick(right)}`;
      if (!this.find(name)) return name;
    }
    return `brave_bell${this.entries.size}`;
  }
}

function show(entry: Entry): DockerContainer {
  const { container, request, before } = entry;
  const running = container.state === 'running';
  const ended = container.state === 'created' ? before : undefined;
  return {
    id: entry.id,
    name: entry.name,
    image: request.image,
    imageId: entry.image.id,
    argv: container.argv,
    env: entry.env,
    createdAt: entry.createdAt,
    startedAt: container.startedAt,
    finishedAt: ended?.finishedAt ?? container.finishedAt,
    state: ended ? 'exited' : container.state,
    exitCode: ended?.exitCode ?? container.exitCode,
    ip: entry.ip,
    ports: running ? entry.ports : [],
    exposed: entry.exposed,
    removeOnExit: request.removeOnExit,
  };
}

/** Ports that a server without a configuration of its own listens on. */
function portsOf({ request, image }: Pick<Entry, 'request' | 'image'>): readonly number[] {
  const exposed = image.config.ports.map((port) => Number.parseInt(port, 10));
  return [...new Set([...exposed, ...request.ports.map(({ containerPort }) => containerPort)])];
}

/** The image's, or the one that `--user` names. */
function userFor(
  { definition }: LocalImage,
  asked: string | undefined,
): { readonly uid: number; readonly gid: number } {
  const { uid = 0, gid = 0 } = definition.user ?? {};
  if (asked === undefined) return { uid, gid };
  const files = new FileTree(() => 0, baseTree(definition, 0));
  const passwd = files.exists('/etc/passwd') ? files.readText('/etc/passwd') : '';
  const [name = ''] = asked.split(':');
  if (name !== 'root' && !/^\d+$/.test(name) && !passwd.split('\n').some((line) => line.startsWith(`${name}:`)))
    throw new DockerError(`unable to find user ${name}: no matching entries in passwd file`);
  return userOf(asked, passwd) ?? { uid: 0, gid: 0 };
}

function merged(base: readonly string[], more: readonly string[]): readonly string[] {
  const all = new Map([...base, ...more].map((line) => [line.split('=')[0] ?? '', line] as const));
  return [...all.values()];
}
