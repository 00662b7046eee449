// A label selector as the text that a Scale carries.
import type { LabelSelector } from '../api/generated/types.ts';
import { selectorOf } from '../api/selectors.ts';

/** `app=web,tier in (a,b)`; empty where there is no selector. */
export function scaleSelector(selector: LabelSelector | undefined): string {
  return selector ? selectorOf(selector).toString() : '';
}
