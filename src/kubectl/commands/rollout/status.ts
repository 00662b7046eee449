// `kubectl rollout status`

import { textAt } from '../../../base/fields.ts';
import { isList, isObject, type JsonObject } from '../../../base/json.ts';
import { resourcePath } from '../../client/url.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import type { Info } from '../../resource/info.ts';
import { rolloutProgress } from '../../rollout-status.ts';
import { watchUntil } from '../../watch-until.ts';
import { aboutInfo } from '../../write-object.ts';
import { findTargets, targetFlags } from './find.ts';

export const rolloutStatus: Command = {
  use: 'status (TYPE NAME | TYPE/NAME) [flags]',
  completes: { kind: 'resources', types: ['deployment', 'daemonset', 'statefulset'], once: true },
  short: 'Show the status of the rollout',
  example: '# Watch the rollout of a deployment\nkubectl rollout status deployment/nginx',
  flags: [
    ...targetFlags,
    flag.bool('watch', 'Watch the status of the rollout until it is done.', { shorthand: 'w', default: 'true' }),
    flag.int64('revision', 'Show the status of this revision; 0 for the last.'),
    flag.duration('timeout', 'How long to watch; 0 has no end.'),
  ],
  run: runStatus,
};

async function runStatus(context: Context): Promise<void> {
  const found = await findTargets(context);
  if (context.flags.number('revision') < 0) {
    throw new CommandError(`revision must be a positive integer: ${context.flags.number('revision')}`);
  }
  let any = false;
  await found.visit(async (info) => {
    any = true;
    await follow(context, info);
  });
  if (!any) context.err(`No resources found in ${context.namespace().ns} namespace.\n`);
}

async function follow(context: Context, info: Info): Promise<void> {
  const { flags } = context;
  const timeoutMs = flags.number('timeout');
  const deadline = timeoutMs > 0 ? context.now() + timeoutMs : undefined;
  const path = resourcePath(info.resource, { ns: info.ns });
  const fieldSelector = `metadata.name=${info.name}`;
  const about = aboutInfo(info);
  const show = (object: JsonObject): boolean => {
    const progress = rolloutProgress({ ...object, kind: info.resource.kind }, flags.number('revision'));
    context.out(progress.text);
    return progress.done || !flags.bool('watch');
  };
  rolloutProgressIsKnown(info);
  const list = await context.client().object({ path, query: { fieldSelector }, about });
  for (const object of isList(list.items) ? list.items.filter(isObject) : []) if (show(object)) return;
  let resourceVersion = textAt(list, 'metadata.resourceVersion');
  for (;;) {
    const end = await watchUntil(
      context,
      { path, query: { fieldSelector, resourceVersion }, deadline, about },
      (event) => {
        resourceVersion = textAt(event.object, 'metadata.resourceVersion');
        if (event.type === 'DELETED') throw new CommandError('object has been deleted');
        return event.type !== 'BOOKMARK' && show(event.object);
      },
    );
    if (end === 'done') return;
    if (end === 'timeout') throw new CommandError('timed out waiting for the condition');
  }
}

function rolloutProgressIsKnown(info: Info): void {
  if (['Deployment', 'DaemonSet', 'StatefulSet'].includes(info.resource.kind) && info.resource.group === 'apps') return;
  const { group, kind } = info.resource;
  throw new CommandError(`no status viewer has been implemented for ${group === '' ? kind : `${kind}.${group}`}`);
}
