// `kubectl wait`
import { textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { selectorFlag } from '../change-flags.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, isNotFound } from '../errors.ts';
import { flag } from '../flags.ts';
import { namePrinter, objectPrinter, printFlags } from '../print/printer.ts';
import { findResources, type Result } from '../resource/builder.ts';
import { deepFileFlags, fileChoice, isFileChoiceEmpty } from '../resource/files.ts';
import type { Info } from '../resource/info.ts';
import { parseWaitCondition, type WaitCondition } from '../wait-condition.ts';
import { watchUntil } from '../watch-until.ts';
import { aboutInfo } from '../write-object.ts';

export const wait: Command = {
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  long: 'Wait for a specific condition on one or many resources: a condition of the status, a field, creation or deletion.',
  example: `# Until the pod is ready
kubectl wait --for=condition=Ready pod/busybox1

# Until it runs
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

# Until it is gone
kubectl wait --for=delete pod/busybox1 --timeout=60s

# Until it is there and ready
kubectl wait --for=create --for=condition=Ready pod/busybox1`,
  flags: [
    ...printFlags(),
    ...deepFileFlags('identifying the resource'),
    selectorFlag,
    flag.string('field-selector', "Field selector, supports '=', '==', and '!='."),
    flag.bool('all', 'All resources of the types in the namespace.'),
    flag.bool('all-namespaces', 'Act in all namespaces.', { shorthand: 'A' }),
    flag.stringArray(
      'for',
      "What to wait for: [create|delete|condition=name[=value]|jsonpath='{expression}'[=value]]. Several are waited for one after the other, creation first.",
    ),
    flag.bool('local', 'Ask no server.'),
    flag.duration('timeout', 'How long to wait. 0 looks once, a negative time waits a week.', { default: '30s' }),
  ],
  run: runWait,
};

const weekMs = 7 * 24 * 3_600_000;

async function runWait(context: Context): Promise<void> {
  const { flags } = context;
  const conditions = flags.strings('for').map(parseWaitCondition);
  if (conditions.length === 0) throw new CommandError('unrecognized condition: []');
  if (flags.bool('local')) checkLocal(context);
  const isAwaited = (kind: WaitCondition['kind']) => conditions.some((condition) => condition.kind === kind);
  const timeoutMs = flags.number('timeout') < 0 ? weekMs : flags.number('timeout');
  const deadline = context.now() + timeoutMs;
  if (isAwaited('create')) await waitForCreation(context, deadline);
  const format = flags.string('output');
  const printer = format === '' ? undefined : objectPrinter(context);
  let count = 0;
  const result = await find(context, isAwaited('delete'));
  await result.visit(async (info) => {
    count++;
    for (const condition of conditions) {
      const object = await waitForOne(context, info, { condition, deadline });
      const shown = { ...object, apiVersion: versionOf(info), kind: info.resource.kind };
      context.out((printer ?? namePrinter('condition met')).print(shown));
    }
  });
  if (count === 0 && !isAwaited('delete')) throw new CommandError('no matching resources found');
}

/** Upstream's command breaks off on a nil pointer: only a server can tell whether a condition is met. */
function checkLocal({ flags }: Context): never {
  if (isFileChoiceEmpty(fileChoice(flags)))
    throw new CommandError(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
    );
  throw new CommandError('--local is not supported: only a server can tell whether a condition is met');
}

function versionOf(info: Info): string {
  const { group, version } = info.resource;
  return group === '' ? version : `${group}/${version}`;
}

function find(context: Context, ignoreNotFound: boolean): Promise<Result> {
  const { flags } = context;
  return findResources(context, {
    args: context.args,
    files: fileChoice(flags),
    labelSelector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    allowAll: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    latest: true,
    continueOnError: true,
    ignoreNotFound,
  });
}

async function waitForCreation(context: Context, deadline: number): Promise<void> {
  for (;;) {
    try {
      let any = false;
      await (await find(context, false)).visit(() => {
        any = true;
      });
      if (any) return;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    if (context.now() >= deadline) throw new CommandError('timed out waiting for the condition');
    await context.process.clock.sleep(500, context.process.cancel);
  }
}

interface WaitTask {
  readonly condition: WaitCondition;
  readonly deadline: number;
}

async function waitForOne(context: Context, info: Info, { condition, deadline }: WaitTask): Promise<JsonObject> {
  const path = resourcePath(info.resource, { ns: info.resource.namespaced ? info.ns : undefined });
  const fieldSelector = `metadata.name=${info.name}`;
  const about = aboutInfo(info);
  const uid = textAt(info.object, 'metadata.uid');
  const timedOut = () =>
    new CommandError(`timed out waiting for the condition on ${info.resource.resource}/${info.name}`);
  for (;;) {
    const list = await context.client().object({ path, query: { fieldSelector }, about });
    const items = isList(list.items) ? list.items.filter(isObject) : [];
    const [found] = items;
    let last = found ?? info.object ?? {};
    const gone = !found || textAt(found, 'metadata.uid') !== uid;
    if (condition.kind === 'delete' ? gone : found && condition.holds(found)) return last;
    if (context.flags.number('timeout') === 0) {
      throw new CommandError(`condition not met for ${info.resource.resource}/${info.name}`);
    }
    if (context.now() >= deadline) throw timedOut();
    const resourceVersion = textAt(list, 'metadata.resourceVersion');
    const query = { fieldSelector, resourceVersion };
    const end = await watchUntil(context, { path, query, deadline, about }, ({ type, object }) => {
      last = object;
      if (type === 'DELETED') return condition.kind === 'delete';
      return condition.kind !== 'delete' && type !== 'BOOKMARK' && condition.holds(object);
    });
    if (end === 'done') return last;
    if (end === 'timeout') throw timedOut();
  }
}
