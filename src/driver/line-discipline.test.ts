// Each row: keys as a terminal sends them, what they show, and what a program reads.
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts';
import { cook, withReturns } from './line-discipline.ts';

function cooked(keys: string) {
  const { echo, lines, pending, signals } = cook([], encodeUtf8(keys));
  const text = (bytes: readonly number[]): string => decodeUtf8(new Uint8Array(bytes));
  return { echo: text(echo), lines: lines.map(text), pending: text(pending), signals };
}

describe('keys become lines', () => {
  const rows: readonly (readonly [name: string, keys: string, echo: string, lines: readonly string[], rest: string])[] =
    [
      // whole lines
      ['Enter sends a line off', 'ls\r', 'ls\n', ['ls\n'], ''],
      ['lines of a paste come one by one', 'a\rb\rc', 'a\nb\nc', ['a\n', 'b\n'], 'c'],
      // mending
      ['backspace', 'lx\x7fs', 'lx\b \bs', [], 'ls'],
      ['backspace takes a character of several bytes', 'aé\x7f', 'aé\b \b', [], 'a'],
      ['backspace at the beginning does nothing', '\x7fa', 'a', [], 'a'],
      ['Ctrl-W takes a word', 'cat no\x17', 'cat no\b \b\b \b', [], 'cat '],
      ['Ctrl-U takes all', 'ab\x15', 'ab\b \b\b \b', [], ''],
      // the end
      ['Ctrl-D ends the input', '\x04', '', [''], ''],
      ['Ctrl-D behind text sends it off', 'ab\x04', 'ab', ['ab'], ''],
      // what has no meaning here
      ['an arrow is shown', '\x1b[A', '^[[A', [], '\x1b[A'],
      ['and its two cells go with it', '\x1b\x7f', '^[\b \b\b \b', [], ''],
    ];
  test.each(rows)('%s', (_name, keys, echo, lines, pending) => {
    expect(cooked(keys)).toEqual({ echo, lines, pending, signals: [] });
  });
});

test('Ctrl-C, Ctrl-Z and Ctrl-\\ are signals and take what was typed with them', () => {
  expect(cooked('ls\rab\x03c')).toEqual({ echo: 'ls\nab^Cc', lines: [], pending: 'c', signals: ['SIGINT'] });
  expect(cooked('a\x1ab')).toEqual({ echo: 'a^Zb', lines: [], pending: 'b', signals: ['SIGTSTP'] });
  expect(cooked('\x1c')).toEqual({ echo: '^\\', lines: [], pending: '', signals: ['SIGQUIT'] });
});

test('a line has a greatest length', () => {
  expect(cooked('x'.repeat(10_000)).pending).toHaveLength(4095);
});

test('output gets a return before each line feed', () => {
  expect(decodeUtf8(withReturns(encodeUtf8('a\nb\n')))).toBe('a\r\nb\r\n');
});
