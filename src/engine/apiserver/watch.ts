// WATCH: what happens to a selection of objects, from a revision on.
import type { WatchEvent, WatchSink } from '../../api/request.ts';
import { ApiError, expired } from '../../api/status.ts';
import { CompactedError } from '../etcd/store.ts';
import type { Stop } from '../sim/scope.ts';
import type { Change } from './change.ts';
import { ConvertedStorage } from './custom/converted-storage.ts';
import { asJson, asStored } from './json-edge.ts';
import { checkListOptions, checkRevision, tooLarge } from './list-options.ts';
import type { Operation } from './operation.ts';
import { AnswersNeeded, RequestMemory } from './request-memory.ts';
import { type Selection, selectionOf } from './selection.ts';
import { eventFor } from './watch-hub.ts';

const bookmarkPeriodMs = 60_000;
/** The last one comes so long before the watch ends. */
const lastBookmarkMs = 2000;
/** Without a timeout of the client's, a watch ends after 30 to 60 minutes. */
const timeoutMinMs = 1_800_000;

/** Opens a watch that prepareWatch has looked at. Past events come at once. */
export function watch(operation: Operation, sink: WatchSink): Stop {
  const { request, resource, server, storage } = operation;
  const selection = selectionOf(resource, request);
  const options = request.options ?? {};
  const initial = initialEvents(operation, selection);
  if (initial.length > 0) sink.events(initial);
  if (initial.some((event) => event.type === 'ERROR')) {
    sink.closed();
    return () => {};
  }
  const converted = storage instanceof ConvertedStorage ? storage : undefined;
  const leave = storage.hub.add(
    converted
      ? { selection: asStoredIn(selection), send: inOrder(converted, sink, end), close: end }
      : { selection, send: (event) => sink.events([event]), close: end },
  );
  const bookmark = (): void => sink.events([bookmarkEvent(operation)]);
  const timeoutMs = options.timeoutSeconds
    ? options.timeoutSeconds * 1000
    : server.scope.random('apiserver/watch').jitter(timeoutMinMs, 1);
  const bookmarks = options.allowWatchBookmarks
    ? [
        server.scope.every(bookmarkPeriodMs, bookmark),
        ...(timeoutMs > lastBookmarkMs ? [server.scope.schedule(timeoutMs - lastBookmarkMs, bookmark)] : []),
      ]
    : [];
  const stop = (): void => {
    leave();
    for (const stopBookmark of bookmarks) stopBookmark();
    cancelTimeout();
  };
  function end(): void {
    stop();
    sink.closed();
  }
  const cancelTimeout = server.scope.schedule(timeoutMs, end);
  return stop;
}

/** Refuses what is no watch (ApiError), and asks for what the first events need from outside (AnswersNeeded). */
export function prepareWatch({ request, resource, storage }: Operation): void {
  selectionOf(resource, request);
  checkListOptions(request);
  checkRevision(request);
  if (!(storage instanceof ConvertedStorage)) return;
  const { resourceVersion = '' } = request.options ?? {};
  if (resourceVersion === '' || resourceVersion === '0') storage.list(request.namespace);
  else
    try {
      storage.changesAfter(Number(resourceVersion));
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
    }
}

function asStoredIn(selection: Selection): Selection {
  return { ...selection, version: '', present: (object) => object };
}

/** Sends events one after the other, each once its object has been converted. */
function inOrder(storage: ConvertedStorage, sink: WatchSink, end: () => void): (event: WatchEvent) => void {
  const waiting: WatchEvent[] = [];
  let asking = false;
  const sendNext = (): void => {
    asking = false;
    for (let [event] = waiting; event && !asking; [event] = waiting)
      try {
        sink.events([{ type: event.type, object: asJson(storage.one(asStored(event.object))) }]);
        waiting.shift();
      } catch (error) {
        if (error instanceof AnswersNeeded) {
          asking = true;
          error.ask(new RequestMemory(), sendNext);
        } else if (error instanceof ApiError) {
          waiting.length = 0;
          sink.events([{ type: 'ERROR', object: asJson(error.status) }]);
          end();
        } else throw error;
      }
  };
  return (event) => {
    waiting.push(event);
    if (!asking) sendNext();
  };
}

function initialEvents(operation: Operation, selection: Selection): readonly WatchEvent[] {
  const { request, server, storage } = operation;
  const { resourceVersion = '', sendInitialEvents, allowWatchBookmarks } = request.options ?? {};
  const anywhere = resourceVersion === '' || resourceVersion === '0';
  if (sendInitialEvents && Number(resourceVersion) > server.revision())
    return [{ type: 'ERROR', object: asJson(tooLarge(Number(resourceVersion), server.revision()).status) }];
  if (anywhere && sendInitialEvents === false) return [];
  if (sendInitialEvents || anywhere) {
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
