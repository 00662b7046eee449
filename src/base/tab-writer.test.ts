import { expect, test } from 'vitest';
import { alignTabs } from './tab-writer.ts';

test('columns are runs of adjacent lines', () => {
  expect(alignTabs('a\tbb\tc\naaa\tb\tc\nx\ny\tz\n')).toBe('a    bb  c\naaa  b   c\nx\ny  z\n');
});

test('an inner column ends where a line has fewer cells', () => {
  expect(alignTabs('Name:\tx\n  Type\tStatus\nend\n  Ready \tTrue\n')).toBe(
    'Name:   x\n  Type  Status\nend\n  Ready   True\n',
  );
});

test('a column of empty cells takes padding, or nothing when discarded', () => {
  expect(alignTabs('a\t\tb\n')).toBe('a    b\n');
  expect(alignTabs('a\t\tb\n', { discardEmptyColumns: true })).toBe('a  b\n');
});
