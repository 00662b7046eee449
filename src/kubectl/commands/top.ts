// `kubectl top`: usage as the metrics API measures it, where the cluster has one.
import { parseFieldSelector } from '../../api/field-selector.ts';
import { parseSelector, SelectorError } from '../../api/selectors.ts';
import { selectorFlag } from '../change-flags.ts';
import { discover } from '../client/discovery.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { runTopNode } from './top/nodes.ts';
import { runTopPod } from './top/pods.ts';

const commonFlags = [
  selectorFlag,
  flag.bool('no-headers', 'Print no headers.'),
  flag.string('sort-by', "Sort by 'cpu' or 'memory'."),
  flag.bool('use-protocol-buffers', 'Use protocol buffers to reach the metrics API.', {
    default: 'true',
    idle: 'this kubectl speaks JSON alone; what is printed is the same',
  }),
];

const pod: Command = {
  use: 'pod [NAME | -l label]',
  completes: { kind: 'names', of: 'pods' },
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
  run: async (context) => {
    if (context.args.length > 1) throw context.usageError('pod [NAME | -l label]');
    checkSort(context);
    const selects = ['selector', 'field-selector'].some((name) => context.flags.string(name) !== '');
    if (context.args[0] && selects) throw new CommandError('only one of NAME or selector can be provided');
    checkSelectors(context);
    await needMetrics(context);
    await runTopPod(context);
  },
};

const node: Command = {
  use: 'node [NAME | -l label]',
  completes: { kind: 'names', of: 'nodes' },
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  example: '# All nodes\nkubectl top node\n\n# One node\nkubectl top node NODE_NAME',
  flags: [
    ...commonFlags,
    flag.bool('show-capacity', 'Print capacity instead of what pods may use.'),
    flag.bool('show-swap', 'Print usage of swap memory.'),
  ],
  run: async (context) => {
    if (context.args.length > 1) throw context.usageError('node [NAME | -l label]');
    checkSort(context);
    if (context.args[0] && context.flags.string('selector') !== '')
      throw new CommandError('only one of NAME or --selector can be provided');
    checkSelectors(context);
    await needMetrics(context);
    await runTopNode(context);
  },
};

export const top: Command = {
  use: 'top [flags]',
  long: 'Display the CPU and memory usage of nodes or pods. The cluster needs a metrics server.',
  subcommands: [node, pod],
};

function checkSort({ flags }: Context): void {
  if (!['', 'cpu', 'memory'].includes(flags.string('sort-by')))
    throw new CommandError('--sort-by accepts only cpu or memory');
}

/** Wrong selectors are refused before anything is asked. */
function checkSelectors({ flags }: Context): void {
  try {
    parseSelector(flags.string('selector'));
    if (flags.has('field-selector')) parseFieldSelector(flags.string('field-selector'));
  } catch (error) {
    throw error instanceof SelectorError ? new CommandError(error.message) : error;
  }
}

/** An API that could not be asked the last time is not there for this. */
async function needMetrics(context: Context): Promise<void> {
  const groups = await discover(context.client());
  const versions = groups.find(({ name }) => name === 'metrics.k8s.io')?.versions ?? [];
  if (!versions.some(({ version, stale }) => version === 'v1beta1' && !stale))
    throw new CommandError('Metrics API not available');
}
