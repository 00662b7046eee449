// `kubectl kuberc`: looks at and changes the file with a user's preferences.
import type { Command } from '../command.ts';
import { set } from './kuberc/set.ts';
import { view } from './kuberc/view.ts';

export const kuberc: Command = {
  use: 'kuberc SUBCOMMAND',
  long: 'Manage the file with your preferences (kuberc).\n\n It holds aliases of commands, default values of flags, and which credential plugins may run.',
  example: `# What the file says
kubectl kuberc view

# Let get print wide tables
kubectl kuberc set --section defaults --command get --option output=wide

# Let getn list nodes
kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide`,
  subcommands: [view, set],
};
