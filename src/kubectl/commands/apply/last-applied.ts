// `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied`
import { equal, isObject } from '../../../base/json.ts';
import { dryRunFlag, dryRunOf, selectorFlag } from '../../change-flags.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError, isNotFound } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { configurationText, lastAppliedAnnotation, lastAppliedOf } from '../../last-applied.ts';
import { formatJson } from '../../print/json.ts';
import { printFlags } from '../../print/printer.ts';
import { formatYaml } from '../../print/yaml.ts';
import { findResources } from '../../resource/builder.ts';
import { fileChoice, fileFlags } from '../../resource/files.ts';
import { groupResource, loadInfo } from '../../resource/info.ts';
import { resultPrinter } from '../../result-printer.ts';
import { patchInfo } from '../../write-object.ts';

export const viewLastApplied: Command = {
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  flags: [
    ...fileFlags('that contains the last-applied-configuration annotations'),
    selectorFlag,
    flag.bool('all', 'All resources of the types in the namespace.'),
    flag.string('output', 'Output format. Must be one of (yaml, json)', { shorthand: 'o', default: 'yaml' }),
  ],
  run: runView,
};

export const setLastApplied: Command = {
  use: 'set-last-applied -f FILENAME',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  flags: [
    ...fileFlags('that contains the last-applied-configuration annotations'),
    dryRunFlag,
    ...printFlags(),
    flag.bool('create-annotation', 'Create the annotation where there is none.'),
  ],
  run: runSet,
};

export const editLastApplied: Command = {
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit latest last-applied-configuration annotations of a resource/object',
  flags: [...fileFlags('to use to edit the resource')],
  run: async () => {
    throw new CommandError('kubectl apply edit-last-applied is not supported by this kubectl');
  },
};

async function runView(context: Context): Promise<void> {
  const { flags, args } = context;
  const format = flags.string('output');
  if (format !== 'yaml' && format !== 'json') {
    throw context.usageError(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
  }
  const found = await findResources(context, {
    args,
    files: fileChoice(flags),
    labelSelector: flags.string('selector'),
    selectAll: flags.bool('all'),
    latest: true,
  });
  await found.visit((info) => {
    const text = lastAppliedOf(info.object ?? {});
    if (text === undefined) {
      throw context.usageError(`no last-applied-configuration annotation found on resource: ${info.name}\n`);
    }
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return;
    context.out(format === 'json' ? `${formatJson(value, { indent: '  ', sorted: true })}\n` : formatYaml(value));
  });
}

async function runSet(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const print = resultPrinter(context, dryRun);
  const found = await findResources(context, { files: fileChoice(flags) });
  let count = 0;
  await found.visit(async (info) => {
    count++;
    const text = configurationText(info.object ?? {});
    const live = await loadInfo(context.client(), info).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      throw error;
    });
    const before = lastAppliedOf(live.object);
    if (before === undefined && !flags.bool('create-annotation')) {
      const name = `${groupResource(info.resource)}/${info.name}`;
      throw new CommandError(
        `no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
      );
    }
    let object = live.object;
    if (!equal(before, text) && dryRun !== 'client') {
      const patch = { metadata: { annotations: { [lastAppliedAnnotation]: text } } };
      const query = { dryRun: dryRun === 'server' ? 'All' : undefined };
      object = await patchInfo(context, info, { type: 'merge', patch, query });
    }
    print(object, 'configured');
  });
  if (count === 0) throw new CommandError('no objects passed to set-last-applied');
}
