import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import { DetachableInput, parseDetachKeys } from './detach-keys.ts';

test.each([
  ['ctrl-p,ctrl-q', [16, 17]],
  ['a,ctrl-[,DEL', [97, 27, 127]],
  ['ctrl-1', undefined],
  ['', undefined],
])('the keys %j are bytes', (text, bytes) => {
  expect(parseDetachKeys(text)).toEqual(bytes);
});

async function typed(...pieces: readonly string[]): Promise<string> {
  const left = pieces.map((piece) => encodeUtf8(piece));
  const input = new DetachableInput({ read: async () => left.shift() }, [16, 17]);
  let text = '';
  for (let piece = await input.read(); piece; piece = await input.read()) text += decodeUtf8(piece);
  return text;
}

test.each([
  [['ls\n', 'pwd\n'], 'ls\npwd\n'],
  // the whole sequence, in one piece or two, ends the input
  [['ls\x10\x11pwd'], 'ls'],
  [['ls\x10', '\x11', 'pwd'], 'ls'],
  // a part of it is a key like others
  [['a\x10b', '\x10\x10b'], 'a\x10b\x10\x10b'],
])('%j reads %j', async (pieces, text) => {
  expect(await typed(...pieces)).toBe(text);
});
