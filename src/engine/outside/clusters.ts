// The clusters that minikube makes: each is a cluster of its own whose machines are containers of the learner's docker.
import type { LocalCluster, LocalNode } from '../../api/clusters.ts';
import type { DockerContainer } from '../../api/docker.ts';
import type { NetworkHost } from '../../api/network.ts';
import type { FileTree } from '../../base/files.ts';
import { forwardingListener } from '../../base/forward.ts';
import type { Cluster, ClusterSnapshot } from '../cluster.ts';
import type { ClusterMachine } from '../cluster-machines.ts';
import type { SimulatedNetwork } from '../network/network.ts';
import type { PulledImage } from '../node/registry/registries.ts';
import type { Scope } from '../sim/scope.ts';
import { firstSubnet, machineOf, portsOf, serverOf, shownMachine, sshPort } from './cluster-machines.ts';
import type { DockerDaemon } from './docker-daemon.ts';

export interface ClustersOptions {
  readonly scope: Scope;
  readonly network: SimulatedNetwork;
  /** The learner's machine. */
  readonly learner: NetworkHost;
  /** An image of the learner's docker, as nodes have images. */
  localImage(name: string): PulledImage | undefined;
  /** How a machine is set up. */
  machine(node: LocalNode, version: string): ClusterMachine;
  /** The learner's machine's files. */
  files(): FileTree;
  /** A docker daemon on a machine of a cluster, which shares its images with the cluster. */
  docker(scope: Scope, machine: MachineParts): DockerDaemon;
  /** Makes a cluster and starts it; a snapshot's goes on from what its disks hold. */
  start(request: {
    readonly name: string;
    readonly version: string;
    readonly scope: Scope;
    readonly machines: readonly LocalNode[];
    readonly snapshot: ClusterSnapshot | undefined;
  }): Cluster;
}

/** What of a machine is seen from outside of the cluster. */
export type MachineParts = NonNullable<ReturnType<Cluster['machine']>>;

interface Entry {
  readonly name: string;
  /** The third number of its network, e.g. 49. */
  readonly subnet: number;
  readonly version: string;
  machines: LocalNode[];
  /** Machines that are switched off while the others run. */
  readonly off: Set<string>;
  /** How to close what leads into it. */
  readonly tunnels: Set<() => void>;
  readonly addons: Set<string>;
  readonly createdAt: number;
  startedAt: number;
  paused: boolean;
  running: { readonly cluster: Cluster; readonly scope: Scope; docker?: DockerDaemon } | undefined;
  snapshot: ClusterSnapshot | undefined;
}

/** Plain data. */
export interface ClustersSnapshot {
  readonly entries: readonly {
    readonly name: string;
    readonly subnet: number;
    readonly version: string;
    readonly machines: readonly LocalNode[];
    readonly addons: readonly string[];
    readonly createdAt: number;
    readonly running: boolean;
    readonly cluster: ClusterSnapshot | undefined;
  }[];
}

const subnetStep = 9;
const nodesMax = 50;
const firstTunnelPort = 41_303;
const lastPort = 60_999;

export class LocalClusters {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly options: ClustersOptions,
    /** Hears what machines there are now. */
    private readonly changed: (containers: readonly DockerContainer[]) => void,
  ) {}

  list(): readonly LocalCluster[] {
    return [...this.entries.values()].map((entry) => this.show(entry));
  }

  /** A cluster that runs; without a name the one started last. */
  cluster(name?: string): Cluster | undefined {
    if (name !== undefined) return this.entries.get(name)?.running?.cluster;
    const all = [...this.entries.values()].filter(({ running }) => running);
    return all.sort((a, b) => b.startedAt - a.startedAt)[0]?.running?.cluster;
  }

  /** The cluster behind a kubeconfig's server. */
  byServer(server: string): Cluster | undefined {
    for (const entry of this.entries.values()) if (serverOf(entry) === server) return entry.running?.cluster;
    return undefined;
  }

  create(request: { readonly name: string; readonly nodes: number; readonly version: string }): LocalCluster {
    const subnet = this.freeSubnet();
    const { name, version } = request;
    const count = Math.min(Math.max(1, request.nodes), nodesMax);
    const machines = [...Array(count).keys()].map((i) => machineOf({ name, subnet }, i + 1, i === 0));
    const { now } = this.options.scope;
    const entry: Entry = {
      name,
      subnet,
      version,
      machines,
      off: new Set(),
      tunnels: new Set(),
      addons: new Set(['storage-provisioner', 'default-storageclass']),
      createdAt: now,
      startedAt: now,
      paused: false,
      running: undefined,
      snapshot: undefined,
    };
    this.entries.set(name, entry);
    return this.start(name);
  }

  start(name: string): LocalCluster {
    const entry = this.get(name);
    if (!entry.running) {
      const scope = this.options.scope.child(`cluster/${name}`);
      for (const each of entry.machines) this.options.network.cut(each.name, false);
      const cluster = this.options.start({
        name,
        version: entry.version,
        scope,
        machines: entry.machines,
        snapshot: entry.snapshot,
      });
      entry.running = { cluster, scope };
      entry.startedAt = this.options.scope.now;
      this.tell();
    } else for (const node of [...entry.off]) this.powerNode(name, node, true);
    return this.show(entry);
  }

  stop(name: string): void {
    const entry = this.get(name);
    if (!entry.running) return;
    const { cluster, scope } = entry.running;
    for (const each of entry.machines) cluster.powerOff(each.name);
    entry.snapshot = cluster.snapshot();
    entry.paused = false;
    entry.running = undefined;
    entry.off.clear();
    for (const close of entry.tunnels) close();
    entry.tunnels.clear();
    scope.stop();
    this.tell();
  }

  /** The docker daemon went down under all of them. */
  stopAll(): void {
    for (const name of this.entries.keys()) this.stop(name);
  }

  delete(name: string): void {
    this.stop(name);
    this.entries.delete(name);
    this.tell();
  }

  addNode(name: string, controlPlane: boolean): LocalCluster {
    const entry = this.get(name);
    const made = machineOf(entry, entry.machines.length + 1, controlPlane);
    entry.machines = [...entry.machines, made];
    entry.running?.cluster.addMachine(this.options.machine(made, entry.version));
    this.tell();
    return this.show(entry);
  }

  powerNode(name: string, node: string, on: boolean): void {
    const entry = this.get(name);
    if (on) {
      entry.off.delete(node);
      entry.running?.cluster.powerOn(node);
    } else {
      entry.off.add(node);
      entry.running?.cluster.powerOff(node);
    }
    this.tell();
  }

  /** Docker starts or stops the container that a machine is. A cluster of which nothing runs any more is stopped. */
  powerMachine(machine: string, on: boolean): void {
    const entry = [...this.entries.values()].find(({ machines }) => machines.some(({ name }) => name === machine));
    if (!entry) return;
    const others = entry.machines.filter(({ name }) => name !== machine);
    if (on && !entry.running) {
      this.start(entry.name);
      for (const { name } of others) this.powerNode(entry.name, name, false);
    } else if (on || others.some(({ name }) => !entry.off.has(name))) this.powerNode(entry.name, machine, on);
    else this.stop(entry.name);
  }

  removeNode(name: string, node: string): void {
    const entry = this.get(name);
    entry.running?.cluster.removeMachine(node);
    entry.off.delete(node);
    entry.machines = entry.machines.filter((each) => each.name !== node);
    this.tell();
  }

  setAddon(name: string, addon: string, enabled: boolean): void {
    const { addons } = this.get(name);
    if (enabled) addons.add(addon);
    else addons.delete(addon);
  }

  loadImage(name: string, image: string): boolean {
    const { running, machines } = this.get(name);
    const found = this.options.localImage(image);
    if (!running || !found) return false;
    for (const machine of machines) running.cluster.machine(machine.name)?.addImage(found);
    return true;
  }

  images(name: string): readonly string[] {
    return this.first(this.get(name))?.images() ?? [];
  }

  /** Takes an image off every machine; false: the first has none of that name. */
  removeImage(name: string, image: string): boolean {
    const { running, machines } = this.get(name);
    const removed = machines.map((machine) => running?.cluster.machine(machine.name)?.removeImage(image) ?? false);
    return removed[0] ?? false;
  }

  /** Holds the control plane and the kubelets, or lets them go on; containers run on. */
  pause(name: string, on: boolean): void {
    const entry = this.get(name);
    for (const each of entry.running ? entry.machines : []) {
      entry.running?.cluster.setComponent(each.name, 'kubelet', !on);
      if (each.controlPlane) entry.running?.cluster.setComponent(each.name, 'kube-apiserver', !on);
    }
    entry.paused = on;
  }

  /** The docker of the cluster that a client's `DOCKER_HOST` leads to. */
  docker(host: string): DockerDaemon | undefined {
    const port = Number(/:(\d+)\/?$/.exec(host)?.[1]);
    for (const entry of this.entries.values()) {
      const { running } = entry;
      const machine = this.first(entry);
      const isMeant = portsOf(entry, 0).some(
        ({ hostPort, containerPort }) => containerPort === sshPort && hostPort === port,
      );
      if (!running || !machine || !isMeant) continue;
      running.docker ??= this.options.docker(running.scope.child('docker'), machine);
      return running.docker;
    }
    return undefined;
  }

  /** Writes a file onto a machine; false: it does not run. */
  copy(name: string, to: { readonly node: string; readonly path: string; readonly bytes: Uint8Array }): boolean {
    const machine = this.get(name).running?.cluster.machine(to.node);
    machine?.files.writeFile(to.path, to.bytes, { parents: true });
    return machine !== undefined;
  }

  /** Shows a directory of the learner's machine on the cluster's first machine. Returns how to take it away. */
  mount(name: string, source: string, target: string): (() => void) | undefined {
    const machine = this.first(this.get(name));
    if (!machine) return undefined;
    machine.files.mount(target, this.options.files().stat(source));
    return () => machine.files.unmount(target);
  }

  ready(name: string): boolean {
    return this.get(name).running?.cluster.ready() ?? false;
  }

  /** A port of the learner's machine whose connections go on from the cluster's first machine. */
  openTunnel(
    name: string,
    { port, to }: { readonly port: number | undefined; readonly to: { readonly ip: string; readonly port: number } },
  ): { readonly port: number; close(): void } | undefined {
    const entry = this.get(name);
    const listener = forwardingListener(() => {
      const host = this.first(entry)?.host;
      return host && { dialer: host, to: { host: to.ip, port: to.port, origin: 'laptop' } };
    });
    const { learner } = this.options;
    let taken = port ?? firstTunnelPort;
    let stop = learner.listen(taken, listener);
    while (!stop && port === undefined && taken < lastPort) stop = learner.listen(++taken, listener);
    if (!stop) return undefined;
    const close = stop;
    entry.tunnels.add(close);
    return {
      port: taken,
      close() {
        entry.tunnels.delete(close);
        close();
      },
    };
  }

  snapshot(): ClustersSnapshot {
    return {
      entries: [...this.entries.values()].map(
        ({ running, addons, snapshot, startedAt: _, off: __, tunnels: ___, paused: ____, ...entry }) => ({
          ...entry,
          addons: [...addons],
          running: running !== undefined,
          cluster: running ? running.cluster.snapshot() : snapshot,
        }),
      ),
    };
  }

  restore(snapshot: ClustersSnapshot): void {
    for (const { running, cluster, addons, machines, ...entry } of snapshot.entries) {
      const startedAt = this.options.scope.now;
      this.entries.set(entry.name, {
        ...entry,
        machines: [...machines],
        off: new Set(),
        tunnels: new Set(),
        addons: new Set(addons),
        startedAt,
        paused: false,
        running: undefined,
        snapshot: cluster,
      });
      if (running) this.start(entry.name);
    }
    this.tell();
  }

  private first({ running, machines }: Entry): MachineParts | undefined {
    return running?.cluster.machine(machines[0]?.name ?? '');
  }

  private get(name: string): Entry {
    const entry = this.entries.get(name);
    if (!entry) throw new Error(`no cluster ${name}`);
    return entry;
  }

  private freeSubnet(): number {
    const taken = new Set([...this.entries.values()].map(({ subnet }) => subnet));
    let subnet = firstSubnet;
    while (taken.has(subnet) && subnet < 255 - subnetStep) subnet += subnetStep;
    return subnet;
  }

  private show(entry: Entry): LocalCluster {
    const { name, running, version, machines, addons } = entry;
    const certificateAuthority = running?.cluster.facts.rootCa ?? '';
    return {
      name,
      running: running !== undefined && !entry.off.has(machines[0]?.name ?? ''),
      paused: entry.paused,
      sshPort: portsOf(entry, 0).find(({ containerPort }) => containerPort === sshPort)?.hostPort ?? sshPort,
      server: serverOf(entry),
      certificateAuthority,
      version,
      nodes: machines.map((each) => {
        const up = running !== undefined && !entry.off.has(each.name);
        return {
          ...each,
          running: up,
          kubelet: up && running.cluster.runs(each.name, 'kubelet'),
          apiServer: up && running.cluster.runs(each.name, 'kube-apiserver'),
        };
      }),
      addons: [...addons],
    };
  }

  private tell(): void {
    this.changed(
      [...this.entries.values()].flatMap((entry) =>
        entry.machines.map((each, i) =>
          shownMachine({ ...entry, up: entry.running !== undefined && !entry.off.has(each.name) }, each, i),
        ),
      ),
    );
  }
}
