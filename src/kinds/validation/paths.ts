// Paths inside volumes and containers.
import { type FieldError, invalid } from '../../api/field-error.ts';

/** Without `..`. */
export function noBacksteps(errors: FieldError[], field: string, path: string): void {
  if (path.split('/').includes('..')) errors.push(invalid(field, path, "must not contain '..'"));
}

/** Relative, without `..`. */
export function descending(errors: FieldError[], field: string, path: string): void {
  if (path.startsWith('/')) errors.push(invalid(field, path, 'must be a relative path'));
  noBacksteps(errors, field, path);
}

/** Relative, without `..`, and not beginning with two dots. */
export function nonReserved(errors: FieldError[], field: string, path: string): void {
  descending(errors, field, path);
  if (path.startsWith('..') && !path.startsWith('../')) errors.push(invalid(field, path, "must not start with '..'"));
}
