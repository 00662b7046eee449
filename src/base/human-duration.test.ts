import { expect, test } from 'vitest';
import { humanDuration } from './human-duration.ts';

test.each([
  [-2000, '<invalid>'],
  [-900, '0s'],
  [119, '0s'],
  [119_000, '119s'],
  [120_000, '2m'],
  [150_000, '2m30s'],
  [600_000, '10m'],
  [3 * 3_600_000, '3h'],
  [3.5 * 3_600_000, '3h30m'],
  [49 * 3_600_000, '2d1h'],
  [400 * 86_400_000, '400d'],
  [800 * 86_400_000, '2y70d'],
])('%d ms reads %s', (durationMs, text) => {
  expect(humanDuration(durationMs)).toBe(text);
});
