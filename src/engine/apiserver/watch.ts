// WATCH: what happens to a selection of objects, from a revision on.
import type { WatchEvent, WatchSink } from '../../api/request.ts';
import { expired } from '../../api/status.ts';
import { CompactedError } from '../etcd/store.ts';
import type { Stop } from '../sim/scope.ts';
import type { Change } from './change.ts';
import { asJson } from './json-edge.ts';
import { checkListOptions, checkRevision } from './list-options.ts';
import type { Operation } from './operation.ts';
import { type Selection, selectionOf } from './selection.ts';
import { eventFor } from './watch-hub.ts';

const bookmarkPeriodMs = 60_000;
/** Without a timeout of the client's, a watch ends after 30 to 60 minutes. */
const timeoutMinMs = 1_800_000;

/** Opens a watch. Past events come at once. Throws ApiError. */
export function watch(operation: Operation, sink: WatchSink): Stop {
  const { request, resource, server, storage } = operation;
  const selection = selectionOf(resource, request);
  const options = request.options ?? {};
  checkListOptions(request);
  checkRevision({ resourceVersion: options.resourceVersion }, Number.POSITIVE_INFINITY);
  const initial = initialEvents(operation, selection);
  if (initial.length > 0) sink.events(initial);
  if (initial.some((event) => event.type === 'ERROR')) {
    sink.closed();
    return () => {};
  }
  const leave = storage.hub.add({ selection, send: (event) => sink.events([event]), close: end });
  const bookmark = (): void => sink.events([bookmarkEvent(operation)]);
  const stopBookmarks = options.allowWatchBookmarks ? server.scope.every(bookmarkPeriodMs, bookmark) : undefined;
  const timeoutMs = options.timeoutSeconds
    ? options.timeoutSeconds * 1000
    : server.scope.random('apiserver/watch').jitter(timeoutMinMs, 1);
  const stop = (): void => {
    leave();
    stopBookmarks?.();
    cancelTimeout();
  };
  function end(): void {
    stop();
    sink.closed();
  }
  const cancelTimeout = server.scope.schedule(timeoutMs, end);
  return stop;
}

function initialEvents(operation: Operation, selection: Selection): readonly WatchEvent[] {
  const { request, storage } = operation;
  const { resourceVersion = '', sendInitialEvents, allowWatchBookmarks } = request.options ?? {};
  if (sendInitialEvents || ((resourceVersion === '' || resourceVersion === '0') && sendInitialEvents !== false)) {
    const events: WatchEvent[] = storage
      .list(request.namespace)
      .filter((object) => selection.matches(object))
      .map((object) => ({ type: 'ADDED', object: asJson(selection.present(object)) }));
    if (sendInitialEvents && allowWatchBookmarks)
      events.push(bookmarkEvent(operation, { 'k8s.io/initial-events-end': 'true' }));
    return events;
  }
  let changes: readonly Change[];
  try {
    changes = storage.changesAfter(Number(resourceVersion));
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    const { status } = expired(`too old resource version: ${resourceVersion} (${error.compactRevision})`);
    return [{ type: 'ERROR', object: asJson(status) }];
  }
  return changes.map((change) => eventFor(selection, change)).filter((event) => event !== undefined);
}

function bookmarkEvent({ resource, server }: Operation, annotations?: Readonly<Record<string, string>>): WatchEvent {
  const metadata = { resourceVersion: String(server.revision()), ...(annotations && { annotations }) };
  return { type: 'BOOKMARK', object: { kind: resource.kind, apiVersion: resource.apiVersion, metadata } };
}
