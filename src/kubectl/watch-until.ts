// Watches a collection until something has happened, or time is up.
import type { KubeBody } from '../api/ports.ts';
import { textAt } from '../base/fields.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { Canceller } from './canceller.ts';
import { bodyJson } from './client/client.ts';
import type { Query } from './client/url.ts';
import type { Context } from './context.ts';
import { StatusError } from './errors.ts';

export interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

export interface WatchRequest {
  /** The collection's path. */
  readonly path: string;
  readonly query: Query;
  /** Milliseconds since the epoch; undefined waits for ever. */
  readonly deadline: number | undefined;
  readonly about: { readonly group?: string; readonly resource: string };
}

/** Why a watch ended: `check` said so, the server closed it, or the deadline came. */
export type WatchEnd = 'done' | 'closed' | 'timeout';

/** Calls `check` for each event until it returns true. */
export async function watchUntil(
  context: Context,
  request: WatchRequest,
  check: (event: WatchEvent) => boolean,
): Promise<WatchEnd> {
  const stream = await context.client().stream({
    path: request.path,
    query: { ...request.query, watch: true },
    about: request.about,
  });
  const alarm = new Canceller();
  const timeout = timeoutOf(context, request.deadline, alarm);
  try {
    for (;;) {
      await context.output.flush();
      const piece = await Promise.race([stream.read(), timeout]);
      if (piece === 'timeout') return 'timeout';
      if (piece === undefined) return 'closed';
      const event = eventOf(piece);
      if (event && check(event)) return 'done';
    }
  } finally {
    alarm.cancel();
    stream.close();
  }
}

async function timeoutOf(context: Context, deadline: number | undefined, alarm: Canceller): Promise<'timeout'> {
  if (deadline === undefined) return new Promise(() => undefined);
  await context.process.clock.sleep(Math.max(0, deadline - context.now()), alarm).catch(() => undefined);
  return alarm.cancelled ? new Promise(() => undefined) : 'timeout';
}

function eventOf(piece: KubeBody): WatchEvent | undefined {
  const value = bodyJson(piece);
  if (!isObject(value) || !isObject(value.object)) return undefined;
  if (value.type === 'ERROR') throw new StatusError({ ...value.object, message: textAt(value, 'object.message') });
  return { type: String(value.type), object: value.object };
}
