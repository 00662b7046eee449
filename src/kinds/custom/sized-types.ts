// How large the values of a schema can be, as upstream reckons it: what the cost of CEL rules is estimated from.
//
//   {type: array, maxItems: 5, items: {type: string}}  ─▶  list of at most 5 strings of at most 3 MiB
import { encodeUtf8 } from '../../base/bytes.ts';
import { escapeName, withMetadata } from './rule-types.ts';
import { isEmbedded, itemsOf, propertiesOf, type Schema, valuesOf } from './schema-node.ts';

/** A type of a schema, with bounds. */
export interface SizedType {
  readonly kind: 'string' | 'bytes' | 'list' | 'map' | 'object' | 'bool' | 'number' | 'time' | 'opaque' | 'dyn';
  /** Bytes of a text, items of a list, entries of a map; 0 for what has no size. */
  readonly sizeMax: number;
  /** Bytes of the smallest such value in JSON. */
  readonly bytesMin: number;
  /** Of lists and maps. */
  readonly element?: SizedType;
  /** Of objects, by their names in CEL. */
  readonly fields?: ReadonlyMap<string, SizedType>;
}

/** The largest body that a request may have. */
const requestBytesMax = 3 * 1024 * 1024;

/** How often a value of a type fits into one request, where nothing bounds it. */
export function cardinality(bytesMin: number): number {
  return Math.floor(requestBytesMax / (bytesMin + 1));
}

/** Undefined: rules cannot see such values. `root`: they are whole resources. */
export function sizedType(schema: Schema, root: boolean): SizedType | undefined {
  if (schema['x-kubernetes-int-or-string'])
    return { kind: 'dyn', sizeMax: lengthMax(schema) ?? requestBytesMax - 2, bytesMin: 1 };
  switch (schema.type) {
    case 'array': {
      const items = itemsOf(schema);
      const element = items && sizedType(items, isEmbedded(items));
      if (!element) return undefined;
      const fitting = Math.floor((requestBytesMax - 2) / (element.bytesMin + 1));
      return { kind: 'list', sizeMax: bounded(schema.maxItems) ?? fitting, bytesMin: 2, element };
    }
    case 'object':
      return objectType(schema, root);
    case 'string':
      return textType(schema);
    case 'boolean':
      return { kind: 'bool', sizeMax: 0, bytesMin: 4 };
    case 'integer':
    case 'number':
      return { kind: 'number', sizeMax: 0, bytesMin: 1 };
    default:
      return undefined;
  }
}

function objectType(schema: Schema, root: boolean): SizedType | undefined {
  const values = valuesOf(schema);
  if (values && !root) {
    const element = sizedType(values, isEmbedded(values));
    if (!element) return undefined;
    const fitting = Math.floor((requestBytesMax - 2) / (element.bytesMin + 6));
    return { kind: 'map', sizeMax: bounded(schema.maxProperties) ?? fitting, bytesMin: 2, element };
  }
  const fields = new Map<string, SizedType>();
  let bytesMin = 2;
  for (const [name, property] of propertiesOf(root ? withMetadata(schema) : schema)) {
    const type = sizedType(property, isEmbedded(property));
    if (!type) continue;
    fields.set(escapeName(name), type);
    if (schema.required?.includes(name) && property.default === undefined) bytesMin += name.length + type.bytesMin + 4;
  }
  return { kind: 'object', sizeMax: 0, bytesMin, fields };
}

const timeTypes: Readonly<Record<string, SizedType>> = {
  duration: { kind: 'time', sizeMax: 32, bytesMin: 3 },
  date: { kind: 'time', sizeMax: 12, bytesMin: 12 },
  'date-time': { kind: 'time', sizeMax: 32, bytesMin: 21 },
};

function textType(schema: Schema): SizedType {
  const { format = '', enum: allowed = [], maxLength } = schema;
  const time = timeTypes[format];
  if (time) return time;
  const most = requestBytesMax - 2;
  if (format === 'byte') return { kind: 'bytes', sizeMax: bounded(maxLength) ?? most, bytesMin: 2 };
  const texts = allowed.map((value) => (typeof value === 'string' ? encodeUtf8(value).length : 0));
  const listed = texts.length > 0 ? Math.max(...texts) : most;
  return { kind: 'string', sizeMax: lengthMax(schema) ?? listed, bytesMin: 2 };
}

/** A character has up to four bytes. */
function lengthMax({ maxLength }: Schema): number | undefined {
  const most = bounded(maxLength);
  return most === undefined ? undefined : most * 4;
}

function bounded(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.max(0, count);
}
