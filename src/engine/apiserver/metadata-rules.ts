// Which rules of metadata hold for the objects of a resource, and how often upstream checks them.
import type { FieldError } from '../../api/field-error.ts';
import { pathSegmentName } from '../../api/names.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import {
  type MetadataRules,
  standardFinalizerErrors,
  validateMetadata,
  validateMetadataUpdate,
} from '../../kinds/validation/metadata.ts';
import type { ServedResource } from './served-resource.ts';

/** The rules for objects of a resource. These kinds, and custom ones, are validated by generic code upstream. */
export function metadataRules({ group, kind, namespaced, rules, custom }: ServedResource): MetadataRules {
  const { validName, anyGenerateName } = rules;
  const unchecked = !custom && kind === 'PodDisruptionBudget';
  if (unchecked) return { namespaced, validName: pathSegmentName, qualifiedFinalizers: false };
  return { namespaced, validName, anyGenerateName, qualifiedFinalizers: !custom && !genericGroups.includes(group) };
}

const genericGroups = [
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
];

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
