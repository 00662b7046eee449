// What selectors say of devices.
import { expect, test } from 'vitest';
import { deviceMatches, SelectorFailure } from './device-selector.ts';

const device = {
  name: 'gpu0',
  attributes: {
    memory: { int: 16 },
    'd.example.com/model': { string: 'x' },
    fast: { bool: true },
    driver: { version: '1.2.3' },
    'other.example.com/memory': { int: 1 },
  },
  capacity: { memory: { value: '16Gi' } },
};

test.each([
  ['device.driver == "d.example.com"', true],
  ['device.attributes["d.example.com"].memory > 8', true],
  ['device.attributes["other.example.com"].memory > 8', false],
  ['device.attributes["d.example.com"].model == "x" && !device.allowMultipleAllocations', true],
  ['device.attributes["d.example.com"].fast', true],
  ['device.attributes["d.example.com"].driver.isGreaterThan(semver("1.2.0"))', true],
  ['device.capacity["d.example.com"].memory.compareTo(quantity("8Gi")) > 0', true],
  ['"memory" in device.attributes["nobody.example.com"]', false],
  ['cel.bind(d, device.attributes["d.example.com"], d.memory == 16 && d.fast)', true],
  ['device.attributes["d.example.com"].nothing == 1', 'no such key: nothing'],
])('%s: %s', (expression, expected) => {
  const asked = () => {
    try {
      return deviceMatches(expression, 'd.example.com', device);
    } catch (error) {
      return error instanceof SelectorFailure ? error.message : error;
    }
  };
  expect(asked()).toBe(expected);
});
