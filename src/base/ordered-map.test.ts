import { expect, test } from 'vitest';
import { OrderedMap } from './ordered-map.ts';

test('values come by key, whatever the order of writing', () => {
  const map = new OrderedMap<string>();
  for (const key of ['b', 'd', 'a']) map.set(key, key.toUpperCase());
  expect(map.values()).toEqual(['A', 'B', 'D']);
  map.set('c', 'C');
  map.set('b', 'BB');
  expect(map.values()).toEqual(['A', 'BB', 'C', 'D']);
  expect(map.range('b', 'd')).toEqual(['BB', 'C']);
  expect(map.range('bb', 'z')).toEqual(['C', 'D']);
});

test('what is deleted is gone, and can come again', () => {
  const map = new OrderedMap<number>();
  for (let i = 0; i < 10; i++) map.set(`key-${i}`, i);
  expect(map.delete('key-3')).toBe(true);
  expect(map.delete('key-3')).toBe(false);
  expect(map.range('key-2', 'key-5')).toEqual([2, 4]);
  map.set('key-3', 33);
  expect(map.range('key-2', 'key-5')).toEqual([2, 33, 4]);
  expect(map.size).toBe(10);
});

test('behaves as a sorted plain map does, over many writes and deletions', () => {
  const map = new OrderedMap<number>();
  const plain = new Map<string, number>();
  let word = 1;
  for (let i = 0; i < 20_000; i++) {
    word = (Math.imul(word, 1_103_515_245) + 12_345) >>> 0;
    const key = `k${(word >>> 8) % 5000}`;
    if (word % 3 === 0) {
      expect(map.delete(key)).toBe(plain.delete(key));
    } else {
      map.set(key, i);
      plain.set(key, i);
    }
    if (i % 997 !== 0) continue;
    const sorted = [...plain].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(map.values()).toEqual(sorted.map(([, value]) => value));
    expect(map.range('k2', 'k4')).toEqual(
      sorted.filter(([one]) => one >= 'k2' && one < 'k4').map(([, value]) => value),
    );
  }
  expect(map.size).toBe(plain.size);
});
