// What the diagram draws of clusters of several sizes in panes of several sizes.
import { expect, test } from 'vitest';
import { arrange, type Load } from './arrangement.ts';

const rows: readonly (readonly [about: string, load: Load, drawn: string])[] = [
  ['a small cluster', { width: 1000, height: 420, controlPlanes: 1, workers: 2, podsMax: 3 }, 'tiles'],
  ['forty pods a node', { width: 1000, height: 420, controlPlanes: 1, workers: 2, podsMax: 40 }, 'dots'],
  ['five hundred pods a node', { width: 1000, height: 420, controlPlanes: 1, workers: 2, podsMax: 500 }, 'heat'],
  ['a phone', { width: 390, height: 640, controlPlanes: 1, workers: 2, podsMax: 3 }, 'tiles, stacked'],
];

test.each(rows)('%s', (_about, load, drawn) => {
  const { detail, stacked } = arrange(load);
  expect(`${detail}${stacked ? ', stacked' : ''}`).toBe(drawn);
});

test('what stands stays where it is while a little more comes', () => {
  const load: Load = { width: 1000, height: 420, controlPlanes: 1, workers: 3, podsMax: 4 };
  const before = arrange(load);
  for (const podsMax of [5, 6, 7, 8]) expect(arrange({ ...load, podsMax }, before)).toBe(before);
});
