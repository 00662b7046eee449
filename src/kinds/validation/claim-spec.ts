// What a claim for a volume asks for.
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field-error.ts';
import type { PersistentVolumeClaimSpec, TypedObjectReference } from '../../api/generated/types.ts';
import { dns1123Label, dns1123Subdomain } from '../../api/names.ts';
import { parseQuantity, quantityProblem } from '../../api/quantity.ts';
import { complain, optionalOneOf, require } from './checks.ts';
import { validateSelector } from './labels.ts';

/** How volumes may be mounted, in upstream's order. */
export const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Adds what is wrong with claim spec. */
export function validateClaimSpec(errors: FieldError[], field: string, spec: PersistentVolumeClaimSpec): void {
  validateAccessModes(errors, `${field}.accessModes`, spec);
  const place = `${field}.resources[storage]`;
  const storage = spec.resources?.requests?.storage;
  if (storage === undefined) errors.push(required(place));
  else if (quantityProblem(storage) === undefined && parseQuantity(storage).sign() <= 0)
    errors.push(invalid(place, storage, 'must be greater than zero'));
  const { storageClassName, volumeAttributesClassName, dataSource, dataSourceRef } = spec;
  if (storageClassName)
    complain(errors, `${field}.storageClassName`, storageClassName, dns1123Subdomain(storageClassName));
  optionalOneOf(errors, `${field}.volumeMode`, spec.volumeMode, ['Block', 'Filesystem']);
  if (dataSource) validateSource(errors, `${field}.dataSource`, dataSource);
  if (dataSourceRef) {
    validateSource(errors, `${field}.dataSourceRef`, dataSourceRef);
    const { namespace } = dataSourceRef;
    if (namespace) complain(errors, `${field}.dataSourceRef.namespace`, namespace, dns1123Label(namespace));
  }
  if (dataSource && dataSourceRef?.namespace)
    errors.push(invalid(field, {}, 'may not be specified when dataSourceRef.namespace is specified'));
  else if (dataSource && dataSourceRef) {
    const { apiGroup, kind, name } = dataSource;
    if (apiGroup !== dataSourceRef.apiGroup || kind !== dataSourceRef.kind || name !== dataSourceRef.name)
      errors.push(invalid(field, {}, 'must match dataSourceRef'));
  }
  if (volumeAttributesClassName) {
    const at = `${field}.volumeAttributesClassName`;
    complain(errors, at, volumeAttributesClassName, dns1123Subdomain(volumeAttributesClassName));
  }
}

function validateAccessModes(errors: FieldError[], field: string, spec: PersistentVolumeClaimSpec): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(field, 'at least 1 access mode is required'));
  if (spec.selector) validateSelector(errors, field.replace(/accessModes$/, 'selector'), spec.selector);
  for (const mode of modes) if (!accessModes.includes(mode)) errors.push(notSupported(field, mode, accessModes));
  exclusiveMode(errors, field, modes);
}

/** ReadWriteOncePod goes with no other mode. */
export function exclusiveMode(errors: FieldError[], field: string, modes: readonly string[]): void {
  const known = modes.filter((mode) => accessModes.includes(mode));
  if (known.includes('ReadWriteOncePod') && known.some((mode) => mode !== 'ReadWriteOncePod'))
    errors.push(forbidden(field, 'may not use ReadWriteOncePod with other access modes'));
}

function validateSource(errors: FieldError[], field: string, source: TypedObjectReference): void {
  const { apiGroup = '', kind, name } = source;
  require(errors, `${field}.name`, name);
  require(errors, `${field}.kind`, kind);
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim')
    errors.push(invalid(field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (apiGroup) complain(errors, `${field}.apiGroup`, apiGroup, dns1123Subdomain(apiGroup));
}
