// ControllerRevisions.
import { type FieldError, required } from '../../api/field-error.ts';
import type { ControllerRevision } from '../../api/generated/types.ts';
import { isObject } from '../../base/json.ts';
import { immutable, nonNegative, shown } from './checks.ts';

/** Adds what is wrong with controller revision. */
export function validateControllerRevision({ revision, data }: ControllerRevision, errors: FieldError[]): void {
  nonNegative(errors, 'revision', revision);
  if (data === undefined) errors.push(required('data', 'data is mandatory'));
  else if (!isObject(shown(data))) errors.push(required('data', 'data must be a valid JSON object'));
}

/** Adds what is wrong with changing a controller revision so. */
export function validateControllerRevisionUpdate(
  { revision, data }: ControllerRevision,
  old: ControllerRevision,
  errors: FieldError[],
): void {
  nonNegative(errors, 'revision', revision);
  immutable(errors, 'data', data, old.data);
}
