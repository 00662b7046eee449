// What a Tab puts in and what it lists.
import { expect, test } from 'vitest';
import { complete, inColumns } from './completion.ts';

test('the only word that fits is put in whole', () => {
  expect(complete('kubectl desc', { from: 8, words: ['describe '] })).toEqual({ insert: 'ribe ', list: [] });
});

test('several words give what they share, then a list', () => {
  const words = ['worker-1 ', 'worker-2 '];
  expect(complete('w', { from: 0, words })).toEqual({ insert: 'orker-', list: [] });
  expect(complete('worker-', { from: 0, words })).toEqual({ insert: '', list: ['worker-1', 'worker-2'] });
});

test('no word gives nothing', () => {
  expect(complete('x', { from: 0, words: [] })).toEqual({ insert: '', list: [] });
});

test('a list stands in columns from top to bottom', () => {
  expect(inColumns(['a', 'bb', 'c', 'd', 'e'], 12)).toBe('a   c   e\nbb  d');
});
