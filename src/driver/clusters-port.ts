// ClustersPort over the engine's local clusters.
import type { ClustersPort } from '../api/clusters.ts';
import type { ProgramHost } from '../api/program.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { LocalClusters } from '../engine/outside/clusters.ts';
import type { Driver } from './driver.ts';
import { startOnMachine } from './machine-programs.ts';

/** The cluster that has a machine of that name. */
export function clusterWith(
  node: string,
  { clusters, own }: { readonly clusters: LocalClusters; own(): Cluster | undefined },
): Cluster | undefined {
  const running = clusters.list().map(({ name }) => clusters.cluster(name));
  return [...running, own()].find((cluster) => cluster?.machine(node) !== undefined);
}

const callMs = 3;
/** How often one looks whether the nodes are Ready. */
const lookMs = 250;

/** Who one is on minikube's machines, and on those that ssh leads to. */
const docker = { name: 'docker', uid: 1000, home: '/tmp' };
const root = { name: 'root', uid: 0, home: '/root' };

/** `own` is the cluster that was there from the start. */
export function clustersPort(
  driver: Driver,
  { clusters, own }: { readonly clusters: LocalClusters; own(): Cluster | undefined },
  programs: ProgramHost,
): ClustersPort {
  const { simulation } = driver;
  const ask = <T>(value: () => T): Promise<T> =>
    driver.wait<T>((answer) => {
      simulation.root.schedule(callMs, () => answer.resolve(value()));
      return undefined;
    });
  return {
    list: () => ask(() => clusters.list()),
    create: (request) => ask(() => clusters.create(request)),
    start: (name) => ask(() => clusters.start(name)),
    stop: (name) => ask(() => clusters.stop(name)),
    delete: (name) => ask(() => clusters.delete(name)),
    addNode: (name, controlPlane) => ask(() => clusters.addNode(name, controlPlane)),
    powerNode: (name, node, on) => ask(() => clusters.powerNode(name, node, on)),
    removeNode: (name, node) => ask(() => clusters.removeNode(name, node)),
    async ready(name, timeoutMs) {
      const until = driver.simulation.now + timeoutMs;
      while (!clusters.ready(name)) {
        if (driver.simulation.now >= until) return false;
        await driver.sleep(lookMs);
      }
      return true;
    },
    setAddon: (name, addon, enabled) => ask(() => clusters.setAddon(name, addon, enabled)),
    openTunnel: (name, way) => ask(() => clusters.openTunnel(name, way)),
    loadImage: (name, image) => ask(() => clusters.loadImage(name, image)),
    removeImage: (name, image) => ask(() => clusters.removeImage(name, image)),
    pause: (name, on) => ask(() => clusters.pause(name, on)),
    copy: (name, to) => ask(() => clusters.copy(name, to)),
    mount: (name, source, target) => ask(() => clusters.mount(name, source, target)),
    images: (name) => ask(() => clusters.images(name)),
    async exec(name, { node, argv, stdin, tty }) {
      const cluster = (): Cluster | undefined => (name === undefined ? own() : clusters.cluster(name));
      const machine = await ask(() => cluster()?.machineInUse(node));
      const user = name === undefined ? root : docker;
      return machine && startOnMachine(driver, programs, machine, { node, argv, stdin, tty, user });
    },
  };
}
