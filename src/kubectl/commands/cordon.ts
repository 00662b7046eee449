// `kubectl cordon` and `kubectl uncordon`
import { dryRunFlag, dryRunOf, selectorFlag } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { isUnschedulable, withUnschedulable } from '../node-change.ts';
import { twoWayPatch } from '../patch/three-way.ts';
import { namePrinter } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import type { LoadedInfo } from '../resource/info.ts';
import { dryRunSuffix } from '../result-printer.ts';
import { patchInfo } from '../write-object.ts';

export const cordon: Command = {
  use: 'cordon NODE',
  completes: { kind: 'names', of: 'nodes' },
  long: 'Mark node as unschedulable.',
  example: '# Keep new pods away from a node\nkubectl cordon foo',
  flags: [dryRunFlag, selectorFlag],
  run: (context) => runCordon(context, true),
};

export const uncordon: Command = {
  use: 'uncordon NODE',
  completes: { kind: 'names', of: 'nodes' },
  long: 'Mark node as schedulable.',
  example: '# Let new pods onto a node\nkubectl uncordon foo',
  flags: [dryRunFlag, selectorFlag],
  run: (context) => runCordon(context, false),
};

async function runCordon(context: Context, wanted: boolean): Promise<void> {
  for (const node of await findNodes(context)) await cordonNode(context, node, wanted);
}

/** The nodes that arguments or a selector name. */
export async function findNodes(context: Context): Promise<readonly LoadedInfo[]> {
  const { flags, args } = context;
  const selector = flags.string('selector');
  const verb = context.path.split(' ').at(-1) ?? '';
  if (args.length === 0 && selector === '') {
    throw context.usageError(`USAGE: ${verb} NODE [flags]`);
  }
  if (args.length > 0 && selector !== '')
    throw new CommandError('cannot specify both a node name and a --selector option');
  const found = await findResources(context, {
    args: ['nodes', ...args],
    labelSelector: selector,
    continueOnError: true,
  });
  return found.infos();
}

/** Sets one node's mark and says what was done. */
export async function cordonNode(context: Context, node: LoadedInfo, wanted: boolean): Promise<void> {
  const dryRun = dryRunOf(context);
  const word = wanted ? 'cordoned' : 'uncordoned';
  const print = (operation: string) => {
    const object = { ...node.object, apiVersion: 'v1', kind: 'Node' };
    context.out(namePrinter(operation).print(object));
  };
  if (isUnschedulable(node.object) === wanted) {
    print(`already ${word}${dryRunSuffix(dryRun)}`);
    return;
  }
  const patch = twoWayPatch(node.object, withUnschedulable(node.object, wanted), 'strategic');
  const query = { dryRun: dryRun === 'server' ? 'All' : undefined };
  if (dryRun !== 'client') await patchInfo(context, node, { type: 'strategic', patch, query });
  print(`${word}${dryRunSuffix(dryRun)}`);
}
