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
      example: '# With their paths\nkubectl plugin list\n\n# Their names\nkubectl plugin list --name-only',
      flags: [flag.bool('name-only', 'Print the names without paths')],
      run: async (context) => list(context),
    },
  ],
};

function list(context: Context): void {
  const found = pluginPaths(context);
  if (found.length === 0) throw new CommandError('unable to find any kubectl plugins in your PATH');
  const nameOnly = context.flags.bool('name-only');
  context.out('The following compatible plugins are available:\n\n');
  const seen = new Map<string, string>();
  let warnings = 0;
  for (const path of found) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    context.out(`${nameOnly ? name : path}\n`);
    for (const warning of warningsOf(context, path, seen.get(name))) {
      context.err(`  - warning: ${warning}\n`);
      warnings++;
    }
    if (!seen.has(name)) seen.set(name, path);
  }
  if (warnings > 0)
    throw new CommandError(warnings === 1 ? 'one plugin warning was found' : `${warnings} plugin warnings were found`);
}

/** Directories of $PATH in order, each once. */
function pluginPaths(context: Context): readonly string[] {
  const { process } = context;
  const { files } = process.machine;
  const found: string[] = [];
  for (const directory of new Set((process.env.get('PATH') ?? '').split(':').filter((text) => text.trim() !== ''))) {
    const at = normalizePath(directory, process.cwd);
    if (!files.exists(at) || files.stat(at).kind !== 'directory') {
      const why = `open ${directory}: no such file or directory`;
      context.err(`Unable to read directory ${JSON.stringify(directory)} from your PATH: ${why}. Skipping...\n`);
      continue;
    }
    for (const name of files.list(at))
      if (name.startsWith('kubectl-') && files.statLink(`${at}/${name}`).kind !== 'directory')
        found.push(`${directory}/${name}`);
  }
  return found;
}

/** What keeps a plugin from being run. `earlier`: one of the same name that stands before it on the path. */
function warningsOf(context: Context, path: string, earlier: string | undefined): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [, command = ''] = name.split('-');
  const known = context.commandOf(command);
  const warnings: string[] = [];
  if (!isExecutable(context.process, normalizePath(path, context.process.cwd)))
    warnings.push(`${path} identified as a kubectl plugin, but it is not executable`);
  if (earlier !== undefined) warnings.push(`${path} is overshadowed by a similarly named plugin: ${earlier}`);
  if (known) warnings.push(`${name} overwrites existing command: "kubectl ${known}"`);
  return warnings;
}
