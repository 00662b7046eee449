// `kubectl set env`
import { entriesAt, objectAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { type Changes, parsePairs, splitPairs } from '../../argument-pairs.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { podSpecPath } from '../../pod-template-change.ts';
import { findResources } from '../../resource/builder.ts';
import type { LoadedInfo } from '../../resource/info.ts';
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
  const { resources, pairs } = splitPairs(context.args, 'environment variable');
  const changes = parsePairs([...pairs, ...flags.strings('env')], 'environment variable', true);
  const imported = flags.string('from') === '' ? [] : await importKeys(context);
  const infos = await findSetTargets(context, resources);
  if (flags.bool('list')) {
    for (const info of infos) listVariables(context, info);
    return;
  }
  if (changes.set.size + changes.remove.length + imported.length === 0) {
    throw new CommandError('at least one environment variable must be provided');
  }
  const pattern = flags.string('containers');
  await changeSpecs(context, infos, {
    operation: 'env updated',
    failure: 'failed to patch env update to pod template: ',
    change: (spec, errors, info) => {
      let found = false;
      const after = mapContainers(spec, (container) => {
        if (!matchesContainer(pattern, container)) return container;
        found = true;
        return withVariables(container, changes, imported);
      });
      if (!found) {
        const names = objectsAt(spec, 'containers').map((container) => textAt(container, 'name'));
        errors.push(
          new CommandError(
            `${info.resource.kind} ${info.name} does not have any containers matching ${JSON.stringify(pattern)} (${names})`,
          ),
        );
      }
      return after;
    },
  });
}

function withVariables(container: JsonObject, changes: Changes, imported: readonly JsonObject[]): JsonObject {
  const wanted = [...[...changes.set].map(([name, value]) => ({ name, value })), ...imported];
  const byName = new Map<string, JsonObject>(wanted.map((item) => [textAt(item, 'name'), item]));
  const kept: JsonObject[] = [];
  for (const item of objectsAt(container, 'env')) {
    const name = textAt(item, 'name');
    if (changes.remove.includes(name)) continue;
    kept.push(byName.get(name) ?? item);
    byName.delete(name);
  }
  const env = [...kept, ...byName.values()];
  const { env: _, ...rest } = container;
  return env.length > 0 ? { ...rest, env } : rest;
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
      const variable = `${flags.string('prefix')}${key.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`;
      variables.push({ name: variable, valueFrom: { [field]: { name, key } } });
    }
  }
  return variables;
}

function listVariables(context: Context, info: LoadedInfo): void {
  const spec = objectAt(info.object, podSpecPath(info.object)) ?? {};
  for (const container of [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')]) {
    if (!matchesContainer(context.flags.string('containers'), container)) continue;
    context.out(`# ${info.resource.kind} ${info.name}, container ${textAt(container, 'name')}\n`);
    for (const item of objectsAt(container, 'env')) context.out(variableLine(item));
  }
}

function variableLine(item: JsonObject): string {
  const name = textAt(item, 'name');
  const secret = objectAt(item, 'valueFrom.secretKeyRef');
  const config = objectAt(item, 'valueFrom.configMapKeyRef');
  const field = objectAt(item, 'valueFrom.fieldRef');
  if (secret) return `# ${name} from secret ${textAt(secret, 'name')}, key ${textAt(secret, 'key')}\n`;
  if (config) return `# ${name} from configmap ${textAt(config, 'name')}, key ${textAt(config, 'key')}\n`;
  if (field) return `# ${name} from field path ${textAt(field, 'fieldPath')}\n`;
  return `${name}=${textAt(item, 'value')}\n`;
}
