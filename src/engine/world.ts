// The composition root: one clock, one network, the outside world, and clusters by name.
import type { NetworkHost } from '../api/network.ts';
import type { ProgramHost } from '../api/program.ts';
import { FileTree } from '../base/files.ts';
import { late } from '../base/late.ts';
import { Cluster, type ClusterSnapshot } from './cluster.ts';
import type { EtcdEvent } from './etcd/store.ts';
import { minikubeMachine } from './minikube-machine.ts';
import { createNetwork } from './network/network.ts';
import { Registries } from './node/registry/registries.ts';
import { type ClustersSnapshot, LocalClusters } from './outside/clusters.ts';
import type { DaemonOptions, DockerDaemon, DockerSnapshot } from './outside/docker-daemon.ts';
import { type AccountsSnapshot, LearnerAccounts } from './outside/registry-accounts.ts';
import { type ProfileName, profile } from './profiles.ts';
import type { Simulation } from './sim/simulation.ts';

const dockerCode = late('docker', () => import('./outside/docker-daemon.ts'));

export interface WorldOptions {
  readonly simulation: Simulation;
  readonly profile: ProfileName;
  /** Default: the profile's. */
  readonly workers?: number | undefined;
  /** Default: the profile's. */
  readonly controlPlanes?: number | undefined;
  readonly programs: ProgramHost;
  readonly snapshot?: WorldSnapshot | undefined;
  /** The learner's machine's files, which containers may see. Default: it has none. */
  readonly files?: (() => FileTree) | undefined;
  /** Sees every change of every cluster's etcd inside the write; must change nothing. */
  readonly observe?: ((event: EtcdEvent) => void) | undefined;
}

/** Lasting state, plain data: what survives when everything is switched off. */
export interface WorldSnapshot {
  /** Milliseconds since the Unix epoch, virtual. */
  readonly at: number;
  readonly randomStates: Readonly<Record<string, readonly number[]>>;
  readonly cluster: ClusterSnapshot | undefined;
  /** What minikube made. */
  readonly clusters?: ClustersSnapshot | undefined;
  readonly docker?: DockerSnapshot | undefined;
  readonly accounts?: AccountsSnapshot | undefined;
}

export interface World {
  readonly simulation: Simulation;
  /** The learner's machine on the network. */
  readonly learner: NetworkHost;
  /** The profile's, or the one that minikube started last. */
  readonly cluster: Cluster | undefined;
  /** The docker daemon of the learner's machine; made when it is first asked for. */
  readonly docker: DockerDaemon;
  /** What minikube made. */
  readonly clusters: LocalClusters;
  snapshot(): WorldSnapshot;
}

export function createWorld(options: WorldOptions): World {
  const { simulation, snapshot } = options;
  const { root } = simulation;
  const chosen = profile(options.profile);
  const network = createNetwork(root.child('network'));
  const learner = network.attach({ id: 'learner', label: 'laptop', ips: ['172.18.0.1'], node: undefined });
  const accounts = new LearnerAccounts();
  const registries = new Registries(root.random('registries'), accounts);
  const { programs, observe } = options;
  const parts = { network, registries, programs, observe };
  const cluster = chosen.cluster
    ? new Cluster({
        ...parts,
        scope: root.child('cluster'),
        workers: options.workers ?? chosen.workers,
        controlPlanes: options.controlPlanes ?? chosen.controlPlanes,
        cloud: chosen.cloud,
        complete: chosen.complete,
        snapshot: snapshot?.cluster,
      })
    : undefined;
  const files = options.files ?? (() => new FileTree());
  const daemon = (more: Pick<DaemonOptions, 'scope' | 'since' | 'host' | 'files' | 'store'>): DockerDaemon =>
    new (dockerCode().DockerDaemon)({ ...parts, accounts, ...more });
  const since = simulation.now;
  let made: DockerDaemon | undefined;
  const docker = (): DockerDaemon => {
    if (made) return made;
    made = daemon({ scope: root.child('docker'), since, host: learner, files });
    made.onStop = () => clusters.stopAll();
    return made;
  };
  const clusters = new LocalClusters(
    {
      scope: root.child('minikube'),
      network,
      learner,
      machine: minikubeMachine,
      localImage: (name) => docker().asPulled(name),
      files,
      docker: (scope, machine) =>
        daemon({ scope, since: scope.now, host: machine.host, files: () => machine.files, store: machine }),
      start: ({ name, version, scope, machines, snapshot: held }) =>
        new Cluster({
          ...parts,
          network: network.segment(name),
          scope,
          workers: 0,
          cloud: false,
          complete: true,
          inPods: true,
          machines: machines.map((machine) => minikubeMachine(machine, version)),
          snapshot: held,
        }),
    },
    (machines) => docker().containers.showMachines(machines, (machine, on) => clusters.powerMachine(machine, on)),
  );
  if (snapshot?.accounts) accounts.restore(snapshot.accounts);
  if (snapshot?.docker) docker().restore(snapshot.docker);
  if (snapshot?.clusters) clusters.restore(snapshot.clusters);
  return {
    simulation,
    learner,
    get docker() {
      return docker();
    },
    clusters,
    get cluster() {
      return cluster ?? clusters.cluster();
    },
    snapshot: () => ({
      at: simulation.now,
      randomStates: simulation.randomStates(),
      cluster: cluster?.snapshot(),
      accounts: accounts.snapshot(),
      docker: made?.snapshot(),
      ...(clusters.list().length > 0 ? { clusters: clusters.snapshot() } : {}),
    }),
  };
}
