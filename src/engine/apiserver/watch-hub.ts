// The open watches of one resource, found by what they select so that an event meets only those it may concern.
//
//   pod on worker-1 changes ─▶ watchers of everything, of its namespace …  ('' bucket)
//                           ─▶ watchers of spec.nodeName=worker-1          (its kubelet)
//                           ─▶ watchers of metadata.name=web-1             (kubectl get pod web-1 -w)
import type { WatchEvent } from '../../api/request.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Change } from './change.ts';
import { withResourceVersion } from './change.ts';
import { asJson } from './json-edge.ts';
import type { Selection } from './selection.ts';

export interface Watcher {
  readonly selection: Selection;
  send(event: WatchEvent): void;
  /** The server ends it. */
  close(): void;
}

export class WatchHub {
  private readonly everything = new Set<Watcher>();
  private readonly byName = new Map<string, Set<Watcher>>();
  private readonly byNode = new Map<string, Set<Watcher>>();
  /** How many events its watchers have been sent. */
  sent = 0;

  get size(): number {
    return this.everything.size + this.byName.size + this.byNode.size;
  }

  add(watcher: Watcher): () => void {
    const { name, nodeName } = watcher.selection;
    const [index, value] =
      nodeName !== undefined ? [this.byNode, nodeName] : name !== undefined ? [this.byName, name] : [undefined, ''];
    if (!index) {
      this.everything.add(watcher);
      return () => this.everything.delete(watcher);
    }
    const bucket = index.get(value) ?? new Set();
    index.set(value, bucket.add(watcher));
    return () => {
      bucket.delete(watcher);
      if (bucket.size === 0 && index.get(value) === bucket) index.delete(value);
    };
  }

  /** Ends every watch, as when the server stops. */
  closeAll(): void {
    for (const watcher of this.watchers()) watcher.close();
  }

  watchers(): readonly Watcher[] {
    const buckets = [this.everything, ...this.byName.values(), ...this.byNode.values()];
    return buckets.flatMap((bucket) => [...bucket]);
  }

  dispatch(change: Change): void {
    const events = new EventForms(change);
    let sent = deliver(this.everything, change, events);
    if (this.byName.size > 0) sent += deliver(this.byName.get(change.object.metadata?.name ?? ''), change, events);
    if (this.byNode.size > 0) {
      const node = nodeNameOf(change.object);
      sent += deliver(this.byNode.get(node), change, events);
      const before = change.previous ? nodeNameOf(change.previous) : node;
      if (before !== node) sent += deliver(this.byNode.get(before), change, events);
    }
    this.sent += sent;
  }
}

/** What one selection sees of a change; undefined: nothing. */
export function eventFor(
  selection: Selection,
  change: Change,
  events = new EventForms(change),
): WatchEvent | undefined {
  const before = change.previous !== undefined && selection.matches(change.previous);
  const after = !change.deleted && selection.matches(change.object);
  if (after) return before ? events.modified(selection) : events.added(selection);
  return before ? events.deleted(selection) : undefined;
}

/** The events of one change, each made once and shared by all watchers of one version. */
class EventForms {
  private readonly made: { readonly version: string; readonly event: WatchEvent }[] = [];

  constructor(private readonly change: Change) {}

  added(selection: Selection): WatchEvent {
    return this.form('ADDED', selection, this.change.object);
  }

  modified(selection: Selection): WatchEvent {
    return this.form('MODIFIED', selection, this.change.object);
  }

  /** An object that no longer matches is shown as it was, at the new resourceVersion. */
  deleted(selection: Selection): WatchEvent {
    const { deleted, object, previous } = this.change;
    if (deleted || !previous) return this.form('DELETED', selection, object);
    return (
      this.known('DELETED', selection) ??
      this.form('DELETED', selection, withResourceVersion(previous, Number(object.metadata?.resourceVersion)))
    );
  }

  private known(type: WatchEvent['type'], { version }: Selection): WatchEvent | undefined {
    return this.made.find((one) => one.event.type === type && one.version === version)?.event;
  }

  private form(type: 'ADDED' | 'MODIFIED' | 'DELETED', selection: Selection, object: StoredObject): WatchEvent {
    const known = this.known(type, selection);
    if (known) return known;
    const event: WatchEvent = { type, object: asJson(selection.present(object)) };
    this.made.push({ version: selection.version, event });
    return event;
  }
}

/** Returns how many have been sent one. */
function deliver(watchers: Set<Watcher> | undefined, change: Change, events: EventForms): number {
  let sent = 0;
  if (!watchers) return sent;
  for (const watcher of watchers) {
    const event = eventFor(watcher.selection, change, events);
    if (!event) continue;
    watcher.send(event);
    sent++;
  }
  return sent;
}

function nodeNameOf(object: StoredObject): string {
  const spec = object.spec as { readonly nodeName?: string } | undefined; // edge: only a pod's spec has it
  return spec?.nodeName ?? '';
}
