// `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied`
import { equal, isObject, type JsonObject } from '../../../base/json.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, selectorFlag, validateFlag } from '../../change-flags.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { editObjects } from '../../edit-session.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { lastAppliedAnnotation, lastAppliedOf } from '../../last-applied.ts';
import { formatJson } from '../../print/json.ts';
import { printFlags } from '../../print/printer.ts';
import { formatYaml } from '../../print/yaml.ts';
import { findResources } from '../../resource/builder.ts';
import { fileChoice, fileFlags, filenameFlag, isFileChoiceEmpty } from '../../resource/files.ts';
import { loadInfo } from '../../resource/info.ts';
import { resultPrinter } from '../../result-printer.ts';
import { patchInfo } from '../../write-object.ts';

export const viewLastApplied: Command = {
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  completes: { kind: 'resources' },
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  example: `# By type and name
kubectl apply view-last-applied deployment/nginx

# By file, as JSON
kubectl apply view-last-applied -f deploy.yaml -o json`,
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
  example: `# What a file holds
kubectl apply set-last-applied -f deploy.yaml

# Where there was no annotation so far
kubectl apply set-last-applied -f deploy.yaml --create-annotation=true`,
  flags: [
    filenameFlag('that contains the last-applied-configuration annotations'),
    dryRunFlag,
    ...printFlags(),
    flag.bool('create-annotation', 'Create the annotation where there is none.'),
  ],
  run: runSet,
};

export const editLastApplied: Command = {
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  completes: { kind: 'resources' },
  short: 'Edit latest last-applied-configuration annotations of a resource/object',
  example: `# By type and name
kubectl apply edit-last-applied deployment/nginx

# By file, as JSON
kubectl apply edit-last-applied -f deploy.yaml -o json`,
  flags: [
    recordFlag,
    ...printFlags(),
    ...fileFlags('to use to edit the resource'),
    flag.bool('windows-line-endings', 'Use the line endings of Windows.'),
    fieldManagerFlag('kubectl-client-side-apply'),
    validateFlag,
  ],
  run: runEdit,
};

async function runView(context: Context): Promise<void> {
  const { flags, args } = context;
  const format = flags.string('output');
  const found = await findResources(context, {
    args,
    files: fileChoice(flags),
    labelSelector: flags.string('selector'),
    selectAll: flags.bool('all'),
    latest: true,
  });
  await found.visit((info) => {
    const text = lastAppliedOf(info.object ?? {});
    // Upstream means to complain about an object without the annotation, and does not.
    if (text === undefined) return;
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return;
    if (format !== 'yaml' && format !== 'json') {
      throw context.usageError(`Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
    }
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
    const text = formatJson(info.object ?? {}, { indent: '', sorted: true });
    const live = await loadInfo(context.client(), info);
    const before = lastAppliedOf(live.object);
    if (before === undefined && !flags.bool('create-annotation')) {
      throw new CommandError(
        `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
      );
    }
    if (before !== undefined && sameJson(before, text)) {
      context.out(`set-last-applied ${info.name}: no changes required.\n`);
      return;
    }
    let object = live.object;
    if (dryRun !== 'client') {
      const query = { dryRun: dryRun === 'server' ? 'All' : undefined };
      object = await patchInfo(context, info, { type: 'merge', patch: annotationPatch(text), query });
    }
    print(object, 'configured');
  });
  if (count === 0) throw new CommandError('no objects passed to set-last-applied');
}

function annotationPatch(text: string): JsonObject {
  return { metadata: { annotations: { [lastAppliedAnnotation]: `${text.trimEnd()}\n` } } };
}

function sameJson(a: string, b: string): boolean {
  try {
    return equal(JSON.parse(a), JSON.parse(b));
  } catch {
    return a === b;
  }
}

const header = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`;

async function runEdit(context: Context): Promise<void> {
  const { args, flags } = context;
  const files = fileChoice(flags);
  const found = await findResources(context, {
    args,
    ...(isFileChoiceEmpty(files) ? {} : { files }),
    allowAll: true,
    latest: true,
    continueOnError: true,
  });
  const infos = (await found.infos()).flatMap((info) => {
    const object = parsed(lastAppliedOf(info.object));
    return object ? [{ ...info, object }] : [];
  });
  if (infos.length === 0) {
    throw new CommandError(
      'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
    );
  }
  const print = resultPrinter(context, 'none');
  await editObjects(context, infos, {
    header,
    format: flags.string('output') === 'json' ? 'json' : 'yaml',
    save: async (before, after) => {
      const text = formatJson(after, { indent: '', sorted: true });
      const query = { fieldManager: flags.string('field-manager') };
      print(await patchInfo(context, before, { type: 'merge', patch: annotationPatch(text), query }), 'edited');
    },
    skip: (before) => print(before.object, 'skipped'),
  });
}

function parsed(text: string | undefined): JsonObject | undefined {
  const value: unknown = text ? JSON.parse(text) : undefined;
  return isObject(value) ? value : undefined;
}
