// The list of kubectl's commands, in help's groups and order. Each is loaded when it is first run.
import type { CommandEntry, CommandGroup } from './command.ts';

export const commandGroups: readonly CommandGroup[] = [
  { title: 'Basic Commands (Beginner):', commands: [] },
  {
    title: 'Basic Commands (Intermediate):',
    commands: [
      {
        name: 'explain',
        short: 'Get documentation for a resource',
        load: async () => (await import('./commands/explain.ts')).explain,
      },
      {
        name: 'get',
        short: 'Display one or many resources',
        load: async () => (await import('./commands/get.ts')).get,
      },
    ],
  },
  { title: 'Deploy Commands:', commands: [] },
  {
    title: 'Cluster Management Commands:',
    commands: [
      {
        name: 'cluster-info',
        short: 'Display cluster information',
        load: async () => (await import('./commands/cluster-info.ts')).clusterInfo,
      },
    ],
  },
  {
    title: 'Troubleshooting and Debugging Commands:',
    commands: [
      {
        name: 'events',
        short: 'List events',
        load: async () => (await import('./commands/events.ts')).events,
      },
    ],
  },
  { title: 'Advanced Commands:', commands: [] },
  {
    title: 'Settings Commands:',
    commands: [
      {
        name: 'completion',
        short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
        load: async () => (await import('./commands/completion.ts')).completion,
      },
    ],
  },
  { title: 'Subcommands provided by plugins:', commands: [] },
  {
    title: 'Other Commands:',
    commands: [
      {
        name: 'api-resources',
        short: 'Print the supported API resources on the server',
        load: async () => (await import('./commands/api-resources.ts')).apiResources,
      },
      {
        name: 'api-versions',
        short: 'Print the supported API versions on the server, in the form of "group/version"',
        load: async () => (await import('./commands/api-versions.ts')).apiVersions,
      },
      {
        name: 'config',
        short: 'Modify kubeconfig files',
        load: async () => (await import('./commands/config.ts')).config,
      },
      {
        name: 'plugin',
        short: 'Provides utilities for interacting with plugins',
        load: async () => (await import('./commands/plugin.ts')).plugin,
      },
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
