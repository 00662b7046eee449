// A label selector as text: `app=web,tier in (a,b),!old`.
import { entriesAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isObject, type JsonValue } from '../../base/json.ts';

/** The selector's requirements, sorted by key; '' for a selector of everything or nothing. */
export function selectorText(selector: JsonValue | undefined): string {
  if (!isObject(selector)) return '';
  const requirements = entriesAt(selector, 'matchLabels').map(([key, value]) => ({ key, text: `${key}=${value}` }));
  for (const expression of objectsAt(selector, 'matchExpressions')) {
    const key = textAt(expression, 'key');
    requirements.push({ key, text: requirementText(key, expression) });
  }
  requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return requirements.map(({ text }) => text).join(',');
}

/** Like {@link selectorText}, but `<none>` instead of nothing. */
export function formatLabelSelector(selector: JsonValue | undefined): string {
  return selectorText(selector) || '<none>';
}

/** The selector text of plain labels, as services and replication controllers have them. */
export function labelsSelectorText(labels: JsonValue | undefined): string {
  return selectorText({ matchLabels: isObject(labels) ? labels : {} });
}

function requirementText(key: string, expression: JsonValue): string {
  const values = `(${[...textsAt(expression, 'values')].sort().join(',')})`;
  switch (textAt(expression, 'operator')) {
    case 'In':
      return `${key} in ${values}`;
    case 'NotIn':
      return `${key} notin ${values}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}
