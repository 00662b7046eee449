// PersistentVolumeClaims and PersistentVolumes.

import { alike } from '../../api/alike.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec } from '../../api/generated/types.ts';
import { dns1123Subdomain } from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { internalDiff, internalForm } from '../internal-form.ts';
import { assign, change } from '../share.ts';
import { validateNodeSelector } from './affinity.ts';
import { complain, immutable, optionalOneOf, require, shown, sortedEntries } from './checks.ts';
import { accessModes, exclusiveMode, validateClaimSpec } from './claim-spec.ts';
import { isRoot, noBacksteps } from './paths.ts';
import { validatePlugin } from './volume-plugins.ts';
import { validateHostPath, validateNfs } from './volumes.ts';

/** Adds what is wrong with claim. */
export function validateClaim({ spec }: PersistentVolumeClaim, errors: FieldError[]): void {
  validateClaimSpec(errors, 'spec', spec ?? {});
}

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** A claim's volume is set once; a bound claim may grow. */
export function validateClaimUpdate(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  errors: FieldError[],
): void {
  validateClaim(claim, errors);
  const before = old.spec ?? {};
  let spec = claim.spec ?? {};
  const [oldName, newName] = [old, claim].map(({ metadata }) => metadata?.annotations?.[classAnnotation]);
  // What the older annotation said may move to the field, or a default come where there was nothing.
  const { storageClassName: name } = spec;
  const fresh =
    before.storageClassName === undefined && name !== undefined && (oldName === undefined || name === oldName);
  const moves = fresh && oldName !== undefined && (newName === undefined || newName === oldName);
  if (fresh) spec = assign(spec, { storageClassName: undefined });
  if (!moves && (oldName ?? '') !== (newName ?? ''))
    errors.push(invalid(`metadata.annotations.${classAnnotation}`, newName ?? '', 'field is immutable'));
  const oldSize = before.resources?.requests?.storage;
  const newSize = claim.spec?.resources?.requests?.storage ?? '0';
  if (old.status?.phase === 'Bound') {
    spec = assign(spec, { volumeAttributesClassName: before.volumeAttributesClassName });
    if (oldSize !== undefined)
      spec = change(spec, 'resources', (resources) =>
        change(resources, 'requests', (requests) => ({ ...requests, storage: oldSize })),
      );
  }
  const from = before.volumeName ? before : assign(before, { volumeName: spec.volumeName });
  if (!alike(spec, from)) {
    const diff = internalDiff('PersistentVolumeClaimSpec', { from, to: spec });
    const detail =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden('spec', `${detail}\n${diff}`));
  }
  if (isLess(newSize, oldSize) && !isLess(old.status?.capacity?.storage ?? '0', newSize))
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  immutable(errors, 'volumeMode', claim.spec?.volumeMode, before.volumeMode);
  const attributes = claim.spec?.volumeAttributesClassName;
  if (attributes === before.volumeAttributesClassName || !old.status?.currentVolumeAttributesClassName) return;
  const is = attributes === undefined ? 'nil' : attributes === '' ? 'empty string' : undefined;
  const detail = `update to ${is} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  if (is) errors.push(forbidden('spec.volumeAttributesClassName', detail));
}

const optionsAnnotation = 'volume.beta.kubernetes.io/mount-options';
const mountable = [
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'nfs',
  'rbd',
  'quobyte',
  'iscsi',
  'cinder',
  'cephfs',
  'azureFile',
  'vsphereVolume',
  'azureDisk',
  'photonPersistentDisk',
] as const;

/** Adds what is wrong with volume. */
export function validateVolume({ spec, metadata }: PersistentVolume, errors: FieldError[]): void {
  if (!spec) return;
  validateVolumeSpec(errors, spec, metadata?.name ?? '');
  if (metadata?.annotations?.[optionsAnnotation] === undefined || mountable.some((name) => spec[name])) return;
  const detail = 'may not specify mount options for this volume type';
  errors.push(forbidden(`metadata.annotations.${optionsAnnotation}`, detail));
}

/** Adds what is wrong with changing a volume so. */
export function validateVolumeUpdate(volume: PersistentVolume, old: PersistentVolume, errors: FieldError[]): void {
  // Upstream looks at the new volume before it looks at the change, and once more then.
  validateVolume(volume, errors);
  validateVolume(volume, errors);
  const before = sourceOf(old.spec);
  const source = withoutNewSecret(volume.spec, old.spec);
  if (!alike(source, before)) {
    const diff = internalDiff('PersistentVolumeSource', { from: before, to: source });
    const detail = `spec.persistentvolumesource is immutable after creation\n${diff}`;
    errors.push(forbidden('spec.persistentvolumesource', detail));
  }
  immutable(errors, 'volumeMode', volume.spec?.volumeMode, old.spec?.volumeMode);
  validateAffinityKept(errors, volume.spec?.nodeAffinity, old.spec?.nodeAffinity);
  if (old.spec?.volumeAttributesClassName !== undefined && volume.spec?.volumeAttributesClassName === undefined)
    errors.push(forbidden('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
}

/** A secret for growing may still be added. */
function withoutNewSecret(spec: PersistentVolumeSpec | undefined, old: PersistentVolumeSpec | undefined): object {
  const added = spec?.csi?.controllerExpandSecretRef && old?.csi && !old.csi.controllerExpandSecretRef;
  if (!spec?.csi || !added) return sourceOf(spec);
  return sourceOf({ ...spec, csi: assign(spec.csi, { controllerExpandSecretRef: undefined }) });
}

const newLabels: ReadonlyMap<string, string> = new Map([
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
]);

type Affinity = PersistentVolumeSpec['nodeAffinity'];

/** Once there is one, only labels of nodes may take the names that they have today. */
function validateAffinityKept(errors: FieldError[], affinity: Affinity, old: Affinity): void {
  if (!old || alike(affinity, renamed(old, affinity))) return;
  const value = affinity ? internalForm('VolumeNodeAffinity', affinity) : null;
  errors.push(invalid('nodeAffinity', value, 'field is immutable, except for updating from beta label to GA'));
}

/** The old one with the newer names where the new one has them. */
function renamed(old: NonNullable<Affinity>, affinity: Affinity): Affinity {
  const now = affinity?.required?.nodeSelectorTerms ?? [];
  return change(old, 'required', (required) =>
    change(required, 'nodeSelectorTerms', (terms) =>
      terms.map((term, i) =>
        change(term, 'matchExpressions', (expressions) =>
          expressions.map((one, j) => {
            const key = now[i]?.matchExpressions?.[j]?.key;
            return key !== undefined && key === newLabels.get(one.key) ? { ...one, key } : one;
          }),
        ),
      ),
    ),
  );
}

function validateVolumeSpec(errors: FieldError[], spec: PersistentVolumeSpec, owner: string): void {
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
  for (const [name, amount] of sortedEntries(capacity)) validateCapacity(errors, `spec.capacity[${name}]`, amount);
  const policy = spec.persistentVolumeReclaimPolicy;
  optionalOneOf(errors, 'spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']);
  if (spec.nodeAffinity) {
    if (!spec.nodeAffinity.required)
      errors.push(required('spec.nodeAffinity.required', 'must specify required node constraints'));
    else validateNodeSelector(errors, 'spec.nodeAffinity.required', spec.nodeAffinity.required);
  }
  validateVolumeSource(errors, spec, owner);
  const { storageClassName, volumeAttributesClassName: attributes } = spec;
  if (storageClassName) complain(errors, 'spec.storageClassName', storageClassName, dns1123Subdomain(storageClassName));
  optionalOneOf(errors, 'spec.volumeMode', spec.volumeMode, ['Block', 'Filesystem']);
  if (attributes === undefined) return;
  const at = 'spec.volumeAttributesClassName';
  if (attributes === '') errors.push(required(at, 'an empty string is disallowed'));
  else complain(errors, at, attributes, dns1123Subdomain(attributes));
  if (!spec.csi) errors.push(required('spec.csi', 'has to be specified when using volumeAttributesClassName'));
}

function validateCapacity(errors: FieldError[], field: string, amount: string): void {
  if (quantityProblem(amount) !== undefined) return;
  const quantity = parseQuantity(amount);
  if (quantity.value() < 0) errors.push(invalid(field, Number(quantity.value()), 'must be a valid resource quantity'));
  if (quantity.sign() <= 0) errors.push(invalid(field, amount, 'must be greater than zero'));
}

/** In upstream's order; the first that is set counts. */
const sources =
  'hostPath gcePersistentDisk awsElasticBlockStore glusterfs flocker nfs rbd quobyte cephfs iscsi cinder fc flexVolume azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk scaleIO local storageos csi'.split(
    ' ',
  );

function validateVolumeSource(errors: FieldError[], spec: PersistentVolumeSpec, owner: string): void {
  const given = Object.keys(sourceOf(spec));
  const [first, ...others] = sources.filter((name) => given.includes(name));
  if (first === undefined) errors.push(required('spec', 'must specify a volume type'));
  for (const name of first === undefined ? [] : [first, ...others]) {
    if (name !== first && name !== 'flexVolume') {
      const place = name === 'cephfs' ? 'cephFS' : name;
      errors.push(forbidden(`spec.${place}`, 'may not specify more than 1 volume type'));
      continue;
    }
    if (name === 'hostPath' && spec.hostPath) validateHostPath(errors, 'spec.hostPath', spec.hostPath);
    else if (name === 'nfs' && spec.nfs) validateNfs(errors, 'spec.nfs', spec.nfs);
    else if (name === 'local') validateLocal(errors, spec);
    else validatePlugin(errors, 'spec', { name, sources: spec, persistent: true, owner });
  }
  const recycled = spec.persistentVolumeReclaimPolicy === 'Recycle';
  if (recycled && spec.hostPath && isRoot(spec.hostPath.path ?? ''))
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
}

function validateLocal(errors: FieldError[], { local, nodeAffinity }: PersistentVolumeSpec): void {
  if (require(errors, 'spec.local.path', local?.path)) noBacksteps(errors, 'spec.local.path', local?.path);
  if (!nodeAffinity?.required) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
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
