// Addresses and ranges, read and written.
import { expect, test } from 'vitest';
import { ipRangeText, ipText, maskedRange, parseIp, parseIpRange, rangeHas } from './ip-address.ts';

test.each([
  ['10.9.8.7', '10.9.8.7'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:0', '2001:db8:0:0:1::'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  // No addresses.
  ['010.1.1.1', undefined],
  ['1.2.3', undefined],
  ['1.2.3.256', undefined],
  ['1:2:3:4:5:6:7', undefined],
  ['1::2::3', undefined],
  ['fe80::1%eth0', undefined],
  ['', undefined],
])('%s reads as %s', (text, canonical) => {
  const address = parseIp(text);
  expect(address && ipText(address)).toBe(canonical);
});

test('leading zeros are let be only when asked for', () => {
  expect(parseIp('010.002.003.004', { loose: true })?.bytes).toEqual([10, 2, 3, 4]);
});

test.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['10.1.2.3/13', '10.0.0.0/13'],
  ['10.1.2.3/32', '10.1.2.3/32'],
  ['10.1.2.3/0', '0.0.0.0/0'],
  ['2001:db8::1/33', '2001:db8::/33'],
  ['10.1.2.3/33', undefined],
  ['10.1.2.3/08', undefined],
  ['10.1.2.3', undefined],
])('%s masks to %s', (text, masked) => {
  const range = parseIpRange(text);
  expect(range && ipRangeText(maskedRange(range))).toBe(masked);
});

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::a', false],
  ['::/0', 'fe80::1', true],
])('%s has %s: %s', (range, address, has) => {
  const parsed = { range: parseIpRange(range), address: parseIp(address) };
  expect(parsed.range && parsed.address && rangeHas(parsed.range, parsed.address)).toBe(has);
});
