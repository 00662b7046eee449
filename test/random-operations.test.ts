// Random operations and node failures in virtual time; at every quiet point the cluster must be as its objects say.
// Each seed is a run of its own: SEEDS=2000 runs more of them, SEED=7 runs one.
import { describe, expect, test } from 'vitest';
import { checkInvariants } from './support/invariants.ts';
import { RandomOperations } from './support/random-operations.ts';
import { type EngineWorld, engineWorld } from './support/world.ts';

const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.SEEDS ?? 200) }, (_, i) => i + 1);
/** Operations between two quiet points, and quiet points a seed. */
const burst = 6;
const quietPoints = 3;
/** Enough for node failures to be noticed, pods to be evicted and replaced, back-offs to pass. */
const settleMs = 15 * 60_000;

describe('whatever happens, the cluster settles into what its objects ask for', () => {
  test.each(chunks(seeds, 20).map((chunk) => ({ first: chunk[0], chunk })))('seeds from $first', ({ chunk }) => {
    for (const seed of chunk) {
      const world: EngineWorld = engineWorld({ seed });
      const operations = new RandomOperations(world, seed);
      for (let point = 0; point < quietPoints; point++) {
        for (let i = 0; i < burst; i++) operations.next();
        operations.mendNodes();
        world.simulation.runFor(settleMs);
        expect(checkInvariants(world), `seed ${seed}, after:\n${operations.history.join('\n')}`).toEqual([]);
      }
    }
  });
});

/** With three control planes whose parts fail; a seed costs several times as much. */
const faultSeeds = seeds.slice(0, process.env.SEEDS ? undefined : 5);

describe('whatever fails of the control plane, the cluster settles once it is mended', () => {
  test.each(faultSeeds)('seed %i', (seed) => {
    const world: EngineWorld = engineWorld({ seed, profile: 'ha' });
    const operations = new RandomOperations(world, seed, { controlPlane: true });
    for (let point = 0; point < quietPoints; point++) {
      for (let i = 0; i < 2 * burst; i++) operations.next();
      operations.mendNodes();
      world.simulation.runFor(settleMs);
      expect(checkInvariants(world), `seed ${seed}, after:\n${operations.history.join('\n')}`).toEqual([]);
    }
  });
});

function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
