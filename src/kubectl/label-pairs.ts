// `a=1,b=2` as an object of labels.
import { parseSelector, SelectorError } from '../api/selectors.ts';
import type { JsonObject } from '../base/json.ts';
import { CommandError } from './errors.ts';

/** `a=1,b in (x,y),c` as a LabelSelector. */
export function parseLabelSelector(text: string): JsonObject {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: JsonObject[] = [];
  try {
    for (const { key, operator, values } of parseSelector(text).requirements) {
      const named = expressionOperators.get(operator);
      if (operator === '=' || operator === '==') matchLabels[key] = values[0] ?? '';
      else if (named) matchExpressions.push({ key, operator: named, ...(values.length > 0 && { values }) });
      else throw new CommandError(`${JSON.stringify(operator)} isn't supported in label selectors`);
    }
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new CommandError(error.message);
  }
  return {
    ...(matchExpressions.length > 0 && { matchExpressions }),
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
  };
}

const expressionOperators: ReadonlyMap<string, string> = new Map([
  ['in', 'In'],
  ['notin', 'NotIn'],
  ['exists', 'Exists'],
  ['!', 'DoesNotExist'],
]);
