// Admission of storage: the default class, protection while in use, growing only where the class allows it.
import type { PersistentVolumeClaim, StorageClass } from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { forbidden } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionLookups, AdmissionPlugin, Attributes } from './plugin.ts';

const defaultAnnotation = 'storageclass.kubernetes.io/is-default-class';
const betaAnnotation = 'volume.beta.kubernetes.io/storage-class';
const protections: Readonly<Record<string, string>> = {
  '/persistentvolumeclaims': 'kubernetes.io/pvc-protection',
  '/persistentvolumes': 'kubernetes.io/pv-protection',
  'storage.k8s.io/volumeattributesclasses': 'kubernetes.io/vac-protection',
};

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit(object, attributes) {
    if (!isCreate(attributes, 'persistentvolumeclaims')) return object;
    const claim = asClaim(object);
    if (claim.spec?.storageClassName !== undefined) return object;
    if (claim.metadata?.annotations && Object.hasOwn(claim.metadata.annotations, betaAnnotation)) return object;
    const name = defaultClass(attributes.lookups)?.metadata?.name;
    return name === undefined ? object : { ...object, spec: { ...claim.spec, storageClassName: name } };
  },
};

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  admit(object, { operation, resource, request }) {
    if (operation !== 'create' || request.subresource) return object;
    const protection = protections[`${resource.group}/${resource.resource}`];
    if (protection === undefined) return object;
    const finalizers = object.metadata?.finalizers ?? [];
    if (finalizers.includes(protection)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, protection] } };
  },
};

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate(object, { operation, resource, request, old, name, lookups }) {
    if (operation !== 'update' || resource.group !== '' || resource.resource !== 'persistentvolumeclaims') return;
    if (!object || !old || request.subresource) return;
    const wanted = asClaim(object).spec?.resources?.requests?.storage ?? '0';
    const before = asClaim(old).spec?.resources?.requests?.storage ?? '0';
    if (parseQuantity(wanted).compare(parseQuantity(before)) <= 0) return;
    if (asClaim(old).status?.phase !== 'Bound')
      throw forbidden(resource, name, 'Only bound persistent volume claims can be expanded');
    const className = classOf(asClaim(object));
    const same = className === classOf(asClaim(old));
    const found = className && same ? lookups.get('storageclasses.storage.k8s.io', undefined, className) : undefined;
    const storageClass: StorageClass | undefined = found as StorageClass | undefined; // edge: of the classes resource
    if (storageClass?.allowVolumeExpansion) return;
    const text =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw forbidden(resource, name, text);
  },
};

/** The newest of the classes that call themselves default. */
function defaultClass(lookups: AdmissionLookups): StoredObject | undefined {
  const created = (object: StoredObject): string => object.metadata?.creationTimestamp ?? '';
  let chosen: StoredObject | undefined;
  for (const object of lookups.list('storageclasses.storage.k8s.io')) {
    if (object.metadata?.annotations?.[defaultAnnotation] !== 'true') continue;
    if (!chosen || created(object) > created(chosen)) chosen = object; // of the same age: the first by name
  }
  return chosen;
}

/** The annotation of old wins. */
function classOf({ metadata, spec }: PersistentVolumeClaim): string | undefined {
  return metadata?.annotations?.[betaAnnotation] ?? spec?.storageClassName;
}

function isCreate({ operation, resource, request }: Attributes, plural: string): boolean {
  return operation === 'create' && resource.group === '' && resource.resource === plural && !request.subresource;
}

function asClaim(object: StoredObject): PersistentVolumeClaim {
  return object as PersistentVolumeClaim; // edge: an object of the claims resource
}
