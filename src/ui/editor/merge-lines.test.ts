// Two changes of one text brought together: one letter a line.
import { describe, expect, test } from 'vitest';
import { mergeLines } from './merge-lines.ts';

const lines = (letters: string): string => [...letters].join('\n');

function merged(base: string, mine: string, theirs: string): string {
  const { text, overlaps } = mergeLines(lines(base), lines(mine), lines(theirs));
  return `${text.replaceAll('\n', '')} ${overlaps}`;
}

describe('what only one side has changed is taken', () => {
  test.each([
    // nobody, one side, the other
    ['abcd', 'abcd', 'abcd', 'abcd 0'],
    ['abcd', 'aBcd', 'abcd', 'aBcd 0'],
    ['abcd', 'abcd', 'aBcd', 'aBcd 0'],
    // both, in different places, also side by side
    ['abcd', 'Abcd', 'abcD', 'AbcD 0'],
    ['abcd', 'aBcd', 'abCd', 'aBCd 0'],
    // lines put in and taken out
    ['abcd', 'abxcd', 'bcd', 'bxcd 0'],
    ['abcd', 'abcdx', 'xabcd', 'xabcdx 0'],
    ['abcd', '', 'abcd', ' 0'],
  ])('%s: %s and %s', (base, mine, theirs, expected) => {
    expect(merged(base, mine, theirs)).toBe(expected);
  });
});

describe('what both have changed', () => {
  test.each([
    // in the same way: there is nothing to decide
    ['abcd', 'aXcd', 'aXcd', 'aXcd 0'],
    // in two ways: mine, and it is counted
    ['abcd', 'aXcd', 'aYcd', 'aXcd 1'],
    ['abcd', 'aXcd', 'aYcD', 'aXcD 1'],
    ['abcd', 'acd', 'aYcd', 'acd 1'],
    ['abcd', 'abXcd', 'abYcd', 'abXcd 1'],
  ])('%s: %s and %s', (base, mine, theirs, expected) => {
    expect(merged(base, mine, theirs)).toBe(expected);
  });
});
