// Places of pods on a node.
import { expect, test } from 'vitest';
import { arrange } from './places.ts';

test('a new pod takes the first place that another has left, and nothing else moves', () => {
  const first = arrange([], ['a', 'b', 'c']);
  expect(first).toEqual(['a', 'b', 'c']);
  const gap = arrange(first, ['a', 'c']);
  expect(gap).toEqual(['a', 'free-1', 'c']);
  expect(arrange(gap, ['a', 'c', 'd', 'e'])).toEqual(['a', 'd', 'c', 'e']);
});

test('places left at the end are given up', () => {
  expect(arrange(['a', 'b', 'c'], ['a'])).toEqual(['a']);
});
