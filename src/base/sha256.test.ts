// Digests against the standard's examples.
import { expect, test } from 'vitest';
import { encodeUtf8 } from './bytes.ts';
import { sha256 } from './sha256.ts';

const hex = (text: string): string =>
  [...sha256(encodeUtf8(text))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  // A message whose padding needs a block of its own.
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('the digest of %j', (text, digest) => {
  expect(hex(text)).toBe(digest);
});
