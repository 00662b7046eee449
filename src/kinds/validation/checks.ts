// Small checks that many validations share. Each adds what is wrong to `errors`, in upstream's words.

import { alike } from '../../api/alike.ts';
import { type FieldError, forbidden, invalid, notSupported, required, type Verbatim } from '../../api/field-error.ts';
import type { LabelSelector } from '../../api/generated/types.ts';
import { compareText } from '../../api/go-format.ts';
import { type Complaints, portName, portNumber, validPercent } from '../../api/names.ts';
import { isList, type JsonValue } from '../../base/json.ts';
import { internalForm } from '../internal-form.ts';

/** Where problems are collected. */
export type Errors = FieldError[];

/** One error for each complaint about a value. */
export function complain(errors: Errors, field: string, value: JsonValue | undefined, complaints: Complaints): void {
  for (const complaint of complaints) errors.push(invalid(field, value, complaint));
}

/** Says that the value is required when it is empty; whether it is there. */
export function require<T>(errors: Errors, field: string, value: T | undefined | null | ''): value is T {
  if (value !== undefined && value !== null && value !== '') return true;
  errors.push(required(field));
  return false;
}

/** A name that must be there and be valid. */
export function requireName(
  errors: Errors,
  field: string,
  { name, valid }: { readonly name: string | undefined; readonly valid: (name: string) => Complaints },
): void {
  if (require(errors, field, name)) complain(errors, field, name, valid(name));
}

/** Zero or more. */
export function nonNegative(errors: Errors, field: string, value: number | undefined): void {
  if (value !== undefined && value < 0) errors.push(invalid(field, value, 'must be greater than or equal to 0'));
}

/** More than zero. */
export function positive(errors: Errors, field: string, value: number | undefined): void {
  if (value !== undefined && value <= 0) errors.push(invalid(field, value, 'must be greater than zero'));
}

/** One of some values; an empty one is required. */
export function oneOf(errors: Errors, field: string, value: string | undefined, allowed: readonly string[]): void {
  if (!value) errors.push(required(field));
  else if (!allowed.includes(value)) errors.push(notSupported(field, value, allowed));
}

/** One of some values; it is required, and an empty one is none of them. */
export function givenOneOf(errors: Errors, field: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined) errors.push(required(field));
  else optionalOneOf(errors, field, value, allowed);
}

/** One of some values, if it is given at all. */
export function optionalOneOf(
  errors: Errors,
  field: string,
  value: string | undefined,
  allowed: readonly string[],
): void {
  if (value !== undefined && !allowed.includes(value)) errors.push(notSupported(field, value, allowed));
}

/** The same as before. `type` is the internal structure that messages show it as. */
export function immutable(errors: Errors, field: string, value: unknown, old: unknown, type?: string): void {
  if (alike(value, old)) return;
  const structure = type !== undefined && typeof value === 'object' && value !== null;
  errors.push(invalid(field, structure ? internalForm(type, value) : shown(value), 'field is immutable'));
}

/** A port's number or name. */
export function portNumberOrName(errors: Errors, field: string, port: number | string): void {
  complain(errors, field, port, typeof port === 'number' ? portNumber(port) : portName(port));
}

/** A number that is not negative, or a percentage. */
export function intOrPercent(errors: Errors, field: string, value: number | string | undefined): void {
  if (typeof value === 'number') nonNegative(errors, field, value);
  else if (value !== undefined) complain(errors, field, value, validPercent(value));
}

/** At most 100%. */
export function atMostWhole(errors: Errors, field: string, value: number | string | undefined): void {
  if (typeof value === 'string' && /^[0-9]+%$/.test(value) && Number(value.slice(0, -1)) > 100)
    errors.push(invalid(field, value, 'must not be greater than 100%'));
}

/** The number of an int-or-percent: 25 for `25%`. */
export function amountOf(value: number | string | undefined): number {
  if (typeof value === 'number') return value;
  return Number.parseInt(value ?? '0', 10) || 0;
}

/** Fields that may not be set together with something else. */
export function forbidSet(errors: Errors, field: string, value: unknown, why: string): void {
  if (value !== undefined && value !== null && !(isList(value) && value.length === 0))
    errors.push(forbidden(field, why));
}

/** A map's entries, sorted by key: upstream's order is random. */
export function sortedEntries<T>(map: { readonly [key: string]: T } | undefined): readonly (readonly [string, T])[] {
  return Object.entries(map ?? {}).sort(([a], [b]) => compareText(a, b));
}

/** A selector as messages show it: its fields in order. */
export function shownSelector(selector: LabelSelector | undefined): Verbatim | null {
  if (!selector?.matchLabels) return selector ? internalForm('j', selector) : null;
  return internalForm('j', { ...selector, matchLabels: Object.fromEntries(sortedEntries(selector.matchLabels)) });
}

/** A typed value as the JSON that messages show. */
export function shown(value: unknown): JsonValue | undefined {
  return value as JsonValue | undefined; // edge: API objects are JSON
}
