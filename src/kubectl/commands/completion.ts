// `kubectl completion`: scripts for real shells, which the simulated shell does not need.
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';

const shells = ['bash', 'fish', 'powershell', 'zsh'];

export const completion: Command = {
  use: 'completion SHELL',
  run: async (context) => {
    const [shell, ...more] = context.args;
    if (shell === undefined) throw context.usageError('Shell not specified.');
    if (more.length > 0) throw context.usageError('Too many arguments. Expected only the shell type.');
    if (!shells.includes(shell)) throw context.usageError(`Unsupported shell type ${JSON.stringify(shell)}.`);
    throw new CommandError(`completion ${shell} is not supported by this kubectl`);
  },
};
