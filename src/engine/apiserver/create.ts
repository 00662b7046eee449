// POST: a new object.

import type { FieldError } from '../../api/field-error.ts';
import { alreadyExists, apiError, generateNameConflict, internalError, invalid } from '../../api/status.ts';
import { extend } from '../../base/extend.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatTime } from '../../base/time.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { validateMetadata } from '../../kinds/validation/metadata.ts';
import type { Attributes } from './admission/plugin.ts';
import { Reinvocation } from './admission/reinvocation.ts';
import { objectOf, toStored } from './body.ts';
import { refuseAtTheEnd } from './custom/custom-request.ts';
import { deviceRequestErrors } from './device-access.ts';
import { checkEscalation } from './escalation.ts';
import { asStored } from './json-edge.ts';
import { type ManagedEntry, setEntries } from './managed-fields/ledger.ts';
import { metadataRules } from './metadata-rules.ts';
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
} from './operation.ts';
import { distinctOwners } from './owner-references.ts';
import { decodeBody } from './request-body.ts';
import type { ServedResource } from './served-resource.ts';
import { allocateService } from './service-allocator.ts';
import { keepAddressObjects, serviceRanges, takenAddresses } from './service-cidrs.ts';

/** How often another name is tried when a generated one is taken. */
const nameAttempts = 8;
/** Room for the five generated characters. */
const generatedBaseMax = 58;

export function create(operation: Operation): Outcome {
  const object = createObject(operation, objectOf(operation, operation.request.body));
  return { code: 201, object: presented(operation, object) };
}

/** Creates an object that has been defaulted. Also what PUT and apply do where there is nothing yet. */
export function createObject(
  operation: Operation,
  given: StoredObject,
  entries?: readonly ManagedEntry[],
): StoredObject {
  const { request, resource, server, storage } = operation;
  if (given.metadata?.resourceVersion && !isDryRun(operation.request))
    throw apiError({ code: 500, reason: '', message: 'resourceVersion should not be set on objects to be created' });
  const { name = '', generateName = '' } = given.metadata ?? {};
  checkEscalation(operation, server.authorizer, given);
  const attributes = attributesOf(operation, { name: name || generateName, kind: 'create', old: undefined });
  refuseAtTheEnd(resource, name);
  const asked = freshMetadata(operation, distinctOwners(operation, given, false));
  const admitted = distinctOwners(operation, server.admission.admit(asked, attributes), true);
  for (let attempt = 1; ; attempt++) {
    const object = prepared(operation, admitted, attempt);
    const objectName = object.metadata?.name ?? '';
    server.admission.validate(
      object,
      objectName === attributes.name ? attributes : { ...attributes, name: objectName },
    );
    const key = keyIn(resource, request.namespace, objectName);
    if (!storage.get(key)) {
      const note = (written: StoredObject): void => {
        if (entries) setEntries(written, entries);
        else noteManager(operation, written, undefined, given);
      };
      const kept = asKept(operation, object);
      const stored = isDryRun(request) ? kept : storage.put(key, kept, 0, note);
      if (stored) {
        if (isDryRun(request)) note(stored);
        keepAddressObjects(operation, undefined, stored);
        return stored;
      }
    }
    if (name !== '' || generateName === '') throw alreadyExists(resource, objectName);
    if (attempt === nameAttempts) throw generateNameConflict(resource, objectName);
  }
}

export function attributesOf(
  operation: Operation,
  about: {
    readonly name: string;
    readonly kind: Attributes['operation'];
    readonly old: StoredObject | undefined;
  },
): Attributes {
  const { request, resource, server, view } = operation;
  return {
    operation: about.kind,
    subresource: operation.through ?? request.subresource,
    view,
    request,
    resource,
    namespace: request.namespace ?? '',
    name: about.name,
    old: about.old,
    dryRun: isDryRun(request),
    lookups: server.lookups,
    mayUser: (what, user = request.user) => server.authorizer.allows(user, what),
    restore: (version, object) => toStored({ resource: version }, asStored(restored(version, object))),
    settings: server.admission.settings,
    webhooks: server.webhooks,
    memory: operation.memory,
    reinvocation: new Reinvocation(),
    warn: operation.warn,
    annotate: (key, value, least) => operation.memory?.audit?.annotate(key, value, least),
  };
}

/** What admission made of an object, as one of its type; what the type does not know goes without a word. */
function restored(resource: ServedResource, object: JsonObject): JsonObject {
  const words = { unfit: internalError, strict: () => internalError('') };
  return decodeBody(resource, object, { fieldValidation: 'Ignore', words, gvk: resource, warn() {} });
}

/** What a client says of a new object in vain. */
const neverGiven = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields'] as const;

/** What only the server says about an object. */
function freshMetadata({ server, memory }: Operation, object: StoredObject): StoredObject {
  const fresh = () => ({
    uid: server.scope.random('apiserver/uid').uuid(),
    creationTimestamp: formatTime(server.scope.now),
  });
  const metadata = extend(object.metadata ?? {}, memory ? memory.keep('metadata', fresh) : fresh());
  for (const field of neverGiven) if (field in metadata) Reflect.deleteProperty(metadata, field);
  return { ...object, metadata };
}

function prepared(operation: Operation, admitted: StoredObject, attempt: number): StoredObject {
  const { resource, server, memory } = operation;
  const { rules } = resource;
  const suffix = (): string => server.lookups.randomSuffix();
  const another = (): string => (memory ? memory.keep(`name ${attempt}`, suffix) : suffix());
  if (operation.isHeard) for (const text of rules.warningsBefore?.(admitted) ?? []) operation.warn(text);
  const { name = '', generateName = '' } = admitted.metadata ?? {};
  let object = admitted;
  if (name === '' && generateName !== '') {
    const made = generateName.slice(0, generatedBaseMax) + another();
    object = { ...admitted, metadata: extend(admitted.metadata ?? {}, { name: made }) };
  }
  object = rules.prepareForCreate?.(object, () => formatTime(server.scope.now)) ?? object;
  if (isService(operation)) object = allocated(operation, object, undefined);
  if (rules.generationPart) object = { ...object, metadata: extend(object.metadata ?? {}, { generation: 1 }) };
  const errors: FieldError[] = [...deviceRequestErrors(operation, object)];
  validateMetadata(object.metadata ?? {}, metadataRules(resource), errors);
  rules.validate?.(object, errors);
  if (errors.length > 0) throw invalid(refusedKind(resource), object.metadata?.name ?? '', errors);
  if (operation.isHeard) for (const text of rules.warnings?.(object) ?? []) operation.warn(text);
  return object;
}

/** A Service with its addresses and node ports. */
export function allocated(operation: Operation, service: StoredObject, old: StoredObject | undefined): StoredObject {
  const { server, storage, request } = operation;
  const random = server.scope.random('apiserver/services');
  const others = storage.list(undefined);
  const around = { ranges: serviceRanges(server), taken: takenAddresses(server), random, dryRun: isDryRun(request) };
  return allocateService(service, { ...around, others, old });
}
