// The list of kubectl's commands, in help's groups and order. Each is loaded when it is first run.
import type { CommandEntry, CommandGroup } from './command.ts';

export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Basic Commands (Beginner):',
    commands: [
      {
        name: 'create',
        short: 'Create a resource from a file or from stdin',
        load: async () => (await import('./commands/create.ts')).create,
      },
      {
        name: 'expose',
        short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
        load: async () => (await import('./commands/expose.ts')).expose,
      },
      {
        name: 'run',
        short: 'Run a particular image on the cluster',
        load: async () => (await import('./commands/run.ts')).run,
      },
      {
        name: 'set',
        short: 'Set specific features on objects',
        load: async () => (await import('./commands/set.ts')).setCommand,
      },
    ],
  },
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
        suggestFor: ['list', 'ls'],
        load: async () => (await import('./commands/get.ts')).get,
      },
      {
        name: 'edit',
        short: 'Edit a resource on the server',
        load: async () => (await import('./commands/edit.ts')).edit,
      },
      {
        name: 'delete',
        short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
        suggestFor: ['rm', 'remove'],
        load: async () => (await import('./commands/delete.ts')).deleteCommand,
      },
    ],
  },
  {
    title: 'Deploy Commands:',
    commands: [
      {
        name: 'rollout',
        short: 'Manage the rollout of a resource',
        load: async () => (await import('./commands/rollout.ts')).rollout,
      },
      {
        name: 'scale',
        short: 'Set a new size for a deployment, replica set, or replication controller',
        load: async () => (await import('./commands/scale.ts')).scale,
      },
      {
        name: 'autoscale',
        short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
        load: async () => (await import('./commands/autoscale.ts')).autoscale,
      },
    ],
  },
  {
    title: 'Cluster Management Commands:',
    commands: [
      {
        name: 'certificate',
        short: 'Modify certificate resources',
        load: async () => (await import('./commands/certificate.ts')).certificate,
      },
      {
        name: 'cluster-info',
        short: 'Display cluster information',
        load: async () => (await import('./commands/cluster-info.ts')).clusterInfo,
      },
      {
        name: 'top',
        short: 'Display resource (CPU/memory) usage',
        suggestFor: ['stats'],
        load: async () => (await import('./commands/top.ts')).top,
      },
      {
        name: 'cordon',
        short: 'Mark node as unschedulable',
        load: async () => (await import('./commands/cordon.ts')).cordon,
      },
      {
        name: 'uncordon',
        short: 'Mark node as schedulable',
        load: async () => (await import('./commands/cordon.ts')).uncordon,
      },
      {
        name: 'drain',
        short: 'Drain node in preparation for maintenance',
        load: async () => (await import('./commands/drain.ts')).drain,
      },
      {
        name: 'taint',
        short: 'Update the taints on one or more nodes',
        load: async () => (await import('./commands/taint.ts')).taint,
      },
    ],
  },
  {
    title: 'Troubleshooting and Debugging Commands:',
    commands: [
      {
        name: 'describe',
        short: 'Show details of a specific resource or group of resources',
        suggestFor: ['inspect'],
        load: async () => (await import('./commands/describe.ts')).describe,
      },
      {
        name: 'logs',
        short: 'Print the logs for a container in a pod',
        load: async () => (await import('./commands/logs.ts')).logs,
      },
      {
        name: 'attach',
        short: 'Attach to a running container',
        load: async () => (await import('./commands/exec.ts')).attach,
      },
      {
        name: 'exec',
        short: 'Execute a command in a container',
        load: async () => (await import('./commands/exec.ts')).exec,
      },
      {
        name: 'port-forward',
        short: 'Forward one or more local ports to a pod',
        load: async () => (await import('./commands/port-forward.ts')).portForward,
      },
      {
        name: 'proxy',
        short: 'Run a proxy to the Kubernetes API server',
        load: async () => (await import('./commands/proxy.ts')).proxy,
      },
      {
        name: 'cp',
        short: 'Copy files and directories to and from containers',
        load: async () => (await import('./commands/cp.ts')).cp,
      },
      {
        name: 'auth',
        short: 'Inspect authorization',
        load: async () => (await import('./commands/auth.ts')).auth,
      },
      {
        name: 'debug',
        short: 'Create debugging sessions for troubleshooting workloads and nodes',
        load: async () => (await import('./commands/debug.ts')).debug,
      },
      {
        name: 'events',
        short: 'List events',
        load: async () => (await import('./commands/events.ts')).events,
      },
    ],
  },
  {
    title: 'Advanced Commands:',
    commands: [
      {
        name: 'diff',
        short: 'Diff the live version against a would-be applied version',
        load: async () => (await import('./commands/diff.ts')).diff,
      },
      {
        name: 'apply',
        short: 'Apply a configuration to a resource by file name or stdin',
        load: async () => (await import('./commands/apply.ts')).apply,
      },
      {
        name: 'patch',
        short: 'Update fields of a resource',
        load: async () => (await import('./commands/patch.ts')).patch,
      },
      {
        name: 'replace',
        short: 'Replace a resource by file name or stdin',
        load: async () => (await import('./commands/replace.ts')).replace,
      },
      {
        name: 'wait',
        short: 'Wait for a specific condition on one or many resources',
        load: async () => (await import('./commands/wait.ts')).wait,
      },
      {
        name: 'kustomize',
        short: 'Build a kustomization target from a directory or URL',
        load: async () => (await import('./commands/kustomize.ts')).kustomize,
      },
    ],
  },
  {
    title: 'Settings Commands:',
    commands: [
      {
        name: 'label',
        short: 'Update the labels on a resource',
        load: async () => (await import('./commands/label.ts')).label,
      },
      {
        name: 'annotate',
        short: 'Update the annotations on a resource',
        load: async () => (await import('./commands/label.ts')).annotate,
      },
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
        name: 'kuberc',
        short: 'Manage kuberc configuration files',
        load: async () => (await import('./commands/kuberc.ts')).kuberc,
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
    name: 'alpha',
    short: 'Commands for features in alpha',
    hidden: true,
    load: async () => (await import('./commands/alpha.ts')).alpha,
  },
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
