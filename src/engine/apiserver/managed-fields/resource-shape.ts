// How the objects of a resource are owned, and what they may be: of built-in and of custom ones.
import type { ServedResource } from '../served-resource.ts';
import { shapeOfCustom, typedCustom } from './custom-shape.ts';
import { deduced, type Shape, structOf } from './shape.ts';
import { any, type Typed, typedDefinition } from './typed.ts';

type Schematic = Pick<ServedResource, 'definition' | 'custom'>;

/** The shape of a resource's objects. */
export function shapeOf({ definition, custom }: Schematic): Shape {
  if (custom) return shapeOfCustom(custom.schema);
  return definition === undefined ? deduced : structOf(definition);
}

/** What a resource's objects may be. */
export function typedOf({ definition, custom }: Schematic): Typed {
  if (custom) return typedCustom(custom.schema);
  return definition === undefined ? any : typedDefinition(definition);
}
