// Rules of metadata that hold for every kind, in upstream's words and order.
import { type FieldError, forbidden, invalid, required, tooLong } from '../../api/field-error.ts';
import type { ObjectMeta, OwnerReference } from '../../api/generated/types.ts';
import { quote } from '../../api/go-format.ts';
import {
  dns1123Label,
  dns1123Subdomain,
  maskTrailingDash,
  pathSegmentName,
  qualifiedName,
  validLabelValue,
} from '../../api/names.ts';
import type { JsonValue } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { remember } from '../../kinds/share.ts';
import type { ServedResource } from './served-resource.ts';

type NameRule = (name: string) => readonly string[];

/** What the rules depend on. */
export interface MetadataRules {
  readonly namespaced: boolean;
  readonly validName?: NameRule | undefined;
  /** A finalizer without a domain must be one of Kubernetes' own. */
  readonly qualifiedFinalizers: boolean;
}

/** The rules for objects of a resource. These kinds, and custom ones, are validated by generic code upstream. */
export function metadataRules({ group, namespaced, rules, custom }: ServedResource): MetadataRules {
  return { namespaced, validName: rules.validName, qualifiedFinalizers: !custom && !genericGroups.includes(group) };
}

const genericGroups = [
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
];

const annotationBytesMax = 256 * 1024;
const immutableText = 'field is immutable';

/** Of a new object, or of what an update makes of one. */
export function validateMetadata(metadata: ObjectMeta, options: MetadataRules, errors: FieldError[]): void {
  const rule = options.validName ?? dns1123Subdomain;
  const { name = '', generateName = '', namespace = '' } = metadata;
  if (generateName !== '')
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

/**
 * Of a changed object: what is checked for every kind, and once more what its strategy checks. So most is told twice,
 * as upstream does.
 */
export function validateChangedMetadata(
  object: StoredObject,
  old: StoredObject,
  { resource, status }: { readonly resource: ServedResource; readonly status: boolean },
  errors: FieldError[],
): void {
  const { metadata = {} } = object;
  const { metadata: before = {} } = old;
  if (metadata === before) return;
  const rules = metadataRules(resource);
  const common = { namespaced: rules.namespaced, validName: pathSegmentName, qualifiedFinalizers: false };
  const found: FieldError[] = [];
  validateMetadata(metadata, common, found);
  validateMetadataUpdate(metadata, before, found);
  // Nothing of what is checked once more can be wrong then.
  if (found.length === 0 && !metadata.finalizers && metadata.generateName === before.generateName) return;
  errors.push(...found);
  for (const check of checksOf(resource, status)) {
    if (check === 'create') validateMetadata(metadata, rules, errors);
    else {
      validateMetadataUpdate(metadata, before, errors);
      if (rules.qualifiedFinalizers && metadata.finalizers)
        errors.push(...standardFinalizerErrors(metadata.finalizers));
    }
  }
}

type Check = 'create' | 'update';

/** What strategies check again when an object changes: as if it were new, and what has changed. */
const checks: readonly (readonly [kinds: string, ...Check[]])[] = [
  [
    'ConfigMap Secret ServiceAccount Pod Endpoints PersistentVolumeClaim ControllerRevision Ingress IngressClass VolumeAttributesClass APIService',
    'update',
    'create',
  ],
  [
    'Namespace Node Job IPAddress StorageClass CSIStorageCapacity ResourceClaim ResourceClaimTemplate DeviceClass CertificateSigningRequest ClusterRole Role RoleBinding ClusterRoleBinding RuntimeClass',
    'create',
    'update',
  ],
  [
    'LimitRange EndpointSlice CSINode VolumeAttachment FlowSchema PriorityLevelConfiguration ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
    'create',
  ],
  ['PersistentVolume', 'create', 'create'],
  ['PodDisruptionBudget'],
];

const checksByKind = new Map(
  checks.flatMap(([kinds, ...list]) => kinds.split(' ').map((kind) => [kind, list] as const)),
);
const asChanged: readonly Check[] = ['update'];

/** Of status, the same for most kinds. */
const statusChecks: Readonly<Record<string, readonly Check[]>> = {
  CertificateSigningRequest: ['create', 'update'],
  CronJob: [],
  PodDisruptionBudget: [],
  ValidatingAdmissionPolicy: [],
  VolumeAttachment: [],
};

function checksOf({ kind, custom }: ServedResource, status: boolean): readonly Check[] {
  if (custom) return asChanged;
  if (status) return (Object.hasOwn(statusChecks, kind) ? statusChecks[kind] : undefined) ?? asChanged;
  return checksByKind.get(kind) ?? asChanged;
}

/** Of the change from one to the other. */
function validateMetadataUpdate(metadata: ObjectMeta, old: ObjectMeta, errors: FieldError[]): void {
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

export function validateLabels(labels: Readonly<Record<string, string>>, field: string): readonly FieldError[] {
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

const standardFinalizerErrors = remember((finalizers: readonly string[]): readonly FieldError[] => {
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
