// StorageClasses and VolumeAttributesClasses: how volumes are made, and changed.

import { alike } from '../../api/alike.ts';
import { duplicate, type FieldError, forbidden, invalid, required, tooLong } from '../../api/field-error.ts';
import type {
  StorageClass,
  TopologySelectorLabelRequirement,
  TopologySelectorTerm,
  VolumeAttributesClass,
} from '../../api/generated/types.ts';
import { qualifiedName } from '../../api/names.ts';
import { equal } from '../../base/json.ts';
import { complain, givenOneOf, immutable, optionalOneOf, require, sortedEntries } from './checks.ts';

type Parameters = StorageClass['parameters'];

const parametersMax = 512;
const parameterBytesMax = 256 * 1024;

/** Adds what is wrong with storage class. */
export function validateStorageClass(one: StorageClass, errors: FieldError[]): void {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies = [] } = one;
  validateProvisioner(errors, 'provisioner', provisioner);
  validateParameters(errors, parameters);
  optionalOneOf(errors, 'reclaimPolicy', reclaimPolicy || undefined, ['Delete', 'Retain']);
  givenOneOf(errors, 'volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']);
  validateTopologies(errors, 'allowedTopologies', allowedTopologies);
}

/** Adds what is wrong with changing a storage class so. */
export function validateStorageClassUpdate(one: StorageClass, old: StorageClass, errors: FieldError[]): void {
  validateStorageClass(one, errors);
  for (const name of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const)
    immutable(errors, name, one[name], old[name]);
}

/** Adds what is wrong with a class of attributes. */
export function validateAttributesClass(
  { driverName, parameters }: Partial<VolumeAttributesClass>,
  errors: FieldError[],
): void {
  validateProvisioner(errors, 'driverName', driverName);
  const before = errors.length;
  validateParameters(errors, parameters);
  if (errors.length === before && Object.keys(parameters ?? {}).length === 0)
    errors.push(required('parameters', 'must contain at least one key/value pair'));
}

/** A class of attributes stays as it is. */
export function validateAttributesClassUpdate(
  one: VolumeAttributesClass,
  old: VolumeAttributesClass,
  errors: FieldError[],
): void {
  for (const name of ['driverName', 'parameters'] as const)
    if (!alike(one[name], old[name])) errors.push(forbidden(name, `updates to ${name} are forbidden.`));
  validateAttributesClass(one, errors);
}

function validateProvisioner(errors: FieldError[], field: string, name: string | undefined): void {
  if (require(errors, field, name)) complain(errors, field, name.toLowerCase(), qualifiedName(name.toLowerCase()));
}

function validateParameters(errors: FieldError[], parameters: Parameters): void {
  const entries = sortedEntries(parameters);
  if (entries.length > parametersMax) {
    errors.push(tooLong('parameters', parametersMax));
    return;
  }
  for (const [key] of entries) if (key === '') errors.push(invalid('parameters', key, 'field can not be empty.'));
  const bytes = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (bytes > parameterBytesMax) errors.push(tooLong('parameters', parameterBytesMax));
}

function validateTopologies(errors: FieldError[], field: string, terms: readonly TopologySelectorTerm[]): void {
  // Upstream compares a term with as many empty ones as there are terms, too.
  const before: object[] = terms.map(() => ({}));
  for (const [i, { matchLabelExpressions: expressions = [] }] of terms.entries()) {
    const at = `${field}[${i}].matchLabelExpressions`;
    for (const [j, expression] of expressions.entries()) {
      validateExpression(errors, `${at}[${j}]`, expression);
      if (expressions.findIndex(({ key }) => key === expression.key) < j)
        errors.push(duplicate(`${at}[${j}].key`, expression.key));
    }
    const values = Object.fromEntries(
      expressions.map(({ key, values: allowed = [] }) => [key, [...new Set(allowed)].sort()]),
    );
    for (const other of before) if (equal(values, other)) errors.push(duplicate(at, ''));
    before.push(values);
  }
}

function validateExpression(errors: FieldError[], field: string, expression: TopologySelectorLabelRequirement): void {
  const { key, values = [] } = expression;
  if (values.length === 0) errors.push(required(`${field}.values`));
  for (const [i, value] of values.entries())
    if (values.indexOf(value) < i) errors.push(duplicate(`${field}.values[${i}]`, value));
  complain(errors, `${field}.key`, key, qualifiedName(key));
}
