// Files that volumes make of keys.
import { type FieldError, invalid } from '../../api/field-error.ts';
import type { KeyToPath } from '../../api/generated/types.ts';
import { require } from './checks.ts';
import { nonReserved } from './paths.ts';

const fileMode = 'must be a number between 0 and 0777 (octal), both inclusive';

/** A mode of files, if it is given. */
export function validateMode(errors: FieldError[], field: string, mode: number | undefined): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0)) errors.push(invalid(field, mode, fileMode));
}

/** Which keys become which files. */
export function validateKeys(errors: FieldError[], field: string, items: readonly KeyToPath[]): void {
  for (const [i, { key, path, mode }] of items.entries()) {
    const at = `${field}[${i}]`;
    require(errors, `${at}.key`, key);
    require(errors, `${at}.path`, path);
    nonReserved(errors, `${at}.path`, path);
    validateMode(errors, `${at}.mode`, mode);
  }
}
