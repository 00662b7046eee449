// `a=1,b=2` as an object of labels.
import { parseSelector, SelectorError } from '../api/selectors.ts';
import type { JsonObject } from '../base/json.ts';
import { CommandError } from './errors.ts';

/** Throws for anything but equalities. */
export function parseLabelPairs(text: string): JsonObject {
  try {
    const labels: Record<string, string> = {};
    for (const { key, operator, values } of parseSelector(text).requirements) {
      if (operator !== '=' && operator !== '==') throw new CommandError(`invalid selector: ${text}`);
      labels[key] = values[0] ?? '';
    }
    return labels;
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new CommandError(error.message);
  }
}
