// A label selector as the text that a Scale carries.
import type { LabelSelector } from '../api/generated/types.ts';
import { selectorOf } from '../api/selectors.ts';

export function scaleSelector(selector: LabelSelector | undefined): string {
  return selector ? selectorOf(selector).toString() : '';
}
