// The type that a schema of a custom resource has in CEL.
import { escapeName, withMetadata } from '../rule-types.ts';
import { isEmbedded, itemsOf, propertiesOf, type Schema, valuesOf } from '../schema-node.ts';
import { dyn, type Type, type } from './types.ts';

const texts: Readonly<Record<string, string>> = {
  byte: 'bytes',
  date: 'timestamp',
  'date-time': 'timestamp',
  duration: 'duration',
};
const scalars: Readonly<Record<string, string>> = { boolean: 'bool', integer: 'int', number: 'double' };

/** Of a schema's values; undefined: rules cannot see them. `name`: of objects; `root`: they are whole resources. */
export function schemaType(schema: Schema, name: string, root: boolean): Type | undefined {
  if (schema['x-kubernetes-int-or-string']) return dyn;
  switch (schema.type) {
    case 'array': {
      const items = itemsOf(schema);
      const item = items && schemaType(items, `${name}.@idx`, isEmbedded(items));
      return item && type('list', item);
    }
    case 'object': {
      const values = valuesOf(schema);
      if (values && !root) {
        const value = schemaType(values, `${name}.@elem`, isEmbedded(values));
        return value && type('map', type('string'), value);
      }
      const fields = propertiesOf(root ? withMetadata(schema) : schema).flatMap(([key, property]) => {
        const found = schemaType(property, `${name}.${key}`, isEmbedded(property));
        return found ? [[escapeName(key), found] as const] : [];
      });
      return { ...type(name), fields: new Map(fields) };
    }
    case 'string':
      return type(texts[schema.format ?? ''] ?? 'string');
    default: {
      const scalar = scalars[schema.type ?? ''];
      return scalar === undefined ? undefined : type(scalar);
    }
  }
}
