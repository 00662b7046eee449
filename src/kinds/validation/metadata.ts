// Rules of metadata that hold for every kind, in upstream's words and order.
import { type FieldError, forbidden, invalid, required, tooLong } from '../../api/field-error.ts';
import type { ObjectMeta, OwnerReference } from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain, maskTrailingDash, qualifiedName, validLabelValue } from '../../api/names.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonValue } from '../../base/json.ts';
import { remember } from '../share.ts';

type NameRule = (name: string) => readonly string[];

/** What the rules depend on. */
export interface MetadataRules {
  readonly namespaced: boolean;
  readonly validName?: NameRule | undefined;
  /** Names may be generated from anything: only what comes of it is checked. */
  readonly anyGenerateName?: boolean | undefined;
  /** A finalizer without a domain must be one of Kubernetes' own. */
  readonly qualifiedFinalizers: boolean;
}

const annotationBytesMax = 256 * 1024;
const immutableText = 'field is immutable';

/** Of a new object, or of what an update makes of one. */
export function validateMetadata(metadata: ObjectMeta, options: MetadataRules, errors: FieldError[]): void {
  const rule = options.validName ?? dns1123Subdomain;
  const { name = '', generateName = '', namespace = '' } = metadata;
  if (generateName !== '' && !options.anyGenerateName)
    for (const text of rule(maskTrailingDash(generateName)))
      errors.push(invalid('metadata.generateName', generateName, text));
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else for (const text of rule(name)) errors.push(invalid('metadata.name', name, text));
  if (options.namespaced) {
    if (namespace === '') errors.push(required('metadata.namespace'));
    else for (const text of dns1123Label(namespace)) errors.push(invalid('metadata.namespace', namespace, text));
  } else if (namespace !== '') errors.push(forbidden('metadata.namespace', 'not allowed on this type'));
  if (metadata.labels) errors.push(...labelErrors(metadata.labels));
  if (metadata.annotations) errors.push(...annotationErrors(metadata.annotations));
  if (metadata.ownerReferences) errors.push(...ownerErrors(metadata.ownerReferences));
  if (!metadata.finalizers) return;
  errors.push(...finalizerErrors(metadata.finalizers));
  if (options.qualifiedFinalizers) errors.push(...standardFinalizerErrors(metadata.finalizers));
}

/** Of the change from one to the other. */
export function validateMetadataUpdate(metadata: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void {
  if (old.deletionTimestamp !== undefined) {
    const added = (metadata.finalizers ?? []).filter((name) => !old.finalizers?.includes(name)).sort();
    if (added.length > 0) {
      const list = `[]string{${added.map(quote).join(', ')}}`;
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
      errors.push(forbidden('metadata.finalizers', text));
    }
  }
  immutable('name', metadata, old, errors);
  immutable('namespace', metadata, old, errors);
  immutable('uid', metadata, old, errors);
  immutable('creationTimestamp', metadata, old, errors);
  immutable('deletionTimestamp', metadata, old, errors);
  immutable('deletionGracePeriodSeconds', metadata, old, errors);
  if (metadata.labels) errors.push(...labelErrors(metadata.labels));
  if (metadata.annotations) errors.push(...annotationErrors(metadata.annotations));
  if (metadata.ownerReferences) errors.push(...ownerErrors(metadata.ownerReferences));
}

function immutable(
  field: 'name' | 'namespace' | 'uid' | 'creationTimestamp' | 'deletionTimestamp' | 'deletionGracePeriodSeconds',
  metadata: ObjectMeta,
  old: ObjectMeta,
  errors: FieldError[],
): void {
  if (metadata[field] !== old[field]) errors.push(invalid(`metadata.${field}`, metadata[field], immutableText));
}

/** Objects never change, so the labels that a thousand replicas share are looked at once. */
const labelErrors = remember((labels: Readonly<Record<string, string>>): readonly FieldError[] =>
  validateLabels(labels, 'metadata.labels'),
);

function validateLabels(labels: Readonly<Record<string, string>>, field: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    for (const text of qualifiedName(key)) errors.push(invalid(field, key, text));
    for (const text of validLabelValue(value)) errors.push(invalid(field, value, text));
  }
  return errors;
}

const annotationErrors = remember((annotations: Readonly<Record<string, string>>): readonly FieldError[] => {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += key.length + value.length;
    for (const text of qualifiedName(key.toLowerCase())) errors.push(invalid('metadata.annotations', key, text));
  }
  if (bytes > annotationBytesMax) errors.push(tooLong('metadata.annotations', annotationBytesMax));
  return errors;
});

const ownerErrors = remember((owners: readonly OwnerReference[]): readonly FieldError[] => {
  const field = 'metadata.ownerReferences';
  const errors: FieldError[] = [];
  let controller = '';
  for (const owner of owners) {
    if (!owner.apiVersion)
      errors.push(invalid(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'));
    for (const key of ['kind', 'name', 'uid'] as const)
      if (!owner[key]) errors.push(invalid(`${field}.${key}`, owner[key] ?? '', 'must not be empty'));
    if (owner.kind === 'Event' && owner.apiVersion === 'v1')
      errors.push(invalid(field, asValue(owner), '/v1, Kind=Event is disallowed from being an owner'));
    if (!owner.controller) continue;
    const named = `${owner.kind}/${owner.name}`;
    if (controller !== '') {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${named}`;
      errors.push(invalid(field, asValue(owners), text));
    } else controller = named;
  }
  return errors;
});

const finalizerErrors = remember((finalizers: readonly string[]): readonly FieldError[] => {
  const errors: FieldError[] = [];
  for (const name of finalizers)
    for (const text of qualifiedName(name)) errors.push(invalid('metadata.finalizers', name, text));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const text = 'finalizer orphan and foregroundDeletion cannot be both set';
    errors.push(invalid('metadata.finalizers', finalizers, text));
  }
  return errors;
});

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Finalizers without a domain that are not Kubernetes' own. */
export const standardFinalizerErrors = remember((finalizers: readonly string[]): readonly FieldError[] => {
  const errors: FieldError[] = [];
  for (const [i, name] of finalizers.entries()) {
    if (name.includes('/') || standardFinalizers.includes(name)) continue;
    const text = 'name is neither a standard finalizer name nor is it fully qualified';
    errors.push(invalid(`metadata.finalizers[${i}]`, name, text));
  }
  return errors;
});

function asValue(value: object): JsonValue {
  return value as JsonValue; // edge: API objects hold nothing but JSON
}
