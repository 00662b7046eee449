// What the diagram draws of clusters of several sizes in panes of several sizes.
import { expect, test } from 'vitest';
import { arrange, type Load } from './arrangement.ts';

const rows: readonly (readonly [about: string, load: Load, drawn: string])[] = [
  ['a small cluster', { width: 1000, height: 420, controlPlanes: 1, workers: 2, podsMax: 3 }, 'tiles, wide'],
  [
    'a small cluster between other panes',
    { width: 690, height: 420, controlPlanes: 1, workers: 2, podsMax: 3 },
    'tiles, compact',
  ],
  ['forty pods a node', { width: 1000, height: 420, controlPlanes: 1, workers: 2, podsMax: 40 }, 'dots, compact'],
  ['five hundred pods a node', { width: 1000, height: 420, controlPlanes: 1, workers: 2, podsMax: 500 }, 'heat, wide'],
  ['a phone', { width: 390, height: 640, controlPlanes: 1, workers: 2, podsMax: 3 }, 'tiles, stacked'],
];

test.each(rows)('%s', (_about, load, drawn) => {
  const { detail, form } = arrange(load);
  expect(`${detail}, ${form}`).toBe(drawn);
});

test('what stands stays where it is while a little more comes', () => {
  const load: Load = { width: 1000, height: 420, controlPlanes: 1, workers: 3, podsMax: 4 };
  const before = arrange(load);
  for (const podsMax of [5, 6, 7, 8]) expect(arrange({ ...load, podsMax }, before)).toBe(before);
});
