// The second half of `kubectl run -i` and `--attach`: waits for the pod, attaches, returns its exit code, cleans up.
import { numberAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { attachSession } from '../../attach-session.ts';
import { propagationOf } from '../../change-flags.ts';
import { bodyText } from '../../client/client.ts';
import { resourcePath } from '../../client/url.ts';
import type { Context } from '../../context.ts';
import { CommandError, ExitError } from '../../errors.ts';
import { defaultContainer } from '../../pod-target.ts';
import { watchUntil } from '../../watch-until.ts';

const pods = { group: '', version: 'v1', resource: 'pods' };

export async function attachToRun(context: Context, created: JsonObject): Promise<void> {
  try {
    await attachAndWait(context, created);
  } finally {
    if (context.flags.bool('rm')) await remove(context, created);
  }
}

async function attachAndWait(context: Context, created: JsonObject): Promise<void> {
  const { flags } = context;
  const pod = await waitFor(context, created, (object) => isEnded(object) || isReady(object));
  const container = defaultContainer(context, pod, true);
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  await printLogs(context, { ns, name, container });
  if (!isEnded(pod)) {
    await attachSession(context, pod, container).catch(async (error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      context.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${error.message}\n`);
      await printLogs(context, { ns, name, container });
    });
  }
  if (flags.bool('leave-stdin-open') || textAt(pod, 'spec.restartPolicy') === 'Always') return;
  const ended = await waitFor(context, pod, isEnded);
  if (textAt(ended, 'status.phase') === 'Failed') throwFailure(context, ended);
}

function throwFailure(context: Context, pod: JsonObject): never {
  const name = `pod ${textAt(pod, 'metadata.namespace')}/${textAt(pod, 'metadata.name')}`;
  const [status] = objectsAt(pod, 'status.containerStatuses');
  const code = numberAt(status, 'state.terminated.exitCode') ?? 0;
  if (code === 0) throw new CommandError(`${name} failed with unknown exit code`);
  const end = 'state.terminated';
  context.err(
    `${name} terminated (${textAt(status, `${end}.reason`)})\n${textAt(status, `${end}.message`)}`.trimEnd() + '\n',
  );
  throw new ExitError(code);
}

function isEnded(pod: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status.phase'));
}

function isReady(pod: JsonObject): boolean {
  const conditions = objectsAt(pod, 'status.conditions');
  return conditions.some((item) => textAt(item, 'type') === 'Ready' && textAt(item, 'status') === 'True');
}

async function waitFor(context: Context, pod: JsonObject, check: (pod: JsonObject) => boolean): Promise<JsonObject> {
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  const deadline = context.now() + context.flags.number('pod-running-timeout');
  for (;;) {
    let seen = await context
      .client()
      .object({ path: resourcePath(pods, { ns, name }), about: { resource: 'pods', name } });
    if (check(seen)) return seen;
    const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: textAt(seen, 'metadata.resourceVersion') };
    const request = { path: resourcePath(pods, { ns }), query, deadline, about: { resource: 'pods' } };
    const end = await watchUntil(context, request, ({ type, object }) => {
      if (type === 'DELETED') throw new CommandError(`pods "${name}" not found`);
      seen = object;
      return check(seen);
    });
    if (end === 'done') return seen;
    if (end === 'timeout') throw new CommandError('timed out waiting for the condition');
  }
}

/** What the container printed before anybody listened. */
async function printLogs(context: Context, at: { ns: string; name: string; container: string }): Promise<void> {
  const { ns, name, container } = at;
  const path = resourcePath(pods, { ns, name, subresource: 'log' });
  const log = await context.client().stream({ path, query: { container }, about: { resource: 'pods', name } });
  for (;;) {
    const piece = await log.read();
    if (!piece) return;
    context.out(bodyText(piece));
  }
}

async function remove(context: Context, pod: JsonObject): Promise<void> {
  const gracePeriodSeconds = context.flags.number('grace-period');
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  await context.client().object({
    method: 'DELETE',
    path: resourcePath(pods, { ns, name }),
    body: {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: propagationOf(context),
      ...(gracePeriodSeconds >= 0 ? { gracePeriodSeconds } : {}),
    },
    about: { resource: 'pods', name },
  });
  if (!context.flags.bool('quiet')) context.out(`pod "${name}" deleted from ${ns} namespace\n`);
}
