// `kubectl set selector`
import { objectAt, objectsAt, textAt, textsAt } from '../../../base/fields.ts';
import { isObject } from '../../../base/json.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, writeQuery } from '../../change-flags.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { parseLabelSelector } from '../../label-pairs.ts';
import { twoWayPatch } from '../../patch/three-way.ts';
import { printFlags } from '../../print/printer.ts';
import { findResources } from '../../resource/builder.ts';
import { deepFileFlags, fileChoice } from '../../resource/files.ts';
import { resultPrinter } from '../../result-printer.ts';
import { patchInfo } from '../../write-object.ts';
import { localNeedsFiles } from './set-template.ts';

export const setSelector: Command = {
  use: 'selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  short: 'Set the selector on a resource',
  example: '# The selector of a service\nkubectl set selector service my-app environment=qa',
  flags: [
    recordFlag,
    ...printFlags(),
    ...deepFileFlags('identifying the resource'),
    flag.bool('all', 'All resources of the types in the namespace.'),
    flag.bool('local', 'Change the content of the file and ask no server.'),
    flag.string('resource-version', 'Change the object only if this is its resource version.'),
    dryRunFlag,
    fieldManagerFlag('kubectl-set'),
  ],
  run: runSetSelector,
};

async function runSetSelector(context: Context): Promise<void> {
  const { flags, args } = context;
  const expression = args.at(-1);
  if (expression === undefined) throw new CommandError('one selector is required');
  const wanted = parseLabelSelector(expression);
  const matchExpressions = objectsAt(wanted, 'matchExpressions');
  const dryRun = dryRunOf(context);
  const print = resultPrinter(context, dryRun);
  const local = flags.bool('local');
  if (local && args.length > 1) throw localNeedsFiles();
  const version = flags.string('resource-version');
  const found = await findResources(context, {
    args: args.slice(0, -1),
    files: fileChoice(flags),
    allowAll: flags.bool('all'),
    latest: !local,
    local,
  });
  await found.visit(async (info) => {
    const before = info.object ?? {};
    if (info.resource.kind !== 'Service') {
      throw new CommandError('setting a selector is only supported for Services');
    }
    const spec = isObject(before.spec) ? before.spec : {};
    if (matchExpressions.length > 0) {
      const shown = matchExpressions.map(
        (item) => `{${textAt(item, 'key')} ${textAt(item, 'operator')} [${textsAt(item, 'values').join(' ')}]}`,
      );
      throw new CommandError(`match expression [${shown.join(' ')}] not supported on this object`);
    }
    const after = { ...before, spec: { ...spec, selector: objectAt(wanted, 'matchLabels') ?? {} } };
    if (local || dryRun === 'client') return print(after, 'selector updated');
    const query = writeQuery({ dryRun, fieldManager: flags.string('field-manager') });
    const difference = twoWayPatch(before, after, 'merge');
    const patch = version === '' ? difference : { ...difference, metadata: { resourceVersion: version } };
    print(await patchInfo(context, info, { type: 'strategic', patch, query }), 'selector updated');
  });
}
