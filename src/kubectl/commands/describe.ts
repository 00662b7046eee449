// `kubectl describe`

import { textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { selectorFlag } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import type { DescribeClient } from '../describe/describer.ts';
import { describerFor } from '../describe/describers.ts';
import { asError, CommandError, isNotFound, ManyErrors } from '../errors.ts';
import { flag } from '../flags.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, isFileChoiceEmpty } from '../resource/files.ts';
import type { Info } from '../resource/info.ts';

export const describe: Command = {
  use: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  completes: { kind: 'resources' },
  long: `Show details of a resource or of a group of resources, with what belongs to them: events, the pods of a controller.

When there is no resource of the given name, those whose names begin with it are described.`,
  example: `# A node
kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

# A pod
kubectl describe pods/nginx

# The pods with a label
kubectl describe pods -l name=myLabel`,
  flags: [
    ...fileFlags('containing the resource to describe'),
    selectorFlag,
    flag.bool('all-namespaces', 'Act in all namespaces.', { shorthand: 'A' }),
    flag.int64('chunk-size', 'Read large lists in chunks of this size; 0 reads them at once.', { default: '500' }),
    flag.bool('show-events', 'Show the events too. Default: for a single object that is named in full.', {
      default: 'true',
    }),
  ],
  run: runDescribe,
};

async function runDescribe(context: Context): Promise<void> {
  const { flags, args } = context;
  const files = fileChoice(flags);
  if (args.length === 0 && isFileChoiceEmpty(files)) {
    throw new CommandError(
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  }
  const found = await findResources(context, {
    args,
    files,
    labelSelector: flags.string('selector'),
    allNamespaces: flags.bool('all-namespaces'),
    allowAll: true,
    chunkSize: flags.number('chunk-size'),
    continueOnError: true,
  });
  const { infos, errors } = await found.collect();
  const [first] = errors;
  if (errors.length === 1 && first && isNotFound(first) && args.length === 2) {
    await describeMatching(context, args, first);
    return;
  }
  const single = errors.length === 0 && infos.length <= 1;
  const failures = [...errors, ...(await describeAll(context, infos, showsEvents(context, single)))];
  if (infos.length === 0 && failures.length === 0) {
    const { ns } = context.namespace();
    context.err(flags.bool('all-namespaces') ? 'No resources found\n' : `No resources found in ${ns} namespace.\n`);
  }
  ManyErrors.throwAll(failures);
}

/** What --show-events says, or else whether one object is shown. */
function showsEvents({ flags }: Context, single: boolean): boolean {
  return flags.changed('show-events') ? flags.bool('show-events') : single;
}

/** Describes what begins with the given name; without any, the first error stands. */
async function describeMatching(context: Context, args: readonly string[], notFound: Error): Promise<void> {
  const [type = '', prefix = ''] = args;
  const found = await findResources(context, {
    args: [type],
    allowAll: true,
    chunkSize: context.flags.number('chunk-size'),
  });
  const infos = (await found.infos()).filter((info) => info.name.startsWith(prefix));
  if (infos.length === 0) throw notFound;
  for (const info of infos) context.out(`${await describeInfo(context, info, showsEvents(context, false))}\n`);
}

async function describeAll(context: Context, infos: readonly Info[], showEvents: boolean): Promise<readonly Error[]> {
  const errors: Error[] = [];
  let first = true;
  for (const info of infos) {
    try {
      const text = await describeInfo(context, info, showEvents);
      context.out(first ? text : `\n\n${text}`);
      first = false;
    } catch (thrown) {
      const error = asError(thrown);
      if (!errors.some((known) => known.message === error.message)) errors.push(error);
    }
  }
  return errors;
}

function describeInfo(context: Context, info: Info, showEvents: boolean): Promise<string> {
  const { group, version, resource, kind, namespaced } = info.resource;
  const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return describerFor(group, kind).describe({
    name: info.name,
    namespace: info.ns,
    showEvents,
    client: clientOf(context),
    mapping: { prefix, resource, namespaced },
  });
}

function clientOf(context: Context): DescribeClient {
  const limit = context.flags.number('chunk-size') || undefined;
  return {
    now: () => context.now(),
    get: (path) => context.client().object({ path, about: aboutPath(path, true) }),
    list: async (path, query = {}) => {
      const items: JsonObject[] = [];
      let next: string | undefined;
      do {
        const list = await context
          .client()
          .object({ path, query: { ...query, limit, continue: next }, about: aboutPath(path, false) });
        if (isList(list.items)) items.push(...list.items.filter(isObject));
        next = textAt(list, 'metadata.continue') || undefined;
      } while (next);
      return items;
    },
  };
}

/** What a path is about, for the words of an answer that is no Status. */
function aboutPath(path: string, single: boolean): { group: string; resource: string; name?: string } {
  const parts = path.split('/');
  const group = parts[1] === 'apis' ? (parts[2] ?? '') : '';
  const resource = parts.at(single ? -2 : -1) ?? '';
  return single ? { group, resource, name: decodeURIComponent(parts.at(-1) ?? '') } : { group, resource };
}
