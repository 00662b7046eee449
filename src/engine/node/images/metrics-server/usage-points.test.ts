// From two measurements to a usage.
import { expect, test } from 'vitest';
import { type Batch, type Point, UsagePoints } from './usage-points.ts';

const point = (startedAt: number, at: number, cpuSeconds: number): Point => ({
  startedAt: startedAt * 1000,
  at: at * 1000,
  cpuSeconds,
  memoryBytes: 64 * 1024 * 1024,
});

function stored(...batches: readonly Readonly<Record<string, Point>>[]): UsagePoints {
  const points = new UsagePoints(15_000);
  for (const containers of batches) {
    const batch: Batch = { nodes: new Map(), pods: new Map([['default/web', new Map(Object.entries(containers))]]) };
    points.store(batch);
  }
  return points;
}

const shown = (points: UsagePoints) =>
  points.pod('default/web')?.map(({ name, window, usage }) => `${name} ${usage.cpu} ${usage.memory} in ${window}`);

test.each([
  ['two measurements make a usage', [{ a: point(0, 100, 3) }, { a: point(0, 115, 4.5) }], ['a 100m 64Mi in 15s']],
  ['one does not', [{ a: point(0, 100, 3) }], undefined],
  ['unless the container began within this round', [{ a: point(90, 102, 3) }], ['a 250m 64Mi in 12s']],
  ['but not just now', [{ a: point(98, 102, 3) }], undefined],
  ['a container that began anew begins anew', [{ a: point(0, 100, 3) }, { a: point(112, 115, 0.1) }], undefined],
  [
    'one without a usage keeps the whole pod back',
    [{ a: point(0, 100, 3) }, { a: point(0, 115, 4.5), b: point(112, 115, 1) }],
    undefined,
  ],
])('%s', (_, batches, expected) => {
  expect(shown(stored(...batches))).toEqual(expected);
});
