// POST /v3/watch: changes of a range of keys, from a revision on, as they come to one member.
import { encodeUtf8 } from '../../base/bytes.ts';
import type { AnswerSink } from '../../base/http-streams.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import type { Stop } from '../sim/scope.ts';
import { EtcdConnection } from './connection.ts';
import { type Gateway, header } from './gateway-port.ts';
import { keyValue, numberOf, rangeOf } from './gateway-values.ts';
import { CompactedError, type EtcdEvent } from './store.ts';

export function watchKeys(gateway: Gateway, asked: JsonObject, sink: AnswerSink): Stop {
  const request = isObject(asked.create_request) ? asked.create_request : {};
  const { from, to } = rangeOf(request);
  const { store } = gateway.cluster;
  const connection = new EtcdConnection(gateway.cluster, gateway.member);
  const send = (result: JsonObject): void => {
    sink.piece(encodeUtf8(`${JSON.stringify({ result: { header: header(gateway), ...result } })}\n`));
  };
  const tell = (changes: readonly EtcdEvent[]): void => {
    const events = changes
      .filter(({ current }) => current.key >= from && current.key < to)
      .map((event) => eventOf(event, gateway, request.prev_kv === true));
    if (events.length > 0) send({ events });
  };
  sink.head(200, { 'Content-Type': 'application/json' });
  if (isObject(asked.progress_request)) {
    send({});
    sink.end();
    return connection.close;
  }
  send({ created: true });
  const start = numberOf(request.start_revision);
  if (start > 0) {
    try {
      tell(store.changesAfter(start - 1).filter(({ current }) => current.modRevision <= connection.applied));
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      send({ canceled: true, compact_revision: String(error.compactRevision) });
      sink.end();
      return connection.close;
    }
  }
  const leave = connection.alone
    ? store.watch((event) => {
        if (event.current.modRevision >= start) tell([event]);
      })
    : connection.watch((event) => {
        if (event.current.modRevision >= start) tell([event]);
      });
  const silent =
    request.progress_notify === true
      ? gateway.cluster.scope.every(gateway.cluster.limits.progressMs, () => send({}))
      : () => {};
  return () => {
    silent();
    leave();
    connection.close();
  };
}

function eventOf({ type, current, previous }: EtcdEvent, gateway: Gateway, withPrevious: boolean): JsonObject {
  const { key, mod_revision } = keyValue(current, gateway.valueBytes);
  return {
    ...(type === 'delete'
      ? { type: 'DELETE', kv: { key, mod_revision } }
      : { kv: keyValue(current, gateway.valueBytes) }),
    ...(withPrevious && previous && { prev_kv: keyValue(previous, gateway.valueBytes) }),
  } as JsonObject; // edge: put together from what JSON can hold
}
