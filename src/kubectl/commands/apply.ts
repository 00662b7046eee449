// `kubectl apply`

import { textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { recordCause } from '../change-cause.ts';
import {
  deletionFlags,
  dryRunFlag,
  dryRunOf,
  fieldManagerFlag,
  fieldValidationOf,
  recordFlag,
  selectorFlag,
  validateFlag,
} from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { asError, CommandError, ManyErrors } from '../errors.ts';
import { flag, subresources } from '../flags.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, requireFiles } from '../resource/files.ts';
import type { LoadedInfo } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import type { ApplyOptions } from './apply/apply-options.ts';
import type { ApplySet } from './apply/apply-set.ts';
import { applyClientSide } from './apply/client-side.ts';
import { editLastApplied, setLastApplied, viewLastApplied } from './apply/last-applied.ts';
import { prune, pruneAllowed } from './apply/prune.ts';
import { applyServerSide } from './apply/server-side.ts';

export const apply: Command = {
  use: 'apply (-f FILENAME | -k DIRECTORY)',
  long: `Apply a configuration to a resource by file name or standard input. The resource is created if it does not exist yet. Objects that were created without apply should have been made with --save-config.`,
  example: `# The objects of a file
kubectl apply -f ./pod.json

# What is on standard input
cat pod.json | kubectl apply -f -

# Delete what carries app=nginx and is in the file no more
kubectl apply --prune -f manifest.yaml -l app=nginx`,
  flags: [
    recordFlag,
    ...fileFlags('contains the configuration to apply'),
    selectorFlag,
    validateFlag,
    dryRunFlag,
    fieldManagerFlag('kubectl-client-side-apply'),
    ...printFlags(),
    flag.bool('all', 'With --prune: all resources in the namespace of the given types.'),
    flag.string('applyset', 'With --prune (alpha, KUBECTL_APPLYSET=true): the parent of the set that is applied.', {
      hidden: true,
    }),
    ...deletionFlags,
    flag.bool('force-conflicts', 'With --server-side: take over fields of other managers.'),
    flag.bool('openapi-patch', 'Take the schema for patches from the server.', { default: 'true' }),
    flag.bool('overwrite', 'Solve conflicts with the values of the configuration.', { default: 'true' }),
    flag.bool('prune', 'Delete resources of former configurations that are in this one no more.'),
    flag.stringArray('prune-allowlist', 'Types that may be pruned, as group/version/kind.'),
    flag.bool('server-side', 'Let the server apply.'),
    flag.string('subresource', 'The subresource to apply to (with --server-side).', { completes: subresources }),
  ],
  subcommands: [editLastApplied, setLastApplied, viewLastApplied],
  run: runApply,
};

async function runApply(context: Context): Promise<void> {
  const { flags, args } = context;
  if (args.length > 0) throw context.usageError(`Unexpected args: [${args.join(' ')}]`);
  const options = applyOptions(context);
  const files = fileChoice(flags);
  requireFiles(files);
  const set = await applySetOf(context, options);
  if (flags.bool('prune') && !set) checkPrune(context);
  const print = resultPrinter(context, options.dryRun);
  const found = await findResources(context, { files, labelSelector: flags.string('selector'), continueOnError: true });
  const { infos, errors } = await found.collect();
  const failures: Error[] = errors.length > 1 ? [new ManyErrors(errors)] : [...errors];
  if (infos.length === 0 && failures.length === 0) throw new CommandError('no objects passed to apply');
  const members = set ? infos.map((info) => set.member(info)) : [];
  await set?.begin(members);
  const applied: LoadedInfo[] = [];
  const results: JsonObject[] = [];
  const listed = !['', 'name'].includes(flags.string('output'));
  const apply = flags.bool('server-side') ? applyServerSide : applyClientSide;
  for (const info of set ? members : infos)
    try {
      const generateName = textAt(info.object, 'metadata.generateName');
      if (info.name === '' && generateName !== '') {
        throw new CommandError(`from ${generateName}: cannot use generate name with apply`);
      }
      const recorded = { ...info, object: recordCause(context, info.object) };
      const result = await apply(context, recorded, options);
      applied.push({ ...info, object: result.object });
      if (listed) results.push(result.object);
      else print(result.object, result.operation);
    } catch (error) {
      failures.push(asError(error));
    }
  printList(results, print);
  ManyErrors.throwAll(failures);
  if (set) await set.prune(applied, members);
  else if (flags.bool('prune')) await prune(context, applied, options.dryRun);
}

/** The set of `--applyset`, a feature that the environment has to ask for. */
async function applySetOf(context: Context, options: ApplyOptions): Promise<ApplySet | undefined> {
  const { flags, process, path } = context;
  if (!flags.changed('applyset')) return undefined;
  if (process.env.get('KUBECTL_APPLYSET') !== 'true')
    throw new CommandError(`unknown flag: --applyset\nSee '${path} --help' for usage.`);
  const reference = flags.string('applyset');
  if (reference === '') return undefined;
  const { ApplySet } = await context.loadCode(() => import('./apply/apply-set.ts'));
  return ApplySet.named(context, reference, options);
}

function printList(results: readonly JsonObject[], print: (object: JsonObject, operation: string) => void): void {
  const [first] = results;
  if (!first) return;
  if (results.length === 1) print(first, '');
  else print({ apiVersion: 'v1', kind: 'List', metadata: {}, items: results }, '');
}

function applyOptions(context: Context): ApplyOptions {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const serverSide = flags.bool('server-side');
  if (flags.bool('force-conflicts') && !serverSide) {
    throw new CommandError('--force-conflicts only works with --server-side');
  }
  if (dryRun === 'client' && serverSide) {
    throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  }
  if (flags.bool('force') && serverSide) throw new CommandError('--force cannot be used with --server-side');
  if (flags.bool('force') && dryRun === 'server')
    throw new CommandError('--dry-run=server cannot be used with --force');
  const named = flags.changed('field-manager');
  const fieldManager = serverSide && !named ? 'kubectl' : flags.string('field-manager');
  return {
    dryRun,
    fieldManager,
    fieldValidation: fieldValidationOf(context),
    force: flags.bool('force'),
    overwrite: flags.bool('overwrite'),
    serverSchemas: flags.bool('openapi-patch') ? ['openapi v3', 'openapi'] : [],
  };
}

function checkPrune({ flags }: Context): void {
  if (flags.bool('all') && flags.string('selector') !== '') {
    throw new CommandError('cannot set --all and --selector at the same time');
  }
  if (!flags.bool('all') && flags.string('selector') === '') {
    throw new CommandError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    );
  }
  for (const gvk of flags.strings('prune-allowlist')) pruneAllowed(gvk);
}
