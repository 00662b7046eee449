// `kubectl set resources`
import { parseQuantity, QuantityError } from '../../../api/quantity.ts';
import { objectAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { mapContainers, matchesContainer } from './image.ts';
import { changeSpecs, findSetTargets, setFlags } from './set-template.ts';

export const setResources: Command = {
  use: 'resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  short: 'Update resource requests/limits on objects with pod templates',
  example: '# Limits of one container\nkubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi',
  flags: [
    ...setFlags,
    flag.string('containers', 'Names of the containers to change, with wildcards. Default: all.', {
      shorthand: 'c',
      default: '*',
    }),
    flag.string('limits', "Limits of the containers, e.g. 'cpu=100m,memory=256Mi'."),
    flag.string('requests', "Requests of the containers, e.g. 'cpu=100m,memory=256Mi'."),
  ],
  run: runSetResources,
};

async function runSetResources(context: Context): Promise<void> {
  const { flags } = context;
  const infos = await findSetTargets(context, context.args);
  if (flags.bool('all') && flags.string('selector') !== '') {
    throw new CommandError('cannot set --all and --selector at the same time');
  }
  if (flags.string('limits') === '' && flags.string('requests') === '') {
    throw new CommandError('you must specify an update to requests or limits (in the form of --requests/--limits)');
  }
  const amounts = { limits: parseAmounts(flags.string('limits')), requests: parseAmounts(flags.string('requests')) };
  const pattern = flags.string('containers');
  await changeSpecs(context, infos, {
    operation: 'resource requirements updated',
    failure: 'failed to patch resources update to pod template ',
    change: (spec, errors) => {
      let found = false;
      const after = mapContainers(spec, (container) => {
        if (!matchesContainer(pattern, container)) return container;
        found = true;
        return withResources(container, amounts);
      });
      if (!found) errors.push(new CommandError(`error: unable to find container named ${pattern}`));
      return found ? after : spec;
    },
  });
}

/** `cpu=100m,memory=256Mi` */
function parseAmounts(text: string): JsonObject {
  const amounts: Record<string, string> = {};
  for (const statement of text === '' ? [] : text.split(',')) {
    const [name = '', amount, ...more] = statement.split('=');
    if (amount === undefined || more.length > 0) {
      throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
    }
    try {
      amounts[name] = parseQuantity(amount).toString();
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      throw new CommandError(error.message);
    }
  }
  return amounts;
}

function withResources(container: JsonObject, amounts: { limits: JsonObject; requests: JsonObject }): JsonObject {
  const resources: Record<string, JsonObject[string]> = { ...objectAt(container, 'resources') };
  for (const list of ['limits', 'requests'] as const) {
    if (Object.keys(amounts[list]).length === 0) continue;
    resources[list] = { ...objectAt(container, `resources.${list}`), ...amounts[list] };
  }
  return { ...container, resources };
}
