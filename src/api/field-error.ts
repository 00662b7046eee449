// What is wrong with one field of an object, in upstream's words (apimachinery's field.Error).

import { goNumber } from '../base/go/format.ts';
import { quote } from '../base/go/quote.ts';
import type { JsonValue } from '../base/json.ts';
import { goJson } from './go-format.ts';

/** The machine-readable type; becomes the reason of a Status cause. */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooShort'
  | 'FieldValueTooMany'
  | 'FieldValueTooFew'
  | 'FieldValueNotFound'
  | 'FieldValueTypeInvalid'
  | 'InternalError';

/** One problem. `field` is the path, e.g. `spec.containers[0].name`; `body` is the text after it. */
export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly body: string;
}

/** A value to be shown as this text, neither quoted nor encoded: for what JSON cannot say. */
export class Verbatim {
  constructor(readonly text: string) {}
}

type Shown = JsonValue | Verbatim | undefined;

/** `Required value` or `Required value: DETAIL`. */
export function required(field: string, detail = ''): FieldError {
  return make('FieldValueRequired', field, withDetail('Required value', detail));
}
/** `Invalid value: VALUE: DETAIL`; a string value is quoted as Go does, a list or an object is JSON. */
export function invalid(field: string, value: Shown, detail: string): FieldError {
  return make('FieldValueInvalid', field, withDetail(`Invalid value: ${show(value)}`, detail));
}
/** As {@link invalid}, where the value is not told: `Invalid value: DETAIL`. */
export function invalidUntold(field: string, detail: string): FieldError {
  return make('FieldValueInvalid', field, withDetail('Invalid value', detail));
}
/** As {@link invalid}, for a value of the wrong type. */
export function typeInvalid(field: string, value: Shown, detail: string): FieldError {
  return make('FieldValueTypeInvalid', field, withDetail(`Invalid value: ${show(value)}`, detail));
}
/** `Unsupported value: VALUE: supported values: "a", "b"`. The values are listed as given: upstream mostly sorts them. */
export function notSupported(field: string, value: Shown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(quote).join(', ')}` : '';
  return make('FieldValueNotSupported', field, withDetail(`Unsupported value: ${show(value)}`, detail));
}
/** `Duplicate value: VALUE`. */
export function duplicate(field: string, value: Shown): FieldError {
  return make('FieldValueDuplicate', field, `Duplicate value: ${show(value)}`);
}
/** `Forbidden: DETAIL`. */
export function forbidden(field: string, detail: string): FieldError {
  return make('FieldValueForbidden', field, withDetail('Forbidden', detail));
}
/** `Too long: may not be more than N bytes`. */
export function tooLong(field: string, lengthMax: number, unit: 'byte' | 'character' = 'byte'): FieldError {
  return make('FieldValueTooLong', field, `Too long: may not be more than ${count(lengthMax, unit)}`);
}
/** `Too many: ACTUAL: must have at most N items`. */
export function tooMany(field: string, actual: number, itemsMax: number): FieldError {
  const shown = actual >= 0 ? `Too many: ${actual}` : 'Too many';
  return make('FieldValueTooMany', field, `${shown}: must have at most ${count(itemsMax, 'item')}`);
}
/** `Too few: ACTUAL: must have at least N items`. */
export function tooFew(field: string, actual: number, itemsMin: number): FieldError {
  return make('FieldValueTooFew', field, `Too few: ${actual}: must have at least ${count(itemsMin, 'item')}`);
}
/** `Not found: VALUE`. */
export function notFound(field: string, value: Shown): FieldError {
  return make('FieldValueNotFound', field, `Not found: ${show(value)}`);
}
/** `Internal error: DETAIL`. */
export function internal(field: string, detail: string): FieldError {
  return make('InternalError', field, withDetail('Internal error', detail));
}

/** One error as text: `FIELD: BODY`. */
export function fieldErrorText(error: FieldError): string {
  return `${error.field}: ${error.body}`;
}

/** Several errors as upstream joins them: one as it is, more as `[a, b]`, each text once. */
export function aggregateText(texts: readonly string[]): string {
  const once = [...new Set(texts)];
  return once.length === 1 ? (once[0] ?? '') : `[${once.join(', ')}]`;
}

function make(type: FieldErrorType, field: string, body: string): FieldError {
  return { type, field, body };
}

function withDetail(body: string, detail: string): string {
  return detail === '' ? body : `${body}: ${detail}`;
}

function show(value: Shown): string {
  if (value instanceof Verbatim) return value.text;
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return goNumber(value);
  return goJson(value);
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
