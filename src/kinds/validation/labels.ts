// Labels, annotations and label selectors.
import { type FieldError, forbidden, invalid, required, tooLong } from '../../api/field-error.ts';
import type { LabelSelector, LabelSelectorRequirement, ObjectMeta } from '../../api/generated/types.ts';
import { qualifiedName, validLabelValue } from '../../api/names.ts';
import { type Selector, SelectorError, selectorOf } from '../../api/selectors.ts';
import { complain, sortedEntries } from './checks.ts';

type Labels = { readonly [key: string]: string } | undefined;

/** All of an object's annotations together may take this much. */
const annotationBytesMax = 256 * 1024;

/** Adds what is wrong with labels. */
export function validateLabels(errors: FieldError[], field: string, labels: Labels): void {
  for (const [key, value] of sortedEntries(labels)) {
    complain(errors, field, key, qualifiedName(key));
    complain(errors, field, value, validLabelValue(value));
  }
}

/** Adds what is wrong with annotations. */
export function validateAnnotations(errors: FieldError[], field: string, annotations: Labels): void {
  let size = 0;
  for (const [key, value] of sortedEntries(annotations)) {
    complain(errors, field, key, qualifiedName(key.toLowerCase()));
    size += key.length + value.length;
  }
  if (size > annotationBytesMax) errors.push(tooLong(field, annotationBytesMax));
}

/** Adds what is wrong with the metadata of what is made from a template: labels and annotations alone. */
export function validateTemplateMetadata(errors: FieldError[], field: string, metadata: ObjectMeta = {}): void {
  validateAnnotations(errors, `${field}.annotations`, metadata.annotations);
  validateLabels(errors, `${field}.labels`, metadata.labels);
  for (const key of Object.keys(metadata))
    if (key !== 'annotations' && key !== 'labels') errors.push(forbidden(`${field}.${key}`, 'cannot be set'));
}

/** Adds what is wrong with selector. */
export function validateSelector(
  errors: FieldError[],
  field: string,
  selector: LabelSelector | undefined,
  { invalidValues }: SelectorLeniency = strict,
): void {
  if (!selector) return;
  validateLabels(errors, `${field}.matchLabels`, selector.matchLabels);
  for (const [i, expression] of (selector.matchExpressions ?? []).entries())
    validateExpression(errors, `${field}.matchExpressions[${i}]`, { ...expression, invalidValues });
}

/** What a selector may have wrong because the old one had. */
export interface SelectorLeniency {
  readonly invalidValues: boolean;
}

const strict: SelectorLeniency = { invalidValues: false };

/** Whether one of its expressions names a value that no label has. */
export function hasInvalidValues(selector: LabelSelector | undefined): boolean {
  const values = selector?.matchExpressions?.flatMap(({ values = [] }) => values) ?? [];
  return values.some((value) => validLabelValue(value).length > 0);
}

/** Whether a selector selects by nothing at all. */
export function isEmptySelector({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length + (matchExpressions?.length ?? 0) === 0;
}

/** The selector compiled, or undefined where it makes no sense. */
export function compiled(selector: LabelSelector | undefined): Selector | undefined {
  try {
    return selectorOf(selector);
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

function validateExpression(
  errors: FieldError[],
  field: string,
  expression: LabelSelectorRequirement & SelectorLeniency,
): void {
  const { key, operator, values = [], invalidValues } = expression;
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else errors.push(invalid(`${field}.operator`, operator, 'not a valid selector operator'));
  complain(errors, `${field}.key`, key, qualifiedName(key));
  if (invalidValues) return;
  for (const [i, value] of values.entries()) complain(errors, `${field}.values[${i}]`, value, validLabelValue(value));
}
