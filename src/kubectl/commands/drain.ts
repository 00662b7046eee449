// `kubectl drain`
import { textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { parseTime } from '../../base/time.ts';
import { dryRunFlag, dryRunOf, selectorFlag } from '../change-flags.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { planDrain } from '../drain-pods.ts';
import { asError, CommandError, isNotFound, ManyErrors, PlainError, StatusError } from '../errors.ts';
import { flag } from '../flags.ts';
import { namePrinter } from '../print/printer.ts';
import type { LoadedInfo } from '../resource/info.ts';
import { dryRunSuffix } from '../result-printer.ts';
import { cordonNode, findNodes } from './cordon.ts';

export const drain: Command = {
  use: 'drain NODE',
  completes: { kind: 'names', of: 'nodes' },
  long: 'Drain node in preparation for maintenance: it is marked unschedulable, and its pods are evicted (or deleted). Pods without a controller need --force, those of daemon sets --ignore-daemonsets, those with local storage --delete-emptydir-data.',
  example:
    '# Even if there are pods without a controller\nkubectl drain foo --force\n\n# With fifteen minutes to end\nkubectl drain foo --grace-period=900',
  flags: [
    dryRunFlag,
    selectorFlag,
    flag.int64('chunk-size', 'Read large lists in chunks of this size; 0 reads them at once.', { default: '500' }),
    flag.bool('delete-emptydir-data', 'Go on though there are pods with emptyDir volumes; their data is lost.'),
    flag.bool('disable-eviction', 'Delete instead of evicting; disruption budgets are passed over.'),
    flag.bool('force', 'Go on though there are pods without a controller.'),
    flag.int('grace-period', "Seconds for pods to end; the pods' own if negative.", { default: '-1' }),
    flag.bool('ignore-daemonsets', 'Leave the pods of daemon sets alone.'),
    flag.string('pod-selector', 'Label selector of the pods on the node.'),
    flag.int('skip-wait-for-delete-timeout', 'Do not wait for pods that were deleted more seconds ago than this.'),
    flag.duration('timeout', 'How long to go on; 0 has no end.'),
  ],
  run: runDrain,
};

const retryMs = 5000;

async function runDrain(context: Context): Promise<void> {
  const nodes = await findNodes(context);
  for (const node of nodes) await cordonNode(context, node, true);
  const failures: Error[] = [];
  const pending: string[] = [];
  for (const node of nodes) {
    try {
      await drainNode(context, node);
      const object = { ...node.object, apiVersion: 'v1', kind: 'Node' };
      context.out(namePrinter(`drained${dryRunSuffix(dryRunOf(context))}`).print(object));
    } catch (thrown) {
      const error = asError(thrown);
      context.err(
        `error: unable to drain node ${JSON.stringify(node.name)} due to error: ${error.message}, continuing command...\n`,
      );
      failures.push(...(error instanceof ManyErrors ? error.errors : [error]));
      pending.push(node.name);
    }
  }
  if (pending.length > 0) context.err('There are pending nodes to be drained:\n');
  for (const name of pending) context.err(` ${name}\n`);
  if (failures.length > 0) throw new PlainError(failures.map((error) => error.message).join('\n'));
}

async function drainNode(context: Context, node: LoadedInfo): Promise<void> {
  const { flags } = context;
  const list = await context.client().object({
    path: '/api/v1/pods',
    query: {
      fieldSelector: `spec.nodeName=${node.name}`,
      labelSelector: flags.string('pod-selector') || undefined,
      limit: flags.number('chunk-size') || undefined,
    },
    about: { resource: 'pods' },
  });
  const plan = planDrain(isList(list.items) ? list.items.filter(isObject) : [], {
    force: flags.bool('force'),
    ignoreDaemonSets: flags.bool('ignore-daemonsets'),
    deleteEmptyDirData: flags.bool('delete-emptydir-data'),
  });
  ManyErrors.throwAll(plan.errors.map((text) => new CommandError(text)));
  if (plan.warnings !== '') context.err(`Warning: ${plan.warnings}\n`);
  if (dryRunOf(context) === 'client') {
    for (const pod of plan.pods) context.out(`evicting pod ${keyOf(pod)} (dry run)\n`);
    return;
  }
  const deadline = flags.number('timeout') === 0 ? undefined : context.now() + flags.number('timeout');
  const results = await Promise.allSettled(plan.pods.map((pod) => removePod(context, pod, deadline)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []));
  if (errors.length === 0) return;
  const failure = errors.length === 1 && errors[0] ? errors[0] : new ManyErrors(errors);
  context.err(
    `There are pending pods in node ${JSON.stringify(node.name)} when an error occurred: ${failure.message}\n`,
  );
  for (const [i, result] of results.entries()) {
    if (result.status === 'rejected') context.err(`pod/${textAt(plan.pods[i], 'metadata.name')}\n`);
  }
  throw failure;
}

function keyOf(pod: JsonObject): string {
  return `${textAt(pod, 'metadata.namespace')}/${textAt(pod, 'metadata.name')}`;
}

/** Evicts (or deletes) a pod and waits until it is gone. */
async function removePod(context: Context, pod: JsonObject, deadline: number | undefined): Promise<void> {
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  const dryRun = dryRunOf(context);
  const evict = !context.flags.bool('disable-eviction');
  const where = `pods/${JSON.stringify(name)} -n ${JSON.stringify(ns)}`;
  for (;;) {
    if (evict) context.out(`evicting pod ${ns}/${name}${dryRunSuffix(dryRun)}\n`);
    else context.out(`deleting pod ${ns}/${name}${dryRunSuffix(dryRun)}\n`);
    if (deadline !== undefined && context.now() >= deadline) {
      const timeout = `${context.flags.number('timeout') / 1000}s`;
      throw new CommandError(`error when evicting ${where}: global timeout reached: ${timeout}`);
    }
    try {
      await requestRemoval(context, { ns, name, evict });
      break;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!(error instanceof StatusError) || error.code !== 429) {
        throw new CommandError(`error when evicting ${where}: ${asError(error).message}`);
      }
      context.err(`error when evicting ${where} (will retry after 5s): ${error.message}\n`);
      await context.process.clock.sleep(retryMs, context.process.cancel);
    }
  }
  if (dryRun === 'server') return;
  if (!(await waitUntilGone(context, pod, deadline))) return;
  context.out(`pod/${name} ${evict ? 'evicted' : 'deleted'}\n`);
}

function requestRemoval(context: Context, pod: { ns: string; name: string; evict: boolean }): Promise<JsonObject> {
  const { ns, name, evict } = pod;
  const seconds = context.flags.number('grace-period');
  const deleteOptions = {
    ...(seconds >= 0 ? { gracePeriodSeconds: seconds } : {}),
    ...(dryRunOf(context) === 'server' ? { dryRun: ['All'] } : {}),
  };
  const resource = { group: '', version: 'v1', resource: 'pods' };
  const about = { resource: 'pods', name };
  if (!evict) {
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...deleteOptions };
    return context.client().object({ method: 'DELETE', path: resourcePath(resource, { ns, name }), body, about });
  }
  return context.client().object({
    method: 'POST',
    path: resourcePath(resource, { ns, name, subresource: 'eviction' }),
    body: { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name, namespace: ns }, deleteOptions },
    about,
  });
}

/** Deleted so long ago that nobody waits for it any more. */
function isLongDeleted(context: Context, pod: JsonObject, seconds: number): boolean {
  const deleted = parseTime(textAt(pod, 'metadata.deletionTimestamp'));
  return seconds > 0 && deleted !== undefined && Math.floor((context.now() - deleted) / 1000) > seconds;
}

/** False: it was not waited for. */
async function waitUntilGone(context: Context, pod: JsonObject, deadline: number | undefined): Promise<boolean> {
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods' }, { ns, name });
  for (;;) {
    const found = await context
      .client()
      .object({ path, about: { resource: 'pods', name } })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
        return undefined;
      });
    if (!found || textAt(found, 'metadata.uid') !== textAt(pod, 'metadata.uid')) return true;
    const seconds = context.flags.number('skip-wait-for-delete-timeout');
    if (isLongDeleted(context, found, seconds)) {
      context.out(`pod ${JSON.stringify(name)} has DeletionTimestamp older than ${seconds} seconds, skipping\n`);
      return false;
    }
    if (deadline !== undefined && context.now() >= deadline) {
      throw new CommandError(
        `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(ns)} to terminate: global timeout reached: ${context.flags.number('timeout') / 1000}s`,
      );
    }
    await context.process.clock.sleep(1000, context.process.cancel);
  }
}
