// Values inside Go templates: decoded JSON, template constants, and nothing at all.
import { isList, isObject } from '../json.ts';
import { goText } from './format.ts';
import type { TemplateNumber } from './template-parse.ts';

/** undefined stands for Go's invalid value (`<no value>`), null for a nil interface. */
export type TemplateValue = unknown;

export function isNumberConstant(value: unknown): value is TemplateNumber {
  return typeof value === 'object' && value !== null && 'number' in value && 'type' in value && Object.isFrozen(value);
}

/** The number of a JSON number or a constant. */
export function numberOf(value: TemplateValue): number | undefined {
  if (typeof value === 'number') return value;
  return isNumberConstant(value) ? value.number : undefined;
}

export function typeName(value: TemplateValue): string {
  if (isNumberConstant(value)) return value.type;
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (isList(value)) return '[]interface {}';
  return isObject(value) ? 'map[string]interface {}' : '<nil>';
}

export function isTrue(value: TemplateValue): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number !== undefined) return number !== 0;
  if (typeof value === 'string' || isList(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** How an action prints a value. */
export function valueText(value: TemplateValue): string {
  if (value === null || value === undefined) return '<no value>';
  return goText(isNumberConstant(value) ? value.number : value);
}
