// `kubectl plugin list`: the executables named kubectl-… on $PATH.
import { normalizePath } from '../../base/files.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { isExecutable } from '../plugin-path.ts';

export const plugin: Command = {
  use: 'plugin [flags]',
  long: `Provides utilities for interacting with plugins.

 A plugin adds a subcommand: an executable on your PATH whose name begins with "kubectl-".`,
  example:
    '# List all available plugins\nkubectl plugin list\n\n# Names without paths\nkubectl plugin list --name-only',
  subcommands: [
    {
      use: 'list',
      short: "List all visible plugin executables on a user's PATH",
      flags: [flag.bool('name-only', 'Print the names without paths')],
      run: async (context) => list(context),
    },
  ],
};

function list(context: Context): void {
  const { process } = context;
  const { files } = process.machine;
  const found: string[] = [];
  for (const directory of (process.env.get('PATH') ?? '').split(':').filter(Boolean)) {
    const at = normalizePath(directory, process.cwd);
    if (!files.exists(at) || files.stat(at).kind !== 'directory') continue;
    for (const name of files.list(at))
      if (name.startsWith('kubectl-') && isExecutable(process, `${at}/${name}`)) found.push(`${directory}/${name}`);
  }
  if (found.length === 0) throw new CommandError('unable to find any kubectl plugins in your PATH');
  const nameOnly = context.flags.bool('name-only');
  context.out('The following compatible plugins are available:\n\n');
  for (const path of found) context.out(`${nameOnly ? path.slice(path.lastIndexOf('/') + 1) : path}\n`);
}
