// What the fields of a configuration may be, as far as server-side apply asks: read off definitions.
import { definition, type Field, type SchemaType } from '../../../api/schema/schema.ts';
import { type Shape, shapeOfType } from './shape.ts';

/** `any`: a scalar of whichever type. */
export type Scalar = 'boolean' | 'number' | 'string' | 'any';

export type Typed =
  | { readonly kind: 'any' }
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  /** Of structs and maps; undefined: nothing declares such a field. */
  | { readonly kind: 'fields'; of(name: string): Typed | undefined }
  | { readonly kind: 'list'; readonly items: Typed; readonly shape: Shape };

export const any: Typed = { kind: 'any' };

/** What a definition's objects may be. */
export function typedDefinition(name: string): Typed {
  const fields = definition(name)?.fields;
  return {
    kind: 'fields',
    of(field) {
      const rules = fields?.get(field);
      return rules && typedType(rules.type, rules);
    },
  };
}

function typedType(type: SchemaType, rules?: Field): Typed {
  switch (type.kind) {
    case 'any':
    case 'intOrString':
      return any;
    case 'object':
      return typedDefinition(type.definition);
    case 'map': {
      const values = typedType(type.values);
      return { kind: 'fields', of: () => values };
    }
    case 'list':
      return { kind: 'list', items: typedType(type.items), shape: shapeOfType(type, rules) };
    case 'boolean':
      return { kind: 'scalar', scalar: 'boolean' };
    case 'integer':
    case 'number':
      return { kind: 'scalar', scalar: 'number' };
    case 'string':
    case 'bytes':
      return { kind: 'scalar', scalar: 'string' };
    default:
      return { kind: 'scalar', scalar: 'any' };
  }
}
