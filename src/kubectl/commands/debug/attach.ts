// Waits for a container made for debugging, and attaches to it.
import { objectAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { attachSession } from '../../attach-session.ts';
import { bodyText } from '../../client/client.ts';
import { resourcePath } from '../../client/url.ts';
import type { Context } from '../../context.ts';
import { CommandError, StatusError } from '../../errors.ts';
import { watchUntil } from '../../watch-until.ts';

const pods = { group: '', version: 'v1', resource: 'pods' };

export async function attachToDebug(context: Context, created: JsonObject, container: string): Promise<void> {
  const status = await startedStatus(context, created, container);
  const [ns, pod] = [textAt(created, 'metadata.namespace'), textAt(created, 'metadata.name')];
  if (objectAt(status, 'state.terminated')) return printLogs(context, { ns, pod, container });
  await attachSession(context, created, container);
}

/** The status of the container once it runs or has ended. */
async function startedStatus(context: Context, created: JsonObject, container: string): Promise<JsonObject> {
  const [ns, name] = [textAt(created, 'metadata.namespace'), textAt(created, 'metadata.name')];
  const check = (pod: JsonObject): JsonObject | undefined => {
    const status = statusOf(pod, container);
    if (status && (objectAt(status, 'state.running') || objectAt(status, 'state.terminated'))) return status;
    const message = textAt(status, 'state.waiting.message');
    if (message !== '' && !context.flags.bool('quiet')) context.err(`Warning: container ${container}: ${message}\n`);
    return undefined;
  };
  for (;;) {
    const pod = await context
      .client()
      .object({ path: resourcePath(pods, { ns, name }), about: { resource: 'pods', name } });
    let status = check(pod);
    if (status) return status;
    const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: textAt(pod, 'metadata.resourceVersion') };
    const request = { path: resourcePath(pods, { ns }), query, deadline: undefined, about: { resource: 'pods' } };
    await watchUntil(context, request, ({ type, object }) => {
      if (type === 'DELETED') throw new StatusError({ reason: 'NotFound', message: 'pods "" not found' });
      status = check(object);
      return status !== undefined;
    });
    if (status) return status;
  }
}

function statusOf(pod: JsonObject, container: string): JsonObject | undefined {
  return ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']
    .flatMap((list) => objectsAt(pod, `status.${list}`))
    .find((status) => textAt(status, 'name') === container);
}

async function printLogs(
  context: Context,
  { ns, pod, container }: { readonly ns: string; readonly pod: string; readonly container: string },
): Promise<void> {
  const path = resourcePath(pods, { ns, name: pod, subresource: 'log' });
  const log = await context.client().stream({ path, query: { container }, about: { resource: 'pods', name: pod } });
  for (;;) {
    const piece = await log.read();
    if (!piece) return;
    if (piece.kind === 'json') throw new CommandError('the log came as JSON');
    context.out(bodyText(piece));
  }
}
