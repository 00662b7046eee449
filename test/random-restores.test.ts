// Snapshots at random moments of a busy cluster: whatever was under way, what is restored settles into what its
// objects ask for. Each seed is a run of its own: SEEDS=500 runs more of them, SEED=7 runs one.
import { describe, expect, test } from 'vitest';
import type { WorldSnapshot } from '../src/engine/world.ts';
import { checkInvariants } from './support/invariants.ts';
import { RandomOperations } from './support/random-operations.ts';
import { engineWorld } from './support/world.ts';

const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.SEEDS ?? 40) }, (_, i) => i + 1);
/** Operations before each of the snapshots of one seed. */
const burst = 5;
const restores = 3;
/** Enough for node failures to be noticed, pods to be evicted and replaced, back-offs to pass. */
const settleMs = 15 * 60_000;

describe('whenever the lights go out, the cluster comes back to what its objects ask for', () => {
  test.each(seeds)('seed %i', (seed) => {
    let world = engineWorld({ seed });
    const history: string[] = [];
    for (let round = 0; round < restores; round++) {
      const operations = new RandomOperations(world, seed * 100 + round);
      for (let i = 0; i < burst; i++) operations.next();
      world.simulation.runFor(world.simulation.random('moment').below(3000));
      const snapshot: WorldSnapshot = JSON.parse(JSON.stringify(world.world.snapshot()));
      world = engineWorld({ seed, snapshot });
      history.push(...operations.history, 'everything is switched off and on');
    }
    new RandomOperations(world, seed).mendNodes();
    world.simulation.runFor(settleMs);
    expect(checkInvariants(world), `seed ${seed}, after:\n${history.join('\n')}`).toEqual([]);
  });
});
