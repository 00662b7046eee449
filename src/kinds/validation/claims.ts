// PersistentVolumeClaims, PersistentVolumes and StorageClasses.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeSpec,
  StorageClass,
} from '../../api/generated/types.ts';
import { dns1123Subdomain, qualifiedName } from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { equal } from '../../base/json.ts';
import { internalDiff } from '../internal-form.ts';
import { assign, change } from '../share.ts';
import { validateNodeSelector } from './affinity.ts';
import { complain, immutable, oneOf, optionalOneOf, require, shown, sortedEntries } from './checks.ts';
import { accessModes, exclusiveMode, validateClaimSpec } from './claim-spec.ts';
import { validateHostPath, validateNfs } from './volumes.ts';

/** Adds what is wrong with claim. */
export function validateClaim({ spec }: PersistentVolumeClaim, errors: FieldError[]): void {
  validateClaimSpec(errors, 'spec', spec ?? {});
}

/** A claim's volume is set once; a bound claim may grow. */
export function validateClaimUpdate(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  errors: FieldError[],
): void {
  validateClaim(claim, errors);
  const before = old.spec ?? {};
  let spec = claim.spec ?? {};
  if (!before.volumeName) spec = assign(spec, { volumeName: undefined });
  if (before.storageClassName === undefined) spec = assign(spec, { storageClassName: undefined });
  const oldSize = before.resources?.requests?.storage;
  const newSize = claim.spec?.resources?.requests?.storage;
  if (old.status?.phase === 'Bound') {
    spec = assign(spec, { volumeAttributesClassName: before.volumeAttributesClassName });
    if (oldSize !== undefined)
      spec = change(spec, 'resources', (resources) =>
        change(resources, 'requests', (requests) => ({ ...requests, storage: oldSize })),
      );
  }
  const from = before.volumeName ? before : assign(before, { volumeName: undefined });
  if (!equal(spec, from)) {
    const diff = internalDiff('PersistentVolumeClaimSpec', { from, to: spec });
    const detail =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden('spec', `${detail}\n${diff}`));
  }
  if (isLess(newSize, oldSize) && !isLess(old.status?.capacity?.storage ?? '0', newSize))
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  immutable(errors, 'volumeMode', claim.spec?.volumeMode, before.volumeMode);
}

/** Adds what is wrong with volume. */
export function validateVolume({ spec }: PersistentVolume, errors: FieldError[]): void {
  if (spec) validateVolumeSpec(errors, spec);
}

/** Adds what is wrong with changing a volume so. */
export function validateVolumeUpdate(volume: PersistentVolume, old: PersistentVolume, errors: FieldError[]): void {
  validateVolume(volume, errors);
  const source = sourceOf(volume.spec);
  const before = sourceOf(old.spec);
  if (!equal(source, before)) {
    const diff = internalDiff('PersistentVolumeSource', { from: before, to: source });
    const detail = `spec.persistentvolumesource is immutable after creation\n${diff}`;
    errors.push(forbidden('spec.persistentvolumesource', detail));
  }
  immutable(errors, 'volumeMode', volume.spec?.volumeMode, old.spec?.volumeMode);
}

/** Adds what is wrong with storage class. */
export function validateStorageClass(one: StorageClass, errors: FieldError[]): void {
  const { provisioner, reclaimPolicy, volumeBindingMode } = one;
  if (require(errors, 'provisioner', provisioner))
    complain(errors, 'provisioner', provisioner, qualifiedName(provisioner.toLowerCase()));
  for (const [key] of sortedEntries(one.parameters))
    if (key === '') errors.push(invalid('parameters', key, 'field can not be empty.'));
  optionalOneOf(errors, 'reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']);
  oneOf(errors, 'volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
}

/** Adds what is wrong with changing a storage class so. */
export function validateStorageClassUpdate(one: StorageClass, old: StorageClass, errors: FieldError[]): void {
  for (const name of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const)
    immutable(errors, name, one[name], old[name]);
}

function validateVolumeSpec(errors: FieldError[], spec: PersistentVolumeSpec): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required('spec.accessModes'));
  for (const mode of modes)
    if (!accessModes.includes(mode)) errors.push(notSupported('spec.accessModes', mode, accessModes));
  exclusiveMode(errors, 'spec.accessModes', modes);
  const capacity = spec.capacity ?? {};
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(required('spec.capacity'));
  if (capacity.storage === undefined || names.length > 1)
    errors.push(notSupported('spec.capacity', shown(spec.capacity ?? null), ['storage']));
  for (const [name, amount] of sortedEntries(capacity))
    if (quantityProblem(amount) === undefined && parseQuantity(amount).sign() <= 0)
      errors.push(invalid(`spec.capacity[${name}]`, amount, 'must be greater than zero'));
  const policy = spec.persistentVolumeReclaimPolicy;
  optionalOneOf(errors, 'spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']);
  if (spec.nodeAffinity) {
    if (!spec.nodeAffinity.required)
      errors.push(required('spec.nodeAffinity.required', 'must specify required node constraints'));
    else validateNodeSelector(errors, 'spec.nodeAffinity.required', spec.nodeAffinity.required);
  }
  validateVolumeSource(errors, spec);
  const { storageClassName } = spec;
  if (storageClassName) complain(errors, 'spec.storageClassName', storageClassName, dns1123Subdomain(storageClassName));
  optionalOneOf(errors, 'spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem']);
}

function validateVolumeSource(errors: FieldError[], spec: PersistentVolumeSpec): void {
  const names = Object.keys(sourceOf(spec));
  if (names.length === 0) errors.push(required('spec', 'must specify a volume type'));
  for (const name of names.slice(1)) errors.push(forbidden(`spec.${name}`, 'may not specify more than 1 volume type'));
  const { hostPath, nfs, local, csi } = spec;
  if (hostPath && names[0] === 'hostPath') {
    validateHostPath(errors, 'spec.hostPath', hostPath);
    if (hostPath.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle')
      errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (nfs && names[0] === 'nfs') validateNfs(errors, 'spec.nfs', nfs);
  if (local && names[0] === 'local') {
    require(errors, 'spec.local.path', local.path);
    if (!spec.nodeAffinity) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if (csi && names[0] === 'csi') {
    require(errors, 'spec.csi.driver', csi.driver);
    require(errors, 'spec.csi.volumeHandle', csi.volumeHandle);
  }
}

const notSources = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** The part of a volume's spec that says where it is. */
function sourceOf(spec: PersistentVolumeSpec | undefined): object {
  return Object.fromEntries(
    Object.entries(spec ?? {}).filter(([name, value]) => !notSources.has(name) && value !== undefined),
  );
}

function isLess(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || quantityProblem(a) !== undefined || quantityProblem(b) !== undefined)
    return false;
  return parseQuantity(a).compare(parseQuantity(b)) < 0;
}
