// `kubectl top`: usage as the metrics API measures it, where the cluster has one.
import { isList, isObject } from '../../base/json.ts';
import { selectorFlag } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';

const versions = ['v1beta1', 'v1'];

const commonFlags = [
  selectorFlag,
  flag.bool('no-headers', 'Print no headers.'),
  flag.string('sort-by', "Sort by 'cpu' or 'memory'."),
  flag.bool('use-protocol-buffers', 'Use protocol buffers to reach the metrics API.', { default: 'true' }),
];

const pod: Command = {
  use: 'pod [NAME | -l label]',
  aliases: ['pods', 'po'],
  short: 'Display resource (CPU/memory) usage of pods',
  example:
    '# All pods of the namespace\nkubectl top pod\n\n# A pod and its containers\nkubectl top pod POD_NAME --containers',
  flags: [
    ...commonFlags,
    flag.bool('all-namespaces', 'Pods of all namespaces.', { shorthand: 'A' }),
    flag.bool('containers', 'Usage of the containers within a pod.'),
    flag.string('field-selector', "Field selector, supports '=', '==', and '!='."),
    flag.bool('sum', 'Print the sum of usage.'),
    flag.bool('show-swap', 'Print usage of swap memory.'),
  ],
  run: (context) => runTop(context, 'pod [NAME | -l label]'),
};

const node: Command = {
  use: 'node [NAME | -l label]',
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  example: '# All nodes\nkubectl top node\n\n# One node\nkubectl top node NODE_NAME',
  flags: [
    ...commonFlags,
    flag.bool('show-capacity', 'Print capacity instead of what pods may use.'),
    flag.bool('show-swap', 'Print usage of swap memory.'),
  ],
  run: (context) => runTop(context, 'node [NAME | -l label]'),
};

export const top: Command = {
  use: 'top',
  long: 'Display the CPU and memory usage of nodes or pods. The cluster needs a metrics server.',
  subcommands: [node, pod],
};

async function runTop(context: Context, use: string): Promise<void> {
  const { args, flags } = context;
  if (args.length > 1) throw context.usageError(use);
  if (!['', 'cpu', 'memory'].includes(flags.string('sort-by'))) {
    throw new CommandError('--sort-by accepts only cpu or memory');
  }
  if (args.length > 0 && flags.string('selector') !== '') {
    throw new CommandError(
      use.startsWith('pod')
        ? 'only one of NAME or selector can be provided'
        : 'only one of NAME or --selector can be provided',
    );
  }
  if (!(await hasMetrics(context))) throw new CommandError('Metrics API not available');
  throw new CommandError('usage from the metrics API is not supported by this kubectl');
}

async function hasMetrics(context: Context): Promise<boolean> {
  const groups = await context.client().object({ path: '/apis', quiet: true });
  return (isList(groups.groups) ? groups.groups : []).some(
    (group) =>
      isObject(group) &&
      group.name === 'metrics.k8s.io' &&
      (isList(group.versions) ? group.versions : []).some(
        (version) => isObject(version) && versions.includes(String(version.version)),
      ),
  );
}
