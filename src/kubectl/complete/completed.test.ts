import { expect, test } from 'vitest';
import { directiveNames } from './completed.ts';

test.each([
  [0, 'ShellCompDirectiveDefault'],
  [4, 'ShellCompDirectiveNoFileComp'],
  [6, 'ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp'],
  [8, 'ShellCompDirectiveFilterFileExt'],
])('the directive %d is %s', (directive, names) => {
  expect(directiveNames(directive)).toBe(names);
});
