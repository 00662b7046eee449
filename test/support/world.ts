// A world for tests that need no programs: the engine alone, driven synchronously in virtual time.
import { CannotExecute, type ProgramHost } from '../../src/api/program.ts';
import type { UserInfo } from '../../src/api/request.ts';
import { loadLateCode } from '../../src/base/late.ts';
import { Client } from '../../src/engine/client/client.ts';
import { Transport } from '../../src/engine/client/transport.ts';
import type { Cluster } from '../../src/engine/cluster.ts';
import type { ProfileName } from '../../src/engine/profiles.ts';
import { Simulation } from '../../src/engine/sim/simulation.ts';
import type { Work } from '../../src/engine/sim/work.ts';
import { createWorld, type World, type WorldSnapshot } from '../../src/engine/world.ts';

await loadLateCode();

const admin: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

/** Images that run without programs of the shell (nginx, pause …) are all that this world can run. */
const noPrograms: ProgramHost = {
  start(process, events) {
    events.failed(new CannotExecute('notFound', process.argv[0] ?? ''));
    return { input() {}, inputEnded() {}, signal() {}, resize() {} };
  },
};

export interface EngineWorld {
  readonly simulation: Simulation;
  readonly world: World;
  readonly cluster: Cluster;
  /** A client with all rights. */
  readonly client: Client;
  /** Runs work to its end in virtual time. Throws what it throws. */
  run<T>(work: Work<T>, withinMs?: number): T;
}

export function engineWorld(
  options: {
    readonly seed?: number;
    readonly workers?: number;
    readonly profile?: ProfileName;
    readonly snapshot?: WorldSnapshot;
  } = {},
): EngineWorld {
  const { seed = 1, profile = '3-node', workers, snapshot } = options;
  const startsAt = snapshot?.at ?? Date.UTC(2026, 0, 1);
  const simulation = new Simulation({ seed, startsAt, ...(snapshot ? { randomStates: snapshot.randomStates } : {}) });
  const world = createWorld({ simulation, profile, workers, programs: noPrograms, snapshot });
  const { cluster } = world;
  if (!cluster) throw new Error(`profile ${profile} has no cluster`);
  // The controllers' clients send twenty requests a second, and every node takes a few.
  const withinMs = 120_000 + (workers ?? 0) * 500;
  if (!simulation.runWhen(() => cluster.ready(), withinMs)) throw new Error('the cluster does not become ready');
  const scope = simulation.root.child('admin');
  const client = new Client(new Transport(scope, cluster.link()), { user: admin, userAgent: 'test' });
  return {
    simulation,
    world,
    cluster,
    client,
    run<T>(work: Work<T>, withinMs = 600_000): T {
      let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
      scope.run(
        work,
        (value) => {
          outcome = { value };
        },
        (error) => {
          outcome = { error };
        },
      );
      simulation.runWhen(() => outcome !== undefined, withinMs);
      if (!outcome) throw new Error(`the work did not end within ${withinMs} ms`);
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    },
  };
}
