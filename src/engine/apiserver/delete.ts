// DELETE: of one object, gracefully and with finalizers, or of all that a selection finds.
import { type FieldError, invalid as invalidField, notSupported } from '../../api/field-error.ts';
import type { ObjectMeta } from '../../api/generated/types.ts';
import { conflict, invalid, notFound } from '../../api/status.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { formatTime, parseTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { attributesOf } from './create.ts';
import { list } from './list.ts';
import { carryEntries } from './managed-fields/ledger.ts';
import { isDryRun, keyIn, type Operation, type Outcome, presented, revisionOf } from './operation.ts';
import { keepAddressObjects } from './service-cidrs.ts';

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly dryRun?: readonly string[] | undefined;
}

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

export function remove(given: Operation): Outcome {
  const options = optionsOf(given);
  const operation = {
    ...given,
    request: { ...given.request, options: { ...given.request.options, dryRun: options.dryRun } },
  };
  const { resource, storage, request } = operation;
  warnUnsaid(given, options);
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  if (!old) throw notFound(resource, name);
  const { object, gone } = removeObject(operation, old, options);
  if (!gone && !resource.rules.returnsDeleted && options.orphanDependents === false)
    return { code: 202, object: presented(operation, object) };
  if (gone && !resource.rules.returnsDeleted) return { code: 200, object: successOf(operation, old) };
  return { code: 200, object: presented(operation, object) };
}

export function removeCollection(given: Operation): Outcome {
  const options = optionsOf(given);
  warnUnsaid(given, options);
  const { resource, storage } = given;
  const found = list(given);
  const items = listed(found.object).flatMap(({ metadata }) => {
    const object = storage.get(keyIn(resource, metadata?.namespace, metadata?.name ?? ''));
    return object ? [object] : []; // what was there at the revision that was asked for may be gone
  });
  const operationOn = ({ metadata }: StoredObject): Operation => {
    const { name, namespace } = metadata ?? {};
    const asked = { ...given.request.options, dryRun: options.dryRun };
    return { ...given, request: { ...given.request, name, namespace, options: asked } };
  };
  // All are admitted before the first goes: a webhook that has to be waited for must not leave half of it done.
  for (const old of items) admitDeletion(operationOn(old), old);
  for (const old of items) removeAdmitted(operationOn(old), old, options);
  return { code: 200, object: found.object };
}

function warnUnsaid({ resource, warn }: Operation, options: DeleteOptions): void {
  const { unsaidPropagation } = resource.rules;
  const unsaid = options.propagationPolicy === undefined && options.orphanDependents === undefined;
  if (unsaid && unsaidPropagation) warn(unsaidPropagation);
}

function listed(list: object): readonly StoredObject[] {
  return (list as { readonly items: readonly StoredObject[] }).items; // edge: made by `list`
}

/** Deletes, or marks as being deleted. Throws ApiError. */
export function removeObject(
  operation: Operation,
  old: StoredObject,
  options: DeleteOptions,
): { readonly object: StoredObject; readonly gone: boolean } {
  checkPreconditions(operation, old, options);
  admitDeletion(operation, old);
  return removeAdmitted(operation, old, options);
}

function admitDeletion(operation: Operation, old: StoredObject): void {
  const name = old.metadata?.name ?? '';
  operation.server.admission.validate(undefined, attributesOf(operation, { name, kind: 'delete', old }));
}

/** As removeObject, without asking admission. */
export function removeAdmitted(
  operation: Operation,
  old: StoredObject,
  options: DeleteOptions,
): { readonly object: StoredObject; readonly gone: boolean } {
  const { resource, storage, request } = operation;
  checkPreconditions(operation, old, options);
  const name = old.metadata?.name ?? '';
  const marked = marking(operation, old, options);
  const key = keyIn(resource, request.namespace ?? old.metadata?.namespace, name);
  if (marked === 'now') {
    if (!isDryRun(request) && !storage.delete(key, revisionOf(old))) throw conflict(resource, name);
    keepAddressObjects(operation, old, undefined);
    return { object: asGone(operation, old), gone: true };
  }
  if (marked === old || isDryRun(request)) return { object: marked, gone: false };
  const stored = storage.put(key, marked, revisionOf(old));
  if (!stored) throw conflict(resource, name);
  carryEntries(old, stored);
  return { object: stored, gone: false };
}

/** What could have been given time to end shows that it was given none. */
function asGone({ resource, server }: Operation, old: StoredObject): StoredObject {
  if (!resource.rules.graceSeconds) return old;
  const { deletionTimestamp, generation = 0 } = old.metadata ?? {};
  const counted = deletionTimestamp === undefined && generation > 0 ? { generation: generation + 1 } : {};
  const at = { deletionTimestamp: deletionTimestamp ?? formatTime(server.scope.now), deletionGracePeriodSeconds: 0 };
  const object = marked(old, { ...at, ...counted }, []);
  carryEntries(old, object);
  return object;
}

/** The object marked as being deleted, the object itself when it is already, or `now`: nothing holds it any more. */
function marking({ resource, server }: Operation, old: StoredObject, options: DeleteOptions): StoredObject | 'now' {
  const { now } = server.scope;
  const before = old.metadata ?? {};
  const asked = options.gracePeriodSeconds;
  if (before.deletionTimestamp !== undefined && resource.rules.graceSeconds && before.deletionGracePeriodSeconds) {
    if (asked === undefined || asked >= before.deletionGracePeriodSeconds) return old;
    const started = (parseTime(before.deletionTimestamp) ?? now) - before.deletionGracePeriodSeconds * 1000;
    const due = Math.max(started + asked * 1000, now);
    const finalizers = finalizersFor(resource, before, options);
    if (asked === 0 && finalizers.length === 0) return 'now';
    const seconds = started + asked * 1000 < now && asked !== 0 ? 1 : asked;
    return marked(old, { deletionTimestamp: formatTime(due), deletionGracePeriodSeconds: seconds }, finalizers);
  }
  const own = before.deletionTimestamp === undefined ? (resource.rules.deletionFinalizers ?? []) : [];
  const finalizers = [...new Set([...finalizersFor(resource, before, options), ...own])];
  const seconds = before.deletionTimestamp === undefined ? (resource.rules.graceSeconds?.(old, asked) ?? 0) : 0;
  if (seconds === 0 && finalizers.length === 0 && !holds(old)) return 'now';
  // Kinds that say themselves that they go, Namespaces and definitions, are marked and no more.
  const marksItself = resource.rules.markDeleted !== undefined;
  const counted = before.deletionTimestamp === undefined && before.generation && !marksItself;
  const generation = counted ? (before.generation ?? 0) + 1 : before.generation;
  const deletionTimestamp =
    before.deletionTimestamp !== undefined && (parseTime(before.deletionTimestamp) ?? 0) <= now
      ? before.deletionTimestamp
      : formatTime(now + seconds * 1000);
  const grace = marksItself ? {} : { deletionGracePeriodSeconds: seconds };
  const changes = { deletionTimestamp, ...grace, ...(generation === undefined ? {} : { generation }) };
  const made = marked(old, changes, finalizers);
  return resource.rules.markDeleted?.(made) ?? made;
}

function marked(old: StoredObject, changes: Partial<ObjectMeta>, finalizers: readonly string[]): StoredObject {
  const { finalizers: _, ...metadata } = old.metadata ?? {};
  return { ...old, metadata: { ...metadata, ...changes, ...(finalizers.length > 0 && { finalizers }) } };
}

/** A namespace goes only when its spec lets it. */
function holds(object: StoredObject): boolean {
  if (object.kind !== 'Namespace') return false;
  const spec = object.spec as { readonly finalizers?: readonly string[] } | undefined; // edge: a Namespace's spec
  return (spec?.finalizers?.length ?? 0) > 0;
}

function finalizersFor(
  { rules }: Operation['resource'],
  { finalizers = [] }: ObjectMeta,
  { propagationPolicy, orphanDependents }: DeleteOptions,
): readonly string[] {
  const others = finalizers.filter((name) => name !== orphan && name !== foreground);
  if (orphanDependents !== undefined) return orphanDependents ? [...others, orphan] : others;
  if (propagationPolicy === 'Orphan') return [...others, orphan];
  if (propagationPolicy === 'Foreground') return [...others, foreground];
  if (propagationPolicy === 'Background') return others;
  if (finalizers.length > others.length) return finalizers;
  return rules.defaultPropagation === 'orphan' ? [...others, orphan] : others;
}

function checkPreconditions({ resource }: Operation, old: StoredObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion, name = '' } = old.metadata ?? {};
  const kind = { group: resource.group, resource: resource.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    const text = `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(kind, name, text);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    const text = `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(kind, name, text);
  }
}

function optionsOf({ request }: Operation): DeleteOptions {
  const given: DeleteOptions = { ...request.options, ...(isObject(request.body) ? deleteBody(request.body) : {}) };
  // Less than no time at all is taken for a second.
  const options = (given.gracePeriodSeconds ?? 0) < 0 ? { ...given, gracePeriodSeconds: 1 } : given;
  const errors: FieldError[] = [];
  const { propagationPolicy, orphanDependents, dryRun } = options;
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const text = 'orphanDependents and deletionPropagation cannot be both set';
    errors.push(invalidField('propagationPolicy', propagationPolicy, text));
  }
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy))
    errors.push(notSupported('propagationPolicy', propagationPolicy, ['Foreground', 'Background', 'Orphan', 'nil']));
  if (dryRun && !(dryRun.length === 1 && dryRun[0] === 'All') && dryRun.length > 0)
    errors.push(notSupported('dryRun', dryRun, ['All']));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  return options;
}

function deleteBody(body: JsonObject): DeleteOptions {
  return body as DeleteOptions; // edge: decoded at the HTTP edge, or sent by a component of ours
}

function successOf({ resource }: Operation, old: StoredObject): object {
  const { name, uid } = old.metadata ?? {};
  const details = { name, ...(resource.group && { group: resource.group }), kind: resource.resource, uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
