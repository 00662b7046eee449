// The composition root: one clock, one network, the outside world, and clusters by name.
import type { NetworkHost } from '../api/network.ts';
import type { ProgramHost } from '../api/program.ts';
import { Cluster, type ClusterSnapshot } from './cluster.ts';
import { createNetwork } from './network/network.ts';
import { Registries } from './node/registry/registries.ts';
import { type ProfileName, profile } from './profiles.ts';
import type { Simulation } from './sim/simulation.ts';

export interface WorldOptions {
  readonly simulation: Simulation;
  readonly profile: ProfileName;
  /** Default: the profile's. */
  readonly workers?: number | undefined;
  readonly programs: ProgramHost;
  readonly snapshot?: WorldSnapshot | undefined;
}

/** Lasting state, plain data: what survives when everything is switched off. */
export interface WorldSnapshot {
  /** Milliseconds since the Unix epoch, virtual. */
  readonly at: number;
  readonly randomStates: Readonly<Record<string, readonly number[]>>;
  readonly cluster: ClusterSnapshot | undefined;
}

export interface World {
  readonly simulation: Simulation;
  /** The learner's machine on the network. */
  readonly learner: NetworkHost;
  readonly cluster: Cluster | undefined;
  snapshot(): WorldSnapshot;
}

export function createWorld(options: WorldOptions): World {
  const { simulation, snapshot } = options;
  const { root } = simulation;
  const chosen = profile(options.profile);
  const network = createNetwork(root.child('network'));
  const learner = network.attach({ id: 'learner', ips: ['172.18.0.1'], node: undefined });
  const cluster = chosen.cluster
    ? new Cluster({
        scope: root.child('cluster'),
        network,
        registries: new Registries(root.random('registries')),
        programs: options.programs,
        workers: options.workers ?? chosen.workers,
        cloud: chosen.cloud,
        complete: chosen.complete,
        snapshot: snapshot?.cluster,
      })
    : undefined;
  return {
    simulation,
    learner,
    cluster,
    snapshot: () => ({ at: simulation.now, randomStates: simulation.randomStates(), cluster: cluster?.snapshot() }),
  };
}
