// `kubectl diff`: what apply would change, shown by the machine's diff program.
import type { JsonObject } from '../../base/json.ts';
import { fieldManagerFlag, selectorFlag } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, ExitError, isConflict, isNotFound } from '../errors.ts';
import { runExternal } from '../external-program.ts';
import { flag } from '../flags.ts';
import { klogLine } from '../klog.ts';
import { withoutLastApplied } from '../last-applied.ts';
import { withoutManagedFields } from '../print/printer.ts';
import { formatYaml } from '../print/yaml.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, requireFiles } from '../resource/files.ts';
import { apiVersionOf, type Info, loadInfo } from '../resource/info.ts';
import { temporaryFolder } from '../temporary-files.ts';
import { createInfo, patchInfo } from '../write-object.ts';
import { patchLive, warnIfDeleting } from './apply/client-side.ts';
import { findPrunable } from './apply/prune.ts';
import { maskSecrets } from './diff/mask.ts';

export const diff: Command = {
  use: 'diff -f FILENAME',
  long: `Compare what is in the cluster with what would be there after the files were applied.

The program in KUBECTL_EXTERNAL_DIFF shows the differences; default is "diff -u -N". Exit code: 0 nothing differs, 1 something differs, more than 1 an error.`,
  example: `# What a file would change
kubectl diff -f pod.json

# What standard input would change
cat service.yaml | kubectl diff -f -`,
  flags: [
    flag.stringArray('prune-allowlist', 'Types that may be pruned, as group/version/kind.'),
    flag.bool('prune', 'Show what pruning would delete too. Together with -l, or all that was applied.'),
    flag.bool('show-managed-fields', 'Compare managedFields too.'),
    flag.bool('show-secrets', 'Do not mask the values of secrets.'),
    flag.int('concurrency', 'How many objects to compare at a time.', {
      default: '1',
      idle: 'the differences are shown together at the end, in the order of their names',
    }),
    ...fileFlags('contains the configuration to diff'),
    flag.bool('force-conflicts', 'With --server-side: take over fields of other managers.'),
    flag.bool('server-side', 'Let the server apply.'),
    fieldManagerFlag('kubectl-client-side-apply'),
    selectorFlag,
  ],
  errorCode: 2,
  run: runDiff,
};

const triesMax = 4;

/** Two folders: a file for each object as it is, and one as it would be. */
interface Folders {
  readonly live: string;
  readonly merged: string;
}

async function runDiff(context: Context): Promise<void> {
  const { flags, args } = context;
  if (args.length > 0) throw context.usageError(`Unexpected args: [${args.join(' ')}]`);
  const choice = fileChoice(flags);
  requireFiles(choice);
  if (flags.bool('force-conflicts') && !flags.bool('server-side')) {
    throw new CommandError('--force-conflicts only works with --server-side');
  }
  const folders = { live: temporaryFolder(context, 'LIVE-'), merged: temporaryFolder(context, 'MERGED-') };
  try {
    const found = await findResources(context, { files: choice, labelSelector: flags.string('selector') });
    const visited: Info[] = [];
    await found.visit(async (info) => {
      visited.push(await compare(context, info, folders));
    });
    if (flags.bool('prune')) {
      for (const info of await findPrunable(context, visited)) {
        write(context, `${folders.live}/${fileName(info)}`, info.object);
      }
    }
    await showDifferences(context, folders);
  } finally {
    for (const path of Object.values(folders)) context.process.machine.files.remove(path, { recursive: true });
  }
}

/** Writes both states of one object; returns the object as it is in the cluster. */
async function compare(context: Context, info: Info, folders: Folders): Promise<Info> {
  for (let tries = 1; ; tries++) {
    const live = await loadInfo(context.client(), info).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return undefined;
    });
    if (tries === triesMax) {
      const gvk = `${apiVersionOf(info.resource)}, Kind=${info.resource.kind}`;
      const text = `Object (${gvk}: ${info.name}) keeps changing, diffing without lock`;
      context.err(klogLine(context.process, 'W', 'diff.go:705', text));
    }
    try {
      const merged = await mergedObject(context, info, live?.object);
      writeBoth(context, info, { live: live?.object, merged, folders });
    } catch (error) {
      if (isConflict(error) && tries < triesMax) continue;
      throw error;
    }
    if (live) warnIfDeleting(context, live.object);
    return live ?? info;
  }
}

/** The object as applying it would leave it: a dry run tells. */
async function mergedObject(context: Context, info: Info, live: JsonObject | undefined): Promise<JsonObject> {
  const { flags } = context;
  const serverSide = flags.bool('server-side');
  const named = flags.changed('field-manager');
  const fieldManager = serverSide && !named ? 'kubectl' : flags.string('field-manager');
  if (serverSide) {
    const query = { dryRun: 'All', fieldManager, force: flags.bool('force-conflicts') };
    return patchInfo(context, info, { type: 'apply', patch: info.object ?? {}, query });
  }
  if (!live) return createInfo(context, info, { dryRun: 'All', fieldManager });
  const wanted = { ...info, object: withoutLastApplied(info.object ?? {}) };
  const options = { dryRun: 'server' as const, fieldManager, force: false };
  const { object } = await patchLive(context, wanted, { live, options });
  return object;
}

function writeBoth(
  context: Context,
  info: Info,
  states: { readonly live: JsonObject | undefined; readonly merged: JsonObject; readonly folders: Folders },
): void {
  const { flags } = context;
  let { live, merged } = states;
  if (!flags.bool('show-managed-fields')) {
    live = live && withoutManagedFields(live);
    merged = withoutManagedFields(merged);
  }
  if (info.resource.group === '' && info.resource.kind === 'Secret' && !flags.bool('show-secrets')) {
    [live, merged] = maskSecrets(live, merged);
  }
  write(context, `${states.folders.live}/${fileName(info)}`, live);
  write(context, `${states.folders.merged}/${fileName(info)}`, merged);
}

function write(context: Context, path: string, object: JsonObject | undefined): void {
  context.process.machine.files.writeFile(path, object ? formatYaml(object) : '', { mode: 0o700 });
}

/** `apps.v1.Deployment.default.web` */
function fileName({ resource, ns, name }: Info): string {
  return [...(resource.group ? [resource.group] : []), resource.version, resource.kind, ns, name].join('.');
}

async function showDifferences(context: Context, { live, merged }: Folders): Promise<void> {
  const [program = '', ...given] = (context.process.env.get('KUBECTL_EXTERNAL_DIFF') || 'diff').split(' ');
  const own = context.process.env.get('KUBECTL_EXTERNAL_DIFF')
    ? given.filter((arg) => /^[a-zA-Z0-9-=]+$/.test(arg))
    : ['-u', '-N'];
  const ended = await runExternal(context, [program, ...own, live, merged]);
  const failed = (words: string) => new CommandError(`failed to run ${JSON.stringify(program)}: ${words}`);
  if ('problem' in ended) throw failed(ended.problem);
  if (ended.exitCode === 1) throw new ExitError(1);
  if (ended.exitCode > 1) throw failed(`exit status ${ended.exitCode}`);
}
