// How the fields of custom resources are owned, and what they may be: read off the schema of their definition.
import {
  isEmbedded,
  isOpen,
  isPreserving,
  itemsOf as itemsSchema,
  propertyOf,
  type Schema,
  valuesOf,
} from '../../../kinds/custom/schema-node.ts';
import { deduced, type Shape, structOf, whole } from './shape.ts';
import { any, type Typed, typedDefinition } from './typed.ts';

/** The shape of a definition's objects. */
export function shapeOfCustom(schema: Schema): Shape {
  const known = shapes.get(schema);
  if (known) return known;
  const made = schema.type === undefined ? deduced : shapeOfNode(schema, { root: true });
  shapes.set(schema, made);
  return made;
}

/** What the fields of a definition's objects may be. */
export function typedCustom(schema: Schema): Typed {
  return schema.type === undefined ? any : typedNode(schema, { root: true });
}

const shapes = new WeakMap<Schema, Shape>();

/** `preserving`: something further up keeps unknown fields, and so does all below. */
interface Place {
  readonly root?: boolean;
  readonly preserving?: boolean;
}

function shapeOfNode(schema: Schema, { root = false, preserving = false }: Place): Shape {
  const inner = { preserving: preserving || isPreserving(schema) };
  const { type = '' } = schema;
  if (type === 'array') return listShape(schema, inner);
  if (type !== 'object' && (type !== '' || !hasProperties(schema))) return type === '' ? deduced : whole;
  if (schema['x-kubernetes-map-type'] === 'atomic') return whole;
  const fields = new Map<string, Shape>();
  const others = othersOf(schema, { root, ...inner });
  const ofOthers = isSchema(others) ? shapeOfNode(others, inner) : deduced;
  const make = (name: string): Shape => {
    if (hasMetadata(schema, root) && name === 'metadata') return structOf('meta.v1.ObjectMeta');
    const property = propertyOf(schema, name);
    return property ? shapeOfNode(property, inner) : ofOthers;
  };
  return {
    kind: 'fields',
    isFixed: (name) => isDeclared(schema, name, root),
    of(name) {
      const shape = fields.get(name) ?? make(name);
      if (isDeclared(schema, name, root)) fields.set(name, shape);
      return shape;
    },
    unset: () => undefined,
    always: [],
  };
}

function listShape(schema: Schema, place: Place): Shape {
  const items = itemsSchema(schema);
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return { kind: 'set' };
  if (type !== 'map' || !items) return whole;
  const names = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort();
  const keys = names.map((key) => [key, propertyOf(items, key)?.default] as const);
  return { kind: 'keyed', items: shapeOfNode(items, place), keys };
}

function typedNode(schema: Schema, { root = false, preserving = false }: Place): Typed {
  const inner = { preserving: preserving || isPreserving(schema) };
  switch (schema.type ?? '') {
    case 'array': {
      const items = itemsSchema(schema);
      return { kind: 'list', items: items ? typedNode(items, inner) : any, shape: listShape(schema, inner) };
    }
    case 'boolean':
    case 'integer':
    case 'number':
      return { kind: 'scalar', scalar: schema.type === 'boolean' ? 'boolean' : 'number' };
    case 'string':
      if (schema.format === 'int-or-string') return any;
      return { kind: 'scalar', scalar: ['', 'byte'].includes(schema.format ?? '') ? 'string' : 'any' };
    case 'object':
      break;
    default:
      return any;
  }
  const others = othersOf(schema, { root, ...inner });
  return {
    kind: 'fields',
    of(name) {
      if (hasMetadata(schema, root) && metaTypes.has(name))
        return name === 'metadata' ? typedDefinition('meta.v1.ObjectMeta') : { kind: 'scalar', scalar: 'string' };
      const property = propertyOf(schema, name) ?? (isSchema(others) ? others : undefined);
      if (property) return typedNode(property, inner);
      return others === 'any' ? any : undefined;
    },
  };
}

const metaTypes: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function hasMetadata(schema: Schema, root: boolean): boolean {
  return root || isEmbedded(schema);
}

function isDeclared(schema: Schema, name: string, root: boolean): boolean {
  return propertyOf(schema, name) !== undefined || (hasMetadata(schema, root) && metaTypes.has(name));
}

/** What fields without a property may be. */
function othersOf(schema: Schema, { root = false, preserving = false }: Place): Schema | 'any' | 'none' {
  const values = valuesOf(schema);
  if (values) return values;
  if (schema.additionalProperties !== undefined) return isOpen(schema) ? 'any' : 'none';
  const declaring = hasProperties(schema) || hasMetadata(schema, root);
  return preserving || !declaring ? 'any' : 'none';
}

function isSchema(others: Schema | 'any' | 'none'): others is Schema {
  return typeof others !== 'string';
}

function hasProperties({ properties = {} }: Schema): boolean {
  return Object.keys(properties).length > 0;
}
