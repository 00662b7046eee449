// PUT and PATCH: changing an object that is there, by compare and swap.

import { alike } from '../../api/alike.ts';
import { type FieldError, invalid as invalidField } from '../../api/field-error.ts';
import type { ObjectMeta } from '../../api/generated/types.ts';
import { formatTime } from '../../api/meta.ts';
import { conflict, invalid, notFound } from '../../api/status.ts';
import { equal } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { objectOf } from './body.ts';
import { allocated, attributesOf, createObject } from './create.ts';
import { deviceStatusErrors } from './device-access.ts';
import { checkEscalation } from './escalation.ts';
import { entriesOf, type ManagedEntry, readEntries, setEntries } from './managed-fields/ledger.ts';
import { managedFieldsOf } from './managed-fields/show.ts';
import { validateChangedMetadata } from './metadata-rules.ts';
import {
  asKept,
  isDryRun,
  isService,
  keyIn,
  noteManager,
  type Operation,
  type Outcome,
  presented,
  refusedKind,
  revisionOf,
} from './operation.ts';
import { distinctOwners } from './owner-references.ts';
import { keepAddressObjects } from './service-cidrs.ts';
import { statusMetadata } from './status-metadata.ts';
import { storagePrefix } from './storage-prefix.ts';

export function update(operation: Operation): Outcome {
  const { request, resource, storage } = operation;
  const wanted = objectOf(operation, request.body);
  const name = request.name ?? '';
  const old = storage.get(keyIn(resource, request.namespace, name));
  if (!old) {
    if (!resource.rules.createOnUpdate || request.subresource) throw notFound(resource, name);
    const { resourceVersion, ...metadata } = wanted.metadata ?? {};
    return { code: 201, object: presented(operation, createObject(operation, { ...wanted, metadata })) };
  }
  return { code: 200, object: presented(operation, replace(operation, old, wanted)) };
}

/** Puts `wanted` where `old` is, after all that upstream's BeforeUpdate does. Throws ApiError. */
export function replace(
  operation: Operation,
  old: StoredObject,
  wanted: StoredObject,
  entries?: readonly ManagedEntry[],
): StoredObject {
  const { request, resource, server, storage } = operation;
  const distinct = distinctOwners(operation, wanted, false);
  checkVersion(operation, old, wanted);
  checkEscalation(operation, server.authorizer, wanted, old);
  const name = old.metadata?.name ?? '';
  const attributes = attributesOf(operation, { name, kind: 'update', old });
  const asked = withSystemFields(distinct, old);
  const admitted = distinctOwners(operation, server.admission.admit(asked, attributes), true);
  const object = prepared(operation, admitted, old);
  server.admission.validate(object, attributes);
  const key = keyIn(resource, request.namespace, name);
  const given = entries ?? givenEntries(wanted, old);
  const note = (made: StoredObject): StoredObject => {
    if (given) setEntries(made, given);
    else noteManager(operation, made, old, asked);
    return made;
  };
  if (isFinished(object, old)) {
    if (!isDryRun(request)) storage.delete(key, revisionOf(old));
    keepAddressObjects(operation, old, undefined);
    return note({ ...object });
  }
  const kept = asKept(operation, object);
  if ((given === undefined || given === entriesOf(old)) && equal(kept, old) && !storage.isStale(old)) {
    // What the strategy has dropped again, or storage, may have got another manager.
    if (given || equal(asked, old) || sameManagers(entriesOf(note({ ...kept })), entriesOf(old))) return old;
  }
  const stored = isDryRun(request) ? note({ ...kept }) : storage.put(key, kept, revisionOf(old), note);
  if (!stored) throw conflict(resource, name);
  keepAddressObjects(operation, old, stored);
  return stored;
}

/** The same fields managed by the same: the time does not count. */
function sameManagers(entries: readonly ManagedEntry[], old: readonly ManagedEntry[]): boolean {
  const timeless = (list: readonly ManagedEntry[]) => managedFieldsOf(list.map((entry) => ({ ...entry, timeMs: 0 })));
  return equal(timeless(entries), timeless(old));
}

/** Clients may hand managed fields back changed: that is how they give them up. */
function givenEntries({ metadata }: StoredObject, old: StoredObject): readonly ManagedEntry[] | undefined {
  const given = metadata?.managedFields;
  if (given === undefined || given === old.metadata?.managedFields || given.length === 0) return undefined;
  const entries = readEntries(given);
  return equal(managedFieldsOf(entries), managedFieldsOf(entriesOf(old))) ? undefined : entries;
}

function checkVersion({ resource, request }: Operation, old: StoredObject, wanted: StoredObject): void {
  const { uid, resourceVersion } = wanted.metadata ?? {};
  const { name = '', namespace } = old.metadata ?? {};
  if (uid !== undefined && uid !== '' && uid !== old.metadata?.uid) {
    if (request.verb === 'patch') throw invalid(resource, name, [immutable('metadata.uid', uid)]);
    const whole = storagePrefix(`${resource.group}/${resource.resource}`) + keyIn(resource, namespace, name);
    const key = isDryRun(request) ? whole.replace('/registry', '') : whole;
    const text = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata?.uid}`;
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${text}`,
    );
  }
  if (!resourceVersion || resourceVersion === '0') {
    if (resource.rules.unconditionalUpdate ?? true) return;
    const field = 'metadata.resourceVersion';
    const body = 'Invalid value: 0: must be specified for an update';
    throw invalid({ group: resource.group, kind: resource.resource }, name, [
      { type: 'FieldValueInvalid', field, body },
    ]);
  }
  if (resourceVersion !== old.metadata?.resourceVersion) throw conflict(resource, name);
}

function immutable(field: string, value: string): FieldError {
  return invalidField(field, value, 'field is immutable');
}

/** Metadata's lists and maps. */
const collections = ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const;

/** What an update can never change is put back as it was. */
function withSystemFields(wanted: StoredObject, old: StoredObject): StoredObject {
  const before = old.metadata ?? {};
  if (wanted.metadata === before) return wanted;
  const metadata: { -readonly [K in keyof ObjectMeta]: ObjectMeta[K] } = { ...wanted.metadata };
  if (metadata.managedFields !== before.managedFields) {
    if (before.managedFields) metadata.managedFields = before.managedFields;
    else Reflect.deleteProperty(metadata, 'managedFields');
  }
  metadata.uid = before.uid;
  metadata.resourceVersion = before.resourceVersion;
  metadata.creationTimestamp = before.creationTimestamp;
  // Go leaves lists and maps out that have become empty.
  for (const name of collections)
    if (metadata[name] && Object.keys(metadata[name]).length === 0) Reflect.deleteProperty(metadata, name);
  if (before.generation === undefined) Reflect.deleteProperty(metadata, 'generation');
  else metadata.generation = before.generation;
  if (before.deletionTimestamp !== undefined) {
    metadata.deletionTimestamp = before.deletionTimestamp;
    metadata.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds;
  }
  return { ...wanted, metadata };
}

function prepared(operation: Operation, wanted: StoredObject, old: StoredObject): StoredObject {
  const { resource, request, server } = operation;
  const { rules } = resource;
  const errors: FieldError[] = [];
  const now = (): string => formatTime(server.scope.now);
  let object: StoredObject;
  if (request.subresource === 'status') {
    object = { ...old, metadata: statusMetadata(resource, wanted, old), status: wanted.status };
    object = rules.prepareForStatusUpdate?.(object, old, now) ?? object;
    errors.push(...deviceStatusErrors(operation, object, old));
    validateChangedMetadata(object, old, { resource, status: true }, errors);
    rules.validateStatusUpdate?.(object, old, errors);
  } else {
    const part = request.subresource === undefined ? undefined : rules.parts?.[request.subresource];
    object = part ? part.prepare(wanted, old, now) : (rules.prepareForUpdate?.(wanted, old, now) ?? wanted);
    if (!part && isService(operation)) object = allocated(operation, object, old);
    const same = rules.exactGeneration ? equal : alike;
    if (rules.generationPart && !same(rules.generationPart(object), rules.generationPart(old))) {
      const generation = (old.metadata?.generation ?? 0) + 1;
      object = { ...object, metadata: { ...object.metadata, generation } };
    }
    validateChangedMetadata(object, old, { resource, status: false }, errors);
    if (part) rules.validatePart?.(request.subresource ?? '', object, old, errors);
    else rules.validateUpdate?.(object, old, errors);
  }
  if (errors.length > 0) throw invalid(refusedKind(resource), object.metadata?.name ?? '', errors);
  if (operation.isHeard) for (const text of warningsOf(operation, object, old)) operation.warn(text);
  return object;
}

function warningsOf({ resource, request }: Operation, object: StoredObject, old: StoredObject): readonly string[] {
  const { rules } = resource;
  if (request.subresource === 'status') return rules.statusWarnings?.(object) ?? [];
  return (request.subresource === undefined && rules.warnings?.(object, old)) || [];
}

/** The last finalizer has gone from an object that was only waiting for that. */
function isFinished(object: StoredObject, old: StoredObject): boolean {
  if ((object.metadata?.finalizers?.length ?? 0) > 0 || old.metadata?.deletionTimestamp === undefined) return false;
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0 && !holdsNamespace(object);
}

/** Namespaces have finalizers of their own kind in their spec. */
function holdsNamespace(object: StoredObject): boolean {
  if (object.kind !== 'Namespace') return false;
  const spec = object.spec as { readonly finalizers?: readonly string[] } | undefined; // edge: a Namespace's spec
  return (spec?.finalizers?.length ?? 0) > 0;
}
