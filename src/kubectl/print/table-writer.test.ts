import { expect, test } from 'vitest';
import { formatTable, TableWriter } from './table-writer.ts';

test('columns are three blanks apart and at least six wide; the last is not padded', () => {
  expect(
    formatTable([
      ['NAME', 'AGE'],
      ['a', '5m'],
      ['longer-name', ''],
    ]),
  ).toBe('NAME          AGE\na             5m\nlonger-name   \n');
});

test('widths are remembered from one flush to the next until they are reset', () => {
  const writer = new TableWriter();
  writer.row(['long-name', 'x']);
  expect(writer.flush()).toBe('long-name   x\n');
  writer.row(['a', 'y']);
  expect(writer.flush()).toBe('a           y\n');
  writer.reset();
  writer.row(['a', 'z']);
  expect(writer.flush()).toBe('a     z\n');
});
