// Drawing the line: what is written to a terminal of ten columns.
import { expect, test } from 'vitest';
import { draw } from './line-view.ts';

function drawn(text: string, cursor: number, cursorRow = 0): string {
  return JSON.stringify(draw({ prompt: '$ ', styledPrompt: '$ ', text, cursor }, 10, cursorRow));
}

test('a short line is drawn over itself', () => {
  expect(drawn('abc', 3)).toMatchInlineSnapshot(`"{"output":"\\r\\u001b[J$ abc\\r\\u001b[5C","cursorRow":0}"`);
});

test('the cursor goes back to where it is in a line of two rows', () => {
  expect(drawn('abcdefghijkl', 1)).toMatchInlineSnapshot(
    `"{"output":"\\r\\u001b[J$ abcdefghijkl\\u001b[1A\\r\\u001b[3C","cursorRow":0}"`,
  );
});

test('a full row leaves the cursor at the beginning of the next', () => {
  expect(drawn('abcdefgh', 8)).toMatchInlineSnapshot(`"{"output":"\\r\\u001b[J$ abcdefgh\\r\\n\\r","cursorRow":1}"`);
});

test('drawing begins at the first row of what was drawn before', () => {
  expect(drawn('a\nb', 3, 2)).toMatchInlineSnapshot(
    `"{"output":"\\u001b[2A\\r\\u001b[J$ a\\r\\nb\\r\\u001b[1C","cursorRow":1}"`,
  );
});
