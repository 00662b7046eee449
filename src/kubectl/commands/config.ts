// `kubectl config`: reads and changes kubeconfig files.
import type { Command } from '../command.ts';
import { clusterCommands } from './config/clusters.ts';
import { contextCommands } from './config/contexts.ts';
import { propertyCommands } from './config/properties.ts';
import { userCommands } from './config/users.ts';
import { view } from './config/view.ts';

export const config: Command = {
  use: 'config SUBCOMMAND',
  long: `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 Which file is used:

  1.  With --kubeconfig only that file.
  2.  With the environment variable $KUBECONFIG the files in that list, merged. A changed value goes to the file that has it, a new one to the first file that exists (or else the last of the list).
  3.  Otherwise \${HOME}/.kube/config.`,
  subcommands: [...contextCommands, ...clusterCommands, ...userCommands, ...propertyCommands, view],
};
