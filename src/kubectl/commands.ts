// The list of kubectl's commands, in help's groups and order. Each is loaded when it is first run.
import type { CommandEntry, CommandGroup } from './command.ts';

export const commandGroups: readonly CommandGroup[] = [
  { title: 'Basic Commands (Beginner):', commands: [] },
  { title: 'Basic Commands (Intermediate):', commands: [] },
  { title: 'Deploy Commands:', commands: [] },
  { title: 'Cluster Management Commands:', commands: [] },
  { title: 'Troubleshooting and Debugging Commands:', commands: [] },
  { title: 'Advanced Commands:', commands: [] },
  { title: 'Settings Commands:', commands: [] },
  { title: 'Subcommands provided by plugins:', commands: [] },
  {
    title: 'Other Commands:',
    commands: [
      {
        name: 'version',
        short: 'Print the client and server version information',
        load: async () => (await import('./commands/version.ts')).version,
      },
    ],
  },
];

/** Listed by no group of help. */
const unlisted: readonly CommandEntry[] = [
  {
    name: 'options',
    short: 'Print the list of flags inherited by all commands',
    hidden: true,
    load: async () => (await import('./commands/options.ts')).options,
  },
];

export const commandEntries: readonly CommandEntry[] = [
  ...commandGroups.flatMap((group) => group.commands),
  ...unlisted,
];
