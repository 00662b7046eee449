// `kubectl scale`
import { numberAt, objectAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { changeCause, changeCauseAnnotation } from '../change-cause.ts';
import { dryRunFlag, dryRunOf, recordFlag, selectorFlag } from '../change-flags.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, isConflict, ManyErrors } from '../errors.ts';
import { flag } from '../flags.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags } from '../resource/files.ts';
import { type Info, infoPath } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import { aboutInfo, patchInfo } from '../write-object.ts';

export const scale: Command = {
  use: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  completes: { kind: 'resources', types: ['deployment', 'replicaset', 'replicationcontroller', 'statefulset'] },
  long: 'Set a new size for a deployment, replica set, replication controller, or stateful set.',
  example: `# Three replicas
kubectl scale --replicas=3 rs/foo

# Only if there are two now
kubectl scale --current-replicas=2 --replicas=3 deployment/mysql`,
  flags: [
    recordFlag,
    ...printFlags(),
    flag.bool('all', 'All resources of the types in the namespace.'),
    flag.string('resource-version', 'Scale only if this is the resource version.'),
    flag.int('current-replicas', 'Scale only if this is the size; -1 for any.', { default: '-1' }),
    flag.int('replicas', 'The new number of replicas. Required.', { required: true }),
    flag.duration('timeout', 'How long to wait for the new size; 0 does not wait.'),
    ...fileFlags('identifying the resource to set a new size'),
    dryRunFlag,
    selectorFlag,
  ],
  run: runScale,
};

async function runScale(context: Context): Promise<void> {
  const { flags, args } = context;
  const dryRun = dryRunOf(context);
  const replicas = flags.number('replicas');
  if (replicas < 0) {
    throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  }
  if (flags.number('current-replicas') < -1) {
    throw new CommandError('The --current-replicas must specify an integer of -1 or greater');
  }
  const print = resultPrinter(context, dryRun);
  const found = await findResources(context, {
    args,
    files: fileChoice(flags),
    labelSelector: flags.string('selector'),
    allowAll: flags.bool('all'),
    continueOnError: true,
  });
  const { infos, errors } = await found.collect();
  if (flags.string('resource-version') !== '' && infos.length > 1) {
    throw new CommandError('cannot use --resource-version with multiple resources');
  }
  if (infos.length === 0) {
    ManyErrors.throwAll(errors);
    throw new CommandError('no objects passed to scale');
  }
  for (const info of infos) {
    const size = dryRun === 'client' ? replicas : await scaleOne(context, info, replicas);
    if (dryRun === 'none' && flags.number('timeout') > 0) await waitForSize(context, info, size);
    if (flags.bool('record') && dryRun === 'none') {
      const annotations = { [changeCauseAnnotation]: changeCause(context) };
      await patchInfo(context, info, { type: 'merge', patch: { metadata: { annotations } } });
    }
    print(withReplicas(info, size), 'scaled');
  }
  ManyErrors.throwAll(errors);
}

/** Sets the size through the scale subresource. Returns what it is now. */
async function scaleOne(context: Context, info: Info, replicas: number): Promise<number> {
  const { flags } = context;
  const query = { dryRun: dryRunOf(context) === 'server' ? 'All' : undefined };
  const [expected, version] = [flags.number('current-replicas'), flags.string('resource-version')];
  if (expected === -1 && version === '') {
    const patch = { spec: { replicas } };
    const scaled = await patchInfo(context, info, { type: 'merge', patch, query, subresource: 'scale' });
    return numberAt(scaled, 'spec.replicas') ?? 0;
  }
  for (;;) {
    const current = await readScale(context, info);
    const size = numberAt(current, 'spec.replicas') ?? 0;
    if (expected !== -1 && size !== expected) {
      throw new CommandError(`Expected replicas to be ${expected}, was ${size}`);
    }
    const found = textAt(current, 'metadata.resourceVersion');
    if (version !== '' && found !== version) {
      throw new CommandError(`Expected resource version to be ${version}, was ${found}`);
    }
    const body = { ...current, spec: { ...objectAt(current, 'spec'), replicas } };
    try {
      const request = { method: 'PUT' as const, path: infoPath(info, 'scale'), query, body, about: aboutInfo(info) };
      return numberAt(await context.client().object(request), 'spec.replicas') ?? 0;
    } catch (error) {
      if (!isConflict(error)) throw error;
      await context.process.clock.sleep(1000, context.process.cancel);
    }
  }
}

function readScale(context: Context, info: Info): Promise<JsonObject> {
  const { resource, ns, name } = info;
  return context
    .client()
    .object({ path: resourcePath(resource, { ns, name, subresource: 'scale' }), about: aboutInfo(info) });
}

async function waitForSize(context: Context, info: Info, size: number): Promise<void> {
  const deadline = context.now() + context.flags.number('timeout');
  for (;;) {
    const current = await readScale(context, info);
    const reached = numberAt(current, 'status.replicas') === size && (numberAt(current, 'spec.replicas') ?? 0) === size;
    if (reached) return;
    if (context.now() >= deadline)
      throw new CommandError(`timed out waiting for ${JSON.stringify(info.name)} to be synced`);
    await context.process.clock.sleep(1000, context.process.cancel);
  }
}

/** Built-in kinds show the new size; where others keep it is not known. */
function withReplicas(info: Info, replicas: number): JsonObject {
  const object = info.object ?? {};
  if (!['apps', ''].includes(info.resource.group)) return object;
  return { ...object, spec: { ...objectAt(object, 'spec'), replicas } };
}
