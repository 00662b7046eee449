// The docker daemon's containers: all of them, by name and id, and those that are minikube's machines.
import { type ContainerRequest, type DockerContainer, DockerError, type DockerMount } from '../../api/docker.ts';
import type { RandomStream } from '../sim/random.ts';
import { freeName } from './container-names.ts';
import { type ContainerSnapshot, type ContainersOptions, HostedContainer } from './docker-container.ts';
import { DockerNetworks } from './docker-networks.ts';
import { DockerVolumes } from './docker-volumes.ts';
import type { LocalImage } from './local-image.ts';

export class DockerContainers {
  readonly networks: DockerNetworks;
  readonly volumes: DockerVolumes;
  private readonly all = new Map<string, HostedContainer>();
  /** Containers that minikube's machines are, and how one of them is switched on or off. */
  private machines: readonly DockerContainer[] = [];
  private power: (machine: string, on: boolean) => void = () => {};

  constructor(
    private readonly options: ContainersOptions,
    private readonly random: RandomStream,
  ) {
    const now = (): number => options.scope.now;
    const apart = options.scope.random(`${options.scope.name}/networks`);
    this.networks = new DockerNetworks(now, apart, options.since);
    this.volumes = new DockerVolumes(now, apart, (volume) => this.usersOf(volume));
  }

  /** Newest first. */
  list(): readonly DockerContainer[] {
    const own = [...this.all.values()].map((container) => container.show());
    return [...own, ...this.machines].sort((a, b) => b.createdAt - a.createdAt);
  }

  showMachines(machines: readonly DockerContainer[], power: (machine: string, on: boolean) => void): void {
    this.machines = machines;
    this.power = power;
    this.networks.showMachines(machineNetworks(machines));
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

  /** Starts or stops one of minikube's machines; false: the name is no such machine's. */
  powerMachine(name: string, on: boolean): boolean {
    const found = this.find(name);
    if (!found || this.all.has(found.id)) return false;
    if ((found.state === 'running') !== on) this.power(found.name, on);
    return true;
  }

  get(name: string): HostedContainer {
    const found = this.find(name);
    if (!found) throw new DockerError(`No such container: ${name}`);
    const container = this.all.get(found.id);
    if (!container) throw new DockerError(`container ${found.name} is a machine of minikube: use minikube for it`);
    return container;
  }

  /** A container that runs, for what needs one. */
  getRunning(name: string): HostedContainer {
    const container = this.get(name);
    if (!container.running) throw new DockerError(`container ${container.id} is not running`);
    if (container.paused) throw new DockerError(`container ${name} is paused, unpause the container before exec`);
    return container;
  }

  create(request: ContainerRequest, image: LocalImage): string {
    const name = request.name ?? freeName(this.random, (each) => this.find(each) !== undefined);
    this.checkName(name);
    const [kind, shared = ''] = request.network.split(':');
    if (kind === 'container') this.get(shared);
    else this.networks.get(request.network);
    const id = this.random.hex(32);
    const mounts = this.mountsOf(request, image);
    const asked = { id, name, request: { ...request, mounts }, createdAt: this.options.scope.now, before: undefined };
    this.all.set(id, this.make({ ...asked, image }));
    return id;
  }

  rename(from: string, to: string): void {
    const container = this.get(from);
    try {
      this.checkName(to);
    } catch (error) {
      throw error instanceof DockerError ? new DockerError(`Error when allocating new name: ${error.message}`) : error;
    }
    container.name = to;
  }

  remove(name: string, { force, volumes }: { readonly force: boolean; readonly volumes: boolean }): void {
    const container = this.get(name);
    const { state } = container.show();
    if (container.running && !force)
      throw new DockerError(
        `cannot remove container "${container.name}": container is ${state}: stop the container before removing or force remove`,
      );
    container.stop({ signal: 'SIGKILL', timeoutMs: 0 }, () => {});
    this.drop(container, volumes);
  }

  pause(name: string, on: boolean): void {
    const container = this.get(name);
    if (!container.running) throw new DockerError(`container ${container.id} is not running`);
    if (container.paused === on) throw new DockerError(`container ${container.id} is ${on ? 'already' : 'not'} paused`);
    container.pause(on);
  }

  stopAll(): void {
    for (const container of this.all.values()) container.stop({ signal: 'SIGKILL', timeoutMs: 0 }, () => {});
  }

  snapshot(): readonly ContainerSnapshot[] {
    return [...this.all.values()].map((container) => container.snapshot());
  }

  /** Those that ran run again once the world goes on, from their image's files. */
  restore(saved: readonly ContainerSnapshot[], imageOf: (id: string) => LocalImage | undefined): void {
    for (const { imageId, running, networks, ...asked } of saved) {
      const image = imageOf(imageId);
      if (!image) continue;
      const container = this.make({ ...asked, image });
      for (const network of networks) if (!container.places.has(network)) container.places.set(network, []);
      this.all.set(container.id, container);
      container.resumes = running;
      if (running)
        this.options.scope.schedule(0, () => {
          container.resumes = false;
          container.start();
        });
    }
  }

  private make(asked: ConstructorParameters<typeof HostedContainer>[1]): HostedContainer {
    return new HostedContainer(
      {
        ...this.options,
        networks: this.networks,
        volumes: this.volumes,
        other: (name) => this.get(name),
        moved: () => {
          for (const container of this.all.values()) container.learnNames();
        },
        gone: (container) => this.drop(container, true),
      },
      asked,
    );
  }

  private drop(container: HostedContainer, volumes: boolean): void {
    this.all.delete(container.id);
    if (!volumes) return;
    for (const { kind, source } of container.request.mounts)
      if (kind === 'volume' && source !== undefined) this.volumes.removeAnonymous(source);
  }

  private checkName(name: string): void {
    if (!/^\/?[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
      throw new DockerError(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
    const taken = this.find(name);
    if (taken?.name === name)
      throw new DockerError(
        `Conflict. The container name "/${name}" is already in use by container "${taken.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      );
  }

  /** What was asked for, and a volume for each directory of the image that wants one; all of them have names now. */
  private mountsOf({ mounts }: ContainerRequest, { config }: LocalImage): readonly DockerMount[] {
    const covered = new Set(mounts.map(({ target }) => target));
    const own = (config.volumes ?? []).filter((target) => !covered.has(target));
    const all = [
      ...mounts,
      ...own.map((target) => ({ kind: 'volume', source: undefined, target, readOnly: false }) as const),
    ];
    return all.map((mount) =>
      mount.kind === 'volume' ? { ...mount, source: this.volumes.create(mount.source) } : mount,
    );
  }

  private usersOf(volume: string): readonly { readonly id: string; readonly name: string }[] {
    return [...this.all.values()].filter(({ request }) =>
      request.mounts.some(({ kind, source }) => kind === 'volume' && source === volume),
    );
  }
}

/** The network of each minikube cluster: all its machines are on it. */
function machineNetworks(machines: readonly DockerContainer[]) {
  const names = [...new Set(machines.map(({ name }) => name.replace(/-m\d\d$/, '')))];
  return names.map((name) => {
    const own = machines.filter((each) => each.name.replace(/-m\d\d$/, '') === name);
    const [first] = own;
    const prefix = first?.ip.replace(/\.\d+$/, '') ?? '';
    return {
      id: (first?.id ?? '').split('').reverse().join(''),
      name,
      driver: 'bridge',
      createdAt: first?.createdAt ?? 0,
      subnet: `${prefix}.0/24`,
      gateway: `${prefix}.1`,
      internal: false,
      labels: { 'created_by.minikube.sigs.k8s.io': 'true', 'name.minikube.sigs.k8s.io': name },
      members: own
        .filter(({ state }) => state === 'running')
        .map(({ id, name: machine, ip }) => ({ id, name: machine, ip })),
    };
  });
}
