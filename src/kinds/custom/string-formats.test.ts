// Texts and the formats that they are of.
import { expect, test } from 'vitest';
import { isOfFormat } from './string-formats.ts';

test.each([
  ['hostname', ['a', 'example.com', 'a-b', 'x1.example'], ['', 'a.b', 'a_b', '-a', `${'a'.repeat(64)}.com`]],
  ['ipv4', ['1.2.3.4', '01.2.3.4'], ['1.2.3', '::1']],
  ['uuid', ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', '6BA7B8109dad11d180b400c04fd430c8'], ['x']],
])('%s', (format, good, bad) => {
  expect(good.filter((text) => !isOfFormat(text, format))).toEqual([]);
  expect(bad.filter((text) => isOfFormat(text, format))).toEqual([]);
});
