// Where lines between things begin and end.
import { expect, test } from 'vitest';
import { borderTowards } from './anchors.ts';

const box = { place: { x: 100, y: 100 }, width: 40, height: 20 };

test.each([
  [
    { x: 300, y: 100 },
    { x: 120, y: 100 },
  ],
  [
    { x: 100, y: 0 },
    { x: 100, y: 90 },
  ],
  [
    { x: 200, y: 200 },
    { x: 110, y: 110 },
  ],
  // to itself
  [
    { x: 100, y: 100 },
    { x: 100, y: 100 },
  ],
])('towards %o', (to, border) => {
  expect(borderTowards(box, to)).toEqual(border);
});
