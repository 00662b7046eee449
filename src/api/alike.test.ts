// What means the same.
import { expect, test } from 'vitest';
import { alike, emptyMap } from './alike.ts';

const rows: readonly (readonly [a: unknown, b: unknown, same: boolean])[] = [
  [{ a: [], b: 1 }, { b: 1 }, true],
  [{ a: null }, {}, false],
  [{ list: [{ inner: [] }] }, { list: [{}] }, true],
  [undefined, [], true],
  [{ a: {} }, {}, false],
  [{ a: emptyMap }, {}, true],
  [{ a: [1] }, { a: [] }, false],
  [{ a: [{}] }, { a: [{ b: '' }] }, false],
  [{ a: '' }, {}, false],
  [JSON.parse('{"__proto__":{"a":1}}'), {}, false],
  [[], {}, false],
];

test.each(rows)('%j and %j: %s', (a, b, same) => {
  expect(alike(a, b)).toBe(same);
  expect(alike(b, a)).toBe(same);
});
