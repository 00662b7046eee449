// `kubectl set env`
import { entriesAt, objectAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { podSpecPath } from '../../pod-template-change.ts';
import { findResources } from '../../resource/builder.ts';
import type { LoadedInfo } from '../../resource/info.ts';
import { readEnvironment, splitEnvironment } from './env-arguments.ts';
import { listVariables } from './env-list.ts';
import { mapContainers, matchesContainer } from './image.ts';
import { changeSpecs, findSetTargets, setFlags } from './set-template.ts';

export const setEnv: Command = {
  use: 'env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  short: 'Update environment variables on a pod template',
  example: `# A variable for a deployment
kubectl set env deployment/registry STORAGE_DIR=/local

# Its variables
kubectl set env deployment/sample-build --list

# A variable less
kubectl set env rc --all ENV-`,
  flags: [
    ...setFlags,
    flag.string('containers', 'Names of the containers to change, with wildcards.', { shorthand: 'c', default: '*' }),
    flag.stringArray('env', 'A variable as key=value.', { shorthand: 'e' }),
    flag.string('from', 'A config map or secret whose keys become variables.'),
    flag.stringSlice('keys', 'The keys to take of it.'),
    flag.bool('list', 'Show the variables.'),
    flag.bool('overwrite', 'Let existing variables change.', { default: 'true' }),
    flag.string('prefix', 'Stands before the names of variables.'),
    flag.bool('resolve', 'With --list: show the values of references.'),
  ],
  run: runSetEnv,
};

async function runSetEnv(context: Context): Promise<void> {
  const { flags } = context;
  if (flags.bool('all') && flags.string('selector') !== '')
    throw new CommandError('cannot set --all and --selector at the same time');
  const { resources, variables } = splitEnvironment(context.args);
  check(context, resources);
  const changes = await readEnvironment(context, [...flags.strings('env'), ...variables]);
  if (changes.fromStdin && flags.strings('filename').includes('-'))
    throw new CommandError('standard input cannot be used for multiple arguments');
  const imported = flags.string('from') === '' ? [] : await importKeys(context);
  const prefix = flags.string('prefix');
  const set = [...changes.set, ...imported].map((item) => ({ ...item, name: prefix + textAt(item, 'name') }));
  const infos = await findSetTargets(context, resources);
  if (flags.bool('list')) return list(context, infos, { ...changes, set });
  const pattern = flags.string('containers');
  await changeSpecs(context, infos, {
    operation: 'env updated',
    failure: 'failed to patch env update to pod template: ',
    change: (spec, _errors, info) => {
      let found = false;
      const after = mapContainers(spec, (container) => {
        if (!matchesContainer(pattern, container)) return container;
        found = true;
        if (!flags.bool('overwrite')) checkOverwrites(container, set);
        return withVariables(container, { ...changes, set });
      });
      if (!found) {
        const about = `${info.resource.kind}/${info.name}`;
        context.err(`Warning: ${about} does not have any containers matching ${JSON.stringify(pattern)}\n`);
      }
      return after;
    },
  });
}

function check({ flags }: Context, resources: readonly string[]): void {
  if (flags.bool('local') && flags.string('dry-run') === 'server')
    throw new CommandError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
  if (flags.strings('filename').length === 0 && resources.length === 0)
    throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  if (flags.bool('list') && flags.string('output') !== '')
    throw new CommandError('--list and --output may not be specified together');
  if (flags.strings('keys').length > 0 && flags.string('from') === '')
    throw new CommandError('when specifying --keys, a configmap or secret must be provided with --from');
}

interface Changes {
  readonly set: readonly JsonObject[];
  readonly remove: readonly string[];
}

async function list(context: Context, infos: readonly LoadedInfo[], changes: Changes): Promise<void> {
  for (const info of infos) {
    const spec = objectAt(info.object, podSpecPath(info.object)) ?? {};
    let failed = false;
    for (const container of [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')]) {
      if (!matchesContainer(context.flags.string('containers'), container)) continue;
      if (await listVariables(context, info, withVariables(container, changes))) failed = true;
    }
    if (failed) return;
  }
}

function checkOverwrites(container: JsonObject, set: readonly JsonObject[]): void {
  const known = new Map(objectsAt(container, 'env').map((item) => [textAt(item, 'name'), textAt(item, 'value')]));
  for (const item of set) {
    const value = known.get(textAt(item, 'name'));
    if (value === undefined || value === textAt(item, 'value')) continue;
    throw new CommandError(`'${textAt(item, 'name')}' already has a value (${value}), and --overwrite is false`);
  }
}

function withVariables(container: JsonObject, { set, remove }: Changes): JsonObject {
  const covered = new Set(remove);
  const kept: JsonObject[] = [];
  for (const item of objectsAt(container, 'env')) {
    const name = textAt(item, 'name');
    if (covered.has(name)) continue;
    const newer = set.find((each) => textAt(each, 'name') === name);
    if (newer) covered.add(name);
    kept.push(newer ?? item);
  }
  for (const item of set) {
    const name = textAt(item, 'name');
    if (!covered.has(name)) kept.push(item);
    covered.add(name);
  }
  const { env: _, ...rest } = container;
  return kept.length > 0 ? { ...rest, env: kept } : rest;
}

/** Variables that refer to the keys of a config map or a secret. */
async function importKeys(context: Context): Promise<readonly JsonObject[]> {
  const { flags } = context;
  const found = await findResources(context, { args: [flags.string('from')] });
  const keys = flags.strings('keys');
  const variables: JsonObject[] = [];
  for (const { object, name, resource } of await found.infos()) {
    const field = resource.kind === 'Secret' ? 'secretKeyRef' : resource.kind === 'ConfigMap' ? 'configMapKeyRef' : '';
    if (field === '') throw new CommandError(`unsupported resource specified in --from`);
    for (const [key] of entriesAt(object, 'data')) {
      if (keys.length > 0 && !keys.includes(key)) continue;
      const variable = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
      if (variable !== key) context.err(`Warning: key ${key} transferred to ${variable}\n`);
      variables.push({ name: variable, valueFrom: { [field]: { name, key } } });
    }
  }
  return variables;
}
