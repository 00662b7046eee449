// `kubectl delete`
import { textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { type DryRun, deletionFlags, dryRunFlag, dryRunOf, propagationOf, selectorFlag } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { addSource, CommandError, StatusError } from '../errors.ts';
import { flag } from '../flags.ts';
import { rawRequest } from '../raw-request.ts';
import { readLine } from '../read-line.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags } from '../resource/files.ts';
import { type Info, qualifiedKind } from '../resource/info.ts';
import { dryRunSuffix } from '../result-printer.ts';
import { type DeletedObject, waitUntilDeleted } from '../wait-deleted.ts';
import { deleteInfo } from '../write-object.ts';

export const deleteCommand: Command = {
  use: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  completes: { kind: 'resources' },
  long: `Delete resources by file names, standard input, resources and names, or by resources and label selector.

Some resources, such as pods, are deleted gracefully: they have time to end (the grace period) before they are removed. --grace-period overrides it, --now sets it to 1, and --force with --grace-period=0 does not wait for confirmation.`,
  example: `# The objects of a file
kubectl delete -f ./pod.json

# Pods and services with these names
kubectl delete pod,service baz foo

# Pods and services with a label
kubectl delete pods,services -l name=myLabel

# At once
kubectl delete pod foo --now

# All pods
kubectl delete pods --all`,
  flags: [
    ...fileFlags('containing the resource to delete'),
    selectorFlag,
    flag.string(
      'field-selector',
      "Field selector, supports '=', '==', and '!='. The server knows few fields of each type.",
    ),
    flag.bool('all', 'Delete all resources of the types in the namespace.'),
    flag.bool('all-namespaces', 'Act in all namespaces.', { shorthand: 'A' }),
    dryRunFlag,
    ...deletionFlags.map((each) => (each.name === 'wait' ? { ...each, default: 'true' } : each)),
    flag.bool('ignore-not-found', 'A resource that is not there counts as deleted. Default with --all: true.'),
    flag.bool('interactive', 'Delete only when the user confirms.', { shorthand: 'i' }),
    flag.bool('now', 'Signal for immediate shutdown (same as --grace-period=1).'),
    flag.string('output', 'Output mode. Use "-o name" for shorter output (resource/name).', { shorthand: 'o' }),
    flag.string('raw', 'Raw URI to DELETE.'),
  ],
  run: runDelete,
};

export interface DeleteOptions {
  readonly gracePeriod: number;
  readonly dryRun: DryRun;
  readonly propagationPolicy: string;
  readonly output: string;
}

async function runDelete(context: Context): Promise<void> {
  const { flags } = context;
  const options = deleteOptions(context);
  if (flags.string('raw') !== '') return rawDelete(context);
  const result = await find(context);
  validate(context, options);
  let confirmed: ReadonlySet<string> | undefined;
  if (flags.bool('interactive')) {
    confirmed = await confirm(context);
    if (!confirmed) return;
  }
  const deleted: DeletedObject[] = [];
  let warnScope = context.namespace().explicit && !flags.bool('all-namespaces');
  let count = 0;
  await result.visit(async (info) => {
    if (confirmed && !confirmed.has(keyOf(info))) return;
    count++;
    if (warnScope && !info.resource.namespaced) {
      context.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
      warnScope = false;
    }
    const reply = await deleteOne(context, info, options);
    if (reply) deleted.push({ info, uid: textAt(reply, 'details.uid') || textAt(reply, 'metadata.uid') });
  });
  if (count === 0) context.out('No resources found\n');
  if (!flags.bool('wait') || options.dryRun !== 'none') return;
  await waitUntilDeleted(context, deleted, flags.number('timeout')).catch((error: unknown) => {
    const harmless = error instanceof StatusError && ['Forbidden', 'MethodNotAllowed'].includes(error.reason);
    if (!harmless) throw error;
  });
}

/** Deletes one object and says so. Undefined when nothing was sent. */
export async function deleteOne(context: Context, info: Info, options: DeleteOptions): Promise<JsonObject | undefined> {
  const { gracePeriod, dryRun, propagationPolicy } = options;
  if (dryRun === 'client') {
    printDeleted(context, info, options);
    return undefined;
  }
  const body = {
    ...(gracePeriod >= 0 ? { gracePeriodSeconds: gracePeriod } : {}),
    propagationPolicy,
    ...(dryRun === 'server' ? { dryRun: ['All'] } : {}),
  };
  const reply = await deleteInfo(context, info, body).catch((error: unknown) => {
    throw addSource('deleting', info.source, error);
  });
  printDeleted(context, info, options);
  return reply;
}

/** `pod "web" deleted from default namespace` */
export function printDeleted(context: Context, info: Info, options: DeleteOptions): void {
  const kind = qualifiedKind(info.resource);
  if (options.output === 'name') {
    context.out(`${kind}/${info.name}\n`);
    return;
  }
  const from = info.resource.namespaced ? ` from ${info.ns} namespace` : '';
  const operation = options.gracePeriod === 0 ? 'force deleted' : 'deleted';
  context.out(`${kind} "${info.name}" ${operation}${from}${dryRunSuffix(options.dryRun)}\n`);
}

function deleteOptions(context: Context): DeleteOptions {
  const { flags } = context;
  const propagationPolicy = propagationOf(context);
  let gracePeriod = flags.number('grace-period');
  if (flags.bool('now')) {
    if (gracePeriod !== -1) throw new CommandError('--now and --grace-period cannot be specified together');
    gracePeriod = 1;
  }
  if (gracePeriod === 0 && !flags.bool('force')) gracePeriod = 1;
  if (flags.bool('force') && gracePeriod < 0) gracePeriod = 0;
  return { gracePeriod, dryRun: dryRunOf(context), propagationPolicy, output: flags.string('output') };
}

function find(context: Context) {
  const { flags, args } = context;
  const selects = flags.bool('all') || flags.string('selector') !== '' || flags.string('field-selector') !== '';
  return findResources(context, {
    args,
    files: fileChoice(flags),
    labelSelector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    selectAll: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    withoutObjects: true,
    continueOnError: true,
    ignoreNotFound: flags.changed('ignore-not-found') ? flags.bool('ignore-not-found') : selects,
  });
}

function validate(context: Context, options: DeleteOptions): void {
  const { flags } = context;
  if (options.output !== '' && options.output !== 'name') {
    throw new CommandError(`unexpected -o output mode: ${options.output}. We only support '-o name'`);
  }
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new CommandError('cannot set --all and --selector at the same time');
  if (flags.bool('all') && flags.string('field-selector') !== '')
    throw new CommandError("setting 'all' parameter but found a non empty selector. ");
  if (!flags.bool('force')) return;
  if (options.gracePeriod > 0) {
    throw new CommandError('--force and --grace-period greater than 0 cannot be specified together');
  }
  context.err(
    'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
  );
}

function rawDelete(context: Context): Promise<void> {
  const { flags } = context;
  if (flags.bool('interactive')) throw new CommandError('--interactive can not be used with --raw');
  if (flags.string('output') !== '') throw new CommandError('--raw and --output are mutually exclusive');
  return rawRequest(context, { method: 'DELETE', files: fileChoice(flags) });
}

function keyOf(info: Info): string {
  return `${qualifiedKind(info.resource)}/${info.ns}/${info.name}`;
}

/** The keys that the user agreed to, or undefined. */
async function confirm(context: Context): Promise<ReadonlySet<string> | undefined> {
  const infos: Info[] = [];
  await (await find(context)).visit((info) => {
    infos.push(info);
  });
  if (infos.length === 0) {
    context.out('No resources found\n');
    return undefined;
  }
  context.out(`You are about to delete the following ${infos.length} resource(s):\n`);
  for (const info of infos) context.out(`${qualifiedKind(info.resource)}/${info.name}\n`);
  context.out('Do you want to continue? (y/N): ');
  await context.output.flush();
  const answer = await readLine(context.process.stdin);
  if (answer.trim().toLowerCase() === 'y') return new Set(infos.map(keyOf));
  context.out('deletion is cancelled\n');
  return undefined;
}
