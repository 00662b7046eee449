// What client-side apply owned goes over to the manager of server-side apply, once an object is applied that way.
import { objectAt, textAt } from '../../../base/fields.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { isConflict } from '../../errors.ts';
import { lastAppliedAnnotation, lastAppliedOf } from '../../last-applied.ts';
import { type Info, loadInfo } from '../../resource/info.ts';
import { patchInfo } from '../../write-object.ts';
import type { ApplyOptions } from './apply-options.ts';
import { queryOf } from './client-side.ts';

const serverSideManager = 'kubectl';
const annotationManager = 'kubectl-last-applied';
const patchTriesMax = 5;

/** Before the migration: the annotation gets an owner of its own, or it would go with the fields given up. */
export async function keepLastApplied(context: Context, info: Info, options: ApplyOptions): Promise<JsonObject> {
  const applied = info.object ?? {};
  const saved = lastAppliedOf(applied);
  if (options.fieldManager !== serverSideManager || saved === undefined) return applied;
  if (annotationOwners(managersOf(applied), 'Apply').length > 0) return applied;
  const namespace = textAt(applied, 'metadata.namespace');
  const metadata = {
    name: info.name,
    ...(namespace && { namespace }),
    annotations: { [lastAppliedAnnotation]: saved },
  };
  const patch: JsonObject = { apiVersion: applied.apiVersion ?? '', kind: applied.kind ?? '', metadata };
  const query = { ...queryOf(options), fieldManager: annotationManager };
  return patchInfo(context, info, { type: 'apply', patch, query });
}

/** Whether managers were changed. */
export async function migrateManagers(context: Context, info: Info, options: ApplyOptions): Promise<boolean> {
  let current = info.object ?? {};
  const names = new Set(annotationOwners(managersOf(current), 'Update').map((entry) => textAt(entry, 'manager')));
  for (let tries = 1; ; tries++) {
    const before = managersOf(current);
    const after = [...names].reduce((entries, name) => upgraded(entries, name, options.fieldManager), before);
    if (equal(after, before)) return false;
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: after },
      { op: 'replace', path: '/metadata/resourceVersion', value: textAt(current, 'metadata.resourceVersion') },
    ];
    try {
      await patchInfo(context, info, { type: 'json', patch, query: queryOf(options) });
      return true;
    } catch (error) {
      if (!isConflict(error) || tries === patchTriesMax) throw error;
      current = (await loadInfo(context.client(), info)).object;
    }
  }
}

/** The entries with what the client-side manager had under the server-side manager's name. */
function upgraded(entries: readonly JsonObject[], from: string, to: string): readonly JsonObject[] {
  const isOld = (entry: JsonObject): boolean => isEntry(entry, from, 'Update');
  const known = entries.findIndex((entry) => isEntry(entry, to, 'Apply'));
  const target = known >= 0 ? known : entries.findIndex(isOld);
  const kept = entries[target];
  if (!kept) return entries;
  const old = entries.find((entry) => isOld(entry) && entry.apiVersion === kept.apiVersion);
  const fieldsV1 = union(objectAt(kept, 'fieldsV1') ?? {}, objectAt(old, 'fieldsV1') ?? {});
  const changed = { ...kept, manager: to, operation: 'Apply', fieldsV1 };
  return entries.map((entry, i) => (i === target ? changed : entry)).filter((entry) => !isOld(entry));
}

/** Two trees of fields as one; a field that stands for itself in one and has parts in the other has both. */
function union(a: JsonObject, b: JsonObject): JsonObject {
  const made = new Map<string, JsonValue>(Object.entries(a));
  for (const [name, below] of Object.entries(b)) {
    const known = made.get(name);
    if (!isObject(known) || !isObject(below)) made.set(name, below);
    else made.set(name, joined(known, below));
  }
  return Object.fromEntries(made);
}

function joined(a: JsonObject, b: JsonObject): JsonObject {
  const alone = (fields: JsonObject): boolean => Object.keys(fields).length === 0;
  if (alone(a) && alone(b)) return a;
  return union({ ...(alone(a) || alone(b) ? { '.': {} } : {}), ...a }, b);
}

function annotationOwners(entries: readonly JsonObject[], operation: string): readonly JsonObject[] {
  return entries.filter((entry) => {
    const annotations = objectAt(objectAt(objectAt(entry, 'fieldsV1'), 'f:metadata'), 'f:annotations');
    return entry.operation === operation && annotations?.[`f:${lastAppliedAnnotation}`] !== undefined;
  });
}

function isEntry(entry: JsonObject, manager: string, operation: string): boolean {
  return entry.manager === manager && entry.operation === operation && !entry.subresource;
}

function managersOf(object: JsonObject): readonly JsonObject[] {
  const managers = objectAt(object, 'metadata')?.managedFields;
  return isList(managers) ? managers.filter(isObject) : [];
}
