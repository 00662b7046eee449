// Who manages which fields of an object. Writes are noted; what they mean is worked out when somebody asks.
//
//   write ─▶ note { manager, before, after } ─▶ … ─▶ asked for ─▶ entries with their field sets (kept)
//
// Notes hang on the stored object itself, so they go when it goes: a property under a symbol, which costs a tenth of
// what a WeakMap does.
import { parseTime } from '../../../base/time.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { asJson } from '../json-edge.ts';
import { difference, type FieldSet, fieldsFromJson, isEmpty, union } from './field-set.ts';
import type { Shape } from './shape.ts';
import { asStructs, compareFields } from './value-fields.ts';

export interface ManagedEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  /** None for what was applied without changing anything. */
  readonly timeMs: number | undefined;
  readonly fields: FieldSet;
}

/** The way by which somebody writes. */
export interface WriteWay {
  readonly subresource: string;
  /** The object is a custom resource. */
  readonly custom: boolean;
  /** Its status has a subresource of its own. */
  readonly statusApart: boolean;
}

/** One write. `before` is undefined for a new object. */
export interface WriteNote extends WriteWay {
  readonly manager: string;
  readonly apiVersion: string;
  /** Not told of what a scale changes. */
  readonly timeMs: number | undefined;
  readonly shape: Shape;
  readonly before: StoredObject | undefined;
  readonly after: StoredObject;
}

/** Either what is known, or a write on top of something earlier. */
interface History {
  known: readonly ManagedEntry[] | undefined;
  earlier: History | undefined;
  note: WriteNote | undefined;
  /** Notes that wait to be worked out. */
  depth: number;
}

/** Notes kept before they are worked out. */
const notesMax = 8;
/** Managers of updates that are told apart; older ones become one. */
const updatersMax = 10;
/** Where an object's history hangs. Copies by spread take it along; JSON and structured clones do not. */
const history = Symbol('history');

interface Tracked extends StoredObject {
  [history]?: History;
}

function track(object: StoredObject, of: History): void {
  (object as Tracked)[history] = of; // edge: the ledger's own mark on it
}

function tracked(object: StoredObject): History | undefined {
  return (object as Tracked)[history]; // edge: the ledger's own mark on it
}

const none: History = { known: [], earlier: undefined, note: undefined, depth: 0 };
/** The state before a create: metadata is always there. */
const nothing: StoredObject = { metadata: {} };

/** Notes a write that made `stored` of `old`. */
export function noteWrite(stored: StoredObject, old: StoredObject | undefined, note: WriteNote): void {
  let earlier = old ? historyOf(old) : none;
  let { before } = note;
  const last = earlier.note;
  if (last && last.manager === note.manager && last.subresource === note.subresource && before && last.before) {
    before = last.before;
    earlier = earlier.earlier ?? none;
  }
  const noted = before === note.before ? note : { ...note, before };
  const made: History = { known: undefined, earlier, note: noted, depth: earlier.depth + 1 };
  if (made.depth > notesMax) resolve(made);
  track(stored, made);
}

/** The entries from now on. */
export function setEntries(stored: StoredObject, entries: readonly ManagedEntry[]): void {
  track(stored, { known: entries, earlier: undefined, note: undefined, depth: 0 });
}

/** A copy of an object has the same managers. */
export function carryEntries(from: StoredObject, to: StoredObject): void {
  const found = tracked(from);
  if (found && from !== to) track(to, found);
}

/** The object as plain data. */
export function untracked(object: StoredObject): StoredObject {
  const { [history]: _, ...plain } = object as Tracked; // edge: the ledger's own mark on it
  return plain;
}

/** Who manages what of an object. */
export function entriesOf(object: StoredObject): readonly ManagedEntry[] {
  return resolve(historyOf(object));
}

/** Whether the server has seen who wrote the object. */
export function isKnown(object: StoredObject): boolean {
  return tracked(object) !== undefined;
}

/** `metadata.managedFields` as entries. */
export function readEntries(list: NonNullable<StoredObject['metadata']>['managedFields']): readonly ManagedEntry[] {
  return (list ?? [])
    .filter(({ manager, operation }) => manager !== undefined || operation !== undefined)
    .map(({ manager = '', operation, apiVersion = '', subresource = '', time, fieldsV1 }) => ({
      manager,
      operation: operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion,
      subresource,
      timeMs: parseTime(time ?? ''),
      fields: fieldsFromJson(fieldsV1),
    }));
}

function historyOf(object: StoredObject): History {
  const known = tracked(object);
  if (known) return known;
  const given = object.metadata?.managedFields;
  return given ? { ...none, known: readEntries(given) } : none;
}

function resolve(history: History): readonly ManagedEntry[] {
  const pending: History[] = [];
  let at: History | undefined = history;
  while (at && !at.known) {
    pending.push(at);
    at = at.earlier;
  }
  let entries = at?.known ?? [];
  for (const each of pending.reverse()) if (each.note) entries = afterWrite(entries, each.note);
  history.known = entries;
  history.earlier = undefined;
  history.note = undefined;
  history.depth = 0;
  return entries;
}

function afterWrite(entries: readonly ManagedEntry[], note: WriteNote): readonly ManagedEntry[] {
  // Once nobody manages an object, updates leave it so, until somebody applies.
  if (note.before && entries.length === 0) return entries;
  const { before = nothing, after, shape, timeMs } = note;
  const changes = compareFields(asJson(before), asJson(after), shape, asStructs);
  const written = ownable(changes.written, note);
  const removed = ownable(changes.removed, note);
  const result: ManagedEntry[] = [];
  let own: ManagedEntry | undefined;
  for (const entry of entries) {
    const fields = difference(difference(entry.fields, written), removed);
    if (isSame(entry, note)) own = { ...entry, fields };
    else if (!isEmpty(fields)) result.push(fields === entry.fields ? entry : { ...entry, fields });
  }
  const fields = union(own?.fields ?? written, written);
  const { manager, apiVersion, subresource } = note;
  const at = isEmpty(written) ? (own?.timeMs ?? timeMs) : timeMs;
  if (!isEmpty(fields)) result.push({ manager, operation: 'Update', apiVersion, subresource, timeMs: at, fields });
  return capped(result);
}

function isSame(entry: ManagedEntry, { manager, apiVersion, subresource }: WriteNote): boolean {
  return (
    entry.operation === 'Update' &&
    entry.manager === manager &&
    entry.apiVersion === apiVersion &&
    entry.subresource === subresource
  );
}

/** What nobody manages: the server's own metadata. */
const never = fieldsFromJson({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:deletionTimestamp': {},
    'f:deletionGracePeriodSeconds': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
});

/** Without what nobody manages and, through a subresource, without what that leaves alone. */
export function ownable(fields: FieldSet, { subresource, custom, statusApart }: WriteWay): FieldSet {
  const { children } = difference(fields, never);
  const kept = new Map(children);
  if (subresource === 'status') {
    kept.delete('f:spec');
    if (custom) kept.delete('f:metadata');
  } else if (subresource !== 'approval' && statusApart) kept.delete('f:status');
  return { member: false, children: kept };
}

function capped(entries: readonly ManagedEntry[]): readonly ManagedEntry[] {
  const updates = entries.filter(({ operation }) => operation === 'Update');
  if (updates.length <= updatersMax) return entries;
  const oldest = [...updates]
    .sort((a, b) => (a.timeMs ?? 0) - (b.timeMs ?? 0))
    .slice(0, updates.length - updatersMax + 1);
  const merged = oldest.reduce((a, b) => ({ ...b, manager: 'ancient-changes', fields: union(a.fields, b.fields) }));
  return [...entries.filter((entry) => !oldest.includes(entry)), merged];
}
