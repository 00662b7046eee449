// What the palette finds for a few letters.
import { describe, expect, test } from 'vitest';
import { closeness } from './closeness.ts';

const texts = ['Pod web-7c5ddbdf54-abcde', 'Pause time, or let it go on', 'Node worker-1', 'Service web'];

function found(query: string): readonly string[] {
  return texts
    .flatMap((text) => {
      const score = closeness(query, text);
      return score === undefined ? [] : [{ text, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);
}

describe('typed letters', () => {
  test.each([
    // beginnings of words come before their middles
    ['web', ['Service web', 'Pod web-7c5ddbdf54-abcde']],
    // several words fit in any order
    ['1 node', ['Node worker-1']],
    // letters in order are enough
    ['nwk1', ['Node worker-1']],
    // what occurs nowhere fits nothing
    ['xyz', []],
  ])('%s', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  test('nothing typed keeps everything', () => {
    expect(found('')).toHaveLength(texts.length);
  });
});
