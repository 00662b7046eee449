// How the zones are fitted into a pane.
import { expect, test } from 'vitest';
import { fitted, placeZones } from './zone-places.ts';

const sizes = {
  you: { width: 100, height: 60 },
  controlPlane: { width: 400, height: 200 },
  services: { width: 150, height: 80 },
  outside: { width: 128, height: 60 },
};
const places = placeZones(sizes, 'wide');

test('all zones are seen, also beside one that has nothing in it', () => {
  const { x, zoom } = fitted(places, sizes, { width: 650, height: 400 });
  expect(x).toBeCloseTo(12);
  expect(x + (places.outside.x + sizes.outside.width) * zoom).toBeCloseTo(638);
});

test('much room makes them no larger than they should be, and stands around them', () => {
  const { x, y, zoom } = fitted(places, sizes, { width: 3000, height: 2000 });
  expect(zoom).toBe(1.15);
  expect(y).toBeCloseTo((2000 - 200 * 1.15) / 2);
  expect(x).toBeGreaterThan(900);
});
