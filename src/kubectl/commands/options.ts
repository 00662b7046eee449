// `kubectl options`: the flags that every command takes.
import type { Command } from '../command.ts';
import { globalFlags } from '../global-flags.ts';
import { optionsHelp } from '../help.ts';

export const options: Command = {
  use: 'options',
  run: async (context) => {
    context.out(optionsHelp(globalFlags(context.process.env.get('HOME') ?? ''), context.process.terminal));
  },
};
