// The columns of custom resources in `kubectl get`, from additionalPrinterColumns.
import type { CustomResourceColumnDefinition } from '../../../api/generated/types.ts';
import { goJson } from '../../../api/go-format.ts';
import { humanDuration } from '../../../base/human-duration.ts';
import type { JsonValue } from '../../../base/json.ts';
import { parseTime } from '../../../base/time.ts';
import { simplePath } from '../../../kinds/custom/simple-path.ts';
import type { Cell, Column, StoredObject } from '../../../kinds/kind.ts';
import { asJson } from '../json-edge.ts';
import { nameColumn } from '../table.ts';

const agePath = '.metadata.creationTimestamp';
const age: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  description: 'When the object was created, by the clock of the server.',
  jsonPath: agePath,
};

/** Name and what the definition says; without a word, the age. */
export function printerColumns(
  definitions: readonly CustomResourceColumnDefinition[],
): readonly Column<StoredObject>[] {
  return [nameColumn, ...(definitions.length > 0 ? definitions : [age]).map(columnOf)];
}

function columnOf(definition: CustomResourceColumnDefinition): Column<StoredObject> {
  const { name, type, format, jsonPath, priority = 0 } = definition;
  const find = simplePath(jsonPath);
  return {
    name,
    type: typeOf(type),
    ...(format && { format }),
    described: definition !== age,
    description: definition.description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority: priority > 0 ? 1 : 0,
    cell: (object, nowMs) => cellOf(find?.(asJson(object))[0], type, nowMs),
  };
}

function typeOf(type: string): Column<StoredObject>['type'] {
  switch (type) {
    case 'integer':
    case 'boolean':
    case 'number':
    case 'date':
      return type;
    default:
      return 'string';
  }
}

function cellOf(value: JsonValue | undefined, type: string, nowMs: number): Cell {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date': {
      if (typeof value !== 'string') return null;
      const time = parseTime(value);
      return time === undefined ? '<invalid>' : humanDuration(nowMs - time);
    }
    default:
      return typeof value === 'string' ? value : goJson(value);
  }
}
