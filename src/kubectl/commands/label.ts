// `kubectl label` and `kubectl annotate`

import { validLabelValue } from '../../api/names.ts';
import { entriesAt, objectAt } from '../../base/fields.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Changes, parsePairs, splitPairs } from '../argument-pairs.ts';
import { changeCauseAnnotation, recordCause } from '../change-cause.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, recordFlag, selectorFlag, writeQuery } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { type Flag, flag } from '../flags.ts';
import { twoWayPatch } from '../patch/three-way.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, isFileChoiceEmpty } from '../resource/files.ts';
import type { Info } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import { patchInfo } from '../write-object.ts';

type What = 'label' | 'annotation';

export const label: Command = {
  use: 'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  completes: { kind: 'resources' },
  long: 'Update the labels on a resource. A key with a minus sign behind it removes the label. Existing labels change only with --overwrite.',
  example: `# A label
kubectl label pods foo unhealthy=true

# Another value for it
kubectl label --overwrite pods foo status=unhealthy

# No label
kubectl label pods foo bar-`,
  flags: flagsOf('label', 'kubectl-label'),
  run: (context) => runChange(context, 'label'),
};

export const annotate: Command = {
  use: 'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  completes: { kind: 'resources' },
  long: 'Update the annotations on a resource. A key with a minus sign behind it removes the annotation. Existing annotations change only with --overwrite.',
  example: `# An annotation
kubectl annotate pods foo description='my frontend'

# No annotation
kubectl annotate pods foo description-`,
  flags: flagsOf('annotation', 'kubectl-annotate'),
  run: (context) => runChange(context, 'annotation'),
};

function flagsOf(what: What, manager: string): readonly Flag[] {
  return [
    recordFlag,
    ...printFlags(),
    flag.bool('overwrite', `Let existing ${what}s change.`),
    flag.bool('list', `Show the ${what}s.`),
    flag.bool('local', 'Change the content of the file and ask no server.'),
    flag.string(
      'field-selector',
      "Field selector, supports '=', '==', and '!='. The server knows few fields of each type.",
    ),
    flag.bool('all', 'All resources of the types in the namespace.'),
    flag.bool('all-namespaces', 'Act in all namespaces.', { shorthand: 'A' }),
    flag.string('resource-version', 'Change the object only if this is its resource version.'),
    dryRunFlag,
    ...fileFlags(`to update the ${what}s`),
    selectorFlag,
    fieldManagerFlag(manager),
  ];
}

async function runChange(context: Context, what: What): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const { resources, pairs } = splitPairs(context.args, what);
  const changes = parseChanges(pairs, what);
  validate(context, { resources, changes, what });
  const print = resultPrinter(context, dryRun);
  const local = flags.bool('local');
  const found = await findResources(context, {
    args: resources,
    files: fileChoice(flags),
    labelSelector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    selectAll: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    latest: !local,
    local,
    continueOnError: true,
  });
  if (!found.single && flags.string('resource-version') !== '') {
    throw new CommandError('--resource-version may only be used with a single resource');
  }
  await found.visit(async (info) => {
    const before = info.object ?? {};
    reportMissing(context, before, { changes, what });
    const { object, message } = change(context, before, { changes, what });
    const sends = dryRun !== 'client' && !local && !flags.bool('list');
    const after = sends ? await send(context, info, { before, object }) : object;
    if (flags.bool('list')) list(context, { ...info, object: after }, { what, single: found.single });
    else print(after, message);
  });
}

interface Task {
  readonly changes: Changes;
  readonly what: What;
}

function parseChanges(pairs: readonly string[], what: What): Changes {
  if (what === 'annotation') {
    const changes = parsePairs(pairs, what, true);
    const both = changes.remove.filter((key) => changes.set.has(key));
    if (both.length > 0) {
      throw new CommandError(
        `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
      );
    }
    return changes;
  }
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const pair of pairs) {
    const [key = '', value, ...more] = pair.split('=');
    if (more.length > 0) throw new CommandError(`invalid label spec: ${pair}`);
    if (value === undefined) remove.push(pair.slice(0, -1));
    else {
      const problems = validLabelValue(value);
      if (problems.length > 0) throw new CommandError(`invalid label value: ${quote(pair)}: ${problems.join(';')}`);
      set.set(key, value);
    }
  }
  if (remove.some((key) => set.has(key))) {
    throw new CommandError('can not both modify and remove a label in the same command');
  }
  return { set, remove };
}

function validate({ flags }: Context, { resources, changes, what }: Task & { resources: readonly string[] }): void {
  if (flags.bool('all') && flags.string('selector') !== '') {
    throw new CommandError('cannot set --all and --selector at the same time');
  }
  if (flags.bool('all') && flags.string('field-selector') !== '') {
    throw new CommandError('cannot set --all and --field-selector at the same time');
  }
  const noFiles = isFileChoiceEmpty(fileChoice(flags));
  const file = what === 'label' ? 'pod' : 'rsrc';
  if (flags.bool('local')) {
    if (resources.length > 0) {
      throw new CommandError(
        `can only use local files by -f ${file}.yaml or --filename=${file}.json when --local=true is set`,
      );
    }
    if (noFiles)
      throw new CommandError(`one or more files must be specified as -f ${file}.yaml or --filename=${file}.json`);
  } else if (resources.length === 0 && noFiles) {
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  }
  if (changes.set.size + changes.remove.length === 0 && !flags.bool('list')) {
    throw new CommandError(`at least one ${what} update is required`);
  }
}

const pathOf = { label: 'metadata.labels', annotation: 'metadata.annotations' } as const;
const fieldOf = { label: 'labels', annotation: 'annotations' } as const;

function reportMissing(context: Context, object: JsonObject, { changes, what }: Task): void {
  if (what !== 'label') return;
  const present = new Map(entriesAt(object, pathOf.label));
  for (const key of changes.remove) if (!present.has(key)) context.out(`label ${quote(key)} not found.\n`);
}

/** The object with the changes, and the word for what was done. */
function change(
  context: Context,
  before: JsonObject,
  { changes, what }: Task,
): { readonly object: JsonObject; readonly message: string } {
  const values = new Map(entriesAt(before, pathOf[what]));
  if (!context.flags.bool('overwrite')) checkOverwrite(values, { changes, what });
  let [added, removed] = [false, false];
  for (const [key, value] of changes.set) {
    if (values.get(key) !== value) added = true;
    values.set(key, value);
  }
  for (const key of changes.remove) if (values.delete(key)) removed = true;
  const { [fieldOf[what]]: _, ...rest } = objectAt(before, 'metadata') ?? {};
  const metadata = values.size > 0 ? { ...rest, [fieldOf[what]]: Object.fromEntries(values) } : rest;
  const object = recordCause(context, { ...before, metadata });
  if (what === 'annotation') return { object, message: 'annotated' };
  return { object, message: added && removed ? 'modified' : added ? 'labeled' : removed ? 'unlabeled' : 'not labeled' };
}

function checkOverwrite(values: ReadonlyMap<string, string>, { changes, what }: Task): void {
  const taken = [...changes.set].flatMap(([key, value]) => {
    const present = values.get(key);
    return present === undefined || present === value || key === changeCauseAnnotation ? [] : [{ key, present }];
  });
  if (taken.length === 0) return;
  if (what === 'annotation') {
    const texts = taken.map(({ key, present }) => `'${key}' already has a value (${present})`);
    throw new CommandError(`--overwrite is false but found the following declared annotation(s): ${texts.join('; ')}`);
  }
  const texts = taken.map(({ key, present }) => `'${key}' already has a value (${present}), and --overwrite is false`);
  throw new CommandError(texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`);
}

function send(
  context: Context,
  info: Info,
  { before, object }: { readonly before: JsonObject; readonly object: JsonObject },
): Promise<JsonObject> {
  const { flags } = context;
  const resourceVersion = flags.string('resource-version');
  const diff = twoWayPatch(before, object, 'merge');
  const metadata = { ...objectAt(diff, 'metadata'), ...(resourceVersion === '' ? {} : { resourceVersion }) };
  const body = Object.keys(metadata).length > 0 ? { ...diff, metadata } : diff;
  const query = writeQuery({ dryRun: dryRunOf(context), fieldManager: flags.string('field-manager') });
  return patchInfo(context, info, { type: 'merge', patch: body, query });
}

function list(context: Context, info: Info, { what, single }: { readonly what: What; readonly single: boolean }): void {
  const indent = single ? '' : ' ';
  if (!single) context.out(`Listing ${what}s for ${info.resource.kind}.${info.resource.group}/${info.name}:\n`);
  for (const [key, value] of entriesAt(info.object, pathOf[what])) context.out(`${indent}${key}=${value}\n`);
}
