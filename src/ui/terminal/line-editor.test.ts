// The line editor: each row is a line, keys, and the line they make; | is the cursor.
import { describe, expect, test } from 'vitest';
import { parseKeys } from './keys.ts';
import { emptyLine, entered, type LineState, press } from './line-editor.ts';

function pressed(start: LineState, data: string): LineState {
  return parseKeys(data).reduce((state, key) => press(state, key).state, start);
}

function shown({ text, cursor }: LineState): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

describe('keys edit the line as readline does', () => {
  const rows: readonly (readonly [name: string, data: string, line: string])[] = [
    // moving
    ['left and right', 'abc\x1b[D\x1b[D\x1b[C', 'ab|c'],
    ['to the beginning and the end', 'abc\x01x\x05y', 'xabcy|'],
    ['by words', 'get pods web-1\x1b[1;5D\x1b[1;5D', 'get pods |web-1'],
    ['not beyond the ends', 'a\x1b[C\x1b[C\x1b[D\x1b[D\x1b[D', '|a'],
    // deleting
    ['backspace', 'abc\x7f', 'ab|'],
    ['backspace takes a whole emoji', 'a🙂\x7f', 'a|'],
    ['delete', 'abc\x01\x1b[3~', '|bc'],
    ['Ctrl-W takes a word up to a blank', 'kubectl get po/web\x17', 'kubectl get |'],
    ['Alt-Backspace takes a word of letters', 'get po/web\x1b\x7f', 'get po/|'],
    ['Ctrl-U and Ctrl-K', 'abc def\x1b[1;5D\x15', '|def'],
    ['Ctrl-Y puts back what was cut', 'abc def\x17\x01\x19', 'def|abc '],
    // pasting
    ['a paste keeps its line breaks and loses control characters', '\x1b[200~a\r\nb\x07\x1b[201~', 'a\nb|'],
    // what is not known changes nothing
    ['an unknown sequence', 'a\x1b[99~b', 'ab|'],
  ];
  test.each(rows)('%s', (_name, data, line) => {
    expect(shown(pressed(emptyLine, data))).toBe(line);
  });
});

describe('history', () => {
  const history = ['kubectl get pods', 'kubectl get nodes', 'ls'].reduce(entered, emptyLine);

  test('up and down walk through it, and the line being written comes back', () => {
    expect(shown(pressed(history, 'dra\x1b[A\x1b[A'))).toBe('kubectl get nodes|');
    expect(shown(pressed(history, 'dra\x1b[A\x1b[A\x1b[B\x1b[B'))).toBe('dra|');
  });

  test('a line that repeats the last is kept once', () => {
    expect(entered(history, 'ls').history).toEqual(history.history);
  });

  test('Ctrl-R finds the newest line that contains a text, again an older one', () => {
    expect(shown(pressed(history, '\x12get'))).toBe('kubectl |get nodes');
    expect(shown(pressed(history, '\x12get\x12'))).toBe('kubectl |get pods');
    expect(shown(pressed(history, '\x12get\x07'))).toBe('|');
  });
});

test('keys that are not edits say what to do', () => {
  const actions = ['\r', '\t', '\x03', '\x0c', '\x04'].flatMap((data) =>
    parseKeys(data).map((key) => press(emptyLine, key).action),
  );
  expect(actions).toEqual(['submit', 'complete', 'interrupt', 'clear', 'end']);
});
