// The terminal's colours, read from the theme's tokens.
import type { ITheme } from '@xterm/xterm';
import type { Theme } from '../state/view-store.ts';

const ansi: readonly (readonly [keyof ITheme, string])[] = [
  ['background', '--surface'],
  ['foreground', '--text'],
  ['cursor', '--accent'],
  ['cursorAccent', '--surface'],
  ['selectionBackground', '--selection'],
  ['black', '--ansi-black'],
  ['red', '--ansi-red'],
  ['green', '--ansi-green'],
  ['yellow', '--ansi-yellow'],
  ['blue', '--ansi-blue'],
  ['magenta', '--ansi-magenta'],
  ['cyan', '--ansi-cyan'],
  ['white', '--ansi-white'],
];

/** `theme` is already on the document: it says only that the tokens may have changed. */
export function terminalTheme(_theme: Theme): ITheme {
  const tokens = getComputedStyle(document.documentElement);
  return Object.fromEntries(ansi.map(([name, token]) => [name, tokens.getPropertyValue(token).trim()]));
}
