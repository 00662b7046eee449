// `kubectl alpha`: there are none.
import type { Command } from '../command.ts';

export const alpha: Command = {
  use: 'alpha',
  short: 'Commands for features in alpha',
  run: async (context) => context.err('No alpha commands are available in this version of kubectl\n'),
};
