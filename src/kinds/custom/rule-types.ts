// CEL's view of a schema: a type for each object, and values as that type has them.
//
//   {type: object, properties: {count: {type: integer}}}  ─▶  type T1 {count: int};   {count: 3}  ─▶  T1 {count: 3n}
import type { Environment } from '@marcbachmann/cel-js';
import { decodeBase64 } from '../../base/bytes.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { parseTime } from '../../base/time.ts';
import { cel } from './cel.ts';
import { itemsOf, propertiesOf, type Schema, valuesOf } from './schema-node.ts';

/** The types of one rule's environment. */
export class RuleTypes {
  private readonly made = new Map<Schema, ObjectType>();

  constructor(private readonly environment: Environment) {}

  /** The name of a schema's type; undefined: rules cannot see such values. `root`: a whole resource. */
  typeOf(schema: Schema, root: boolean): string | undefined {
    if (schema['x-kubernetes-int-or-string']) return 'dyn';
    switch (schema.type) {
      case 'array': {
        const items = itemsOf(schema);
        const type = items && this.typeOf(items, isResource(items));
        return type && `list<${type}>`;
      }
      case 'object':
        return this.objectType(schema, root);
      case 'string':
        return textTypes[schema.format ?? ''] ?? 'string';
      default:
        return scalarTypes[schema.type ?? ''];
    }
  }

  /** A value as rules see it. */
  valueOf(schema: Schema, value: JsonValue): unknown {
    if (isList(value)) {
      const items = itemsOf(schema);
      return items ? value.map((item) => this.valueOf(items, item)) : [];
    }
    if (isObject(value)) return this.objectValue(schema, value);
    if (typeof value === 'number') return schema.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
    return typeof value === 'string' ? textValue(schema, value) : value;
  }

  private objectType(schema: Schema, root: boolean): string | undefined {
    const values = valuesOf(schema);
    if (values) {
      const type = this.typeOf(values, isResource(values));
      return type && `map<string, ${type}>`;
    }
    const known = this.made.get(schema);
    if (known) return known.name;
    const name = `Object${this.made.size + 1}`;
    const type = new ObjectType(name, root ? withMetadata(schema) : schema);
    this.made.set(schema, type);
    const fields: Record<string, string> = {};
    for (const [key, property] of propertiesOf(type.schema)) {
      const fieldType = this.typeOf(property, isResource(property));
      if (fieldType !== undefined) fields[escapeName(key)] = fieldType;
    }
    this.environment.registerType(name, { ctor: type.constructorOf, fields });
    this.environment.registerOperator(`${name} == ${name}`, (a: unknown, b: unknown) => text(a) === text(b));
    return name;
  }

  private objectValue(schema: Schema, value: { readonly [key: string]: JsonValue }): unknown {
    const type = this.made.get(schema);
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      const inner = valuesOf(schema) ?? type?.schema.properties?.[key];
      if (inner && item !== null) entries.push([type ? escapeName(key) : key, this.valueOf(inner, item)]);
    }
    return type ? Object.assign(new type.constructorOf(), Object.fromEntries(entries)) : new Map(entries);
  }
}

class ObjectType {
  /** CEL tells values' types by their class. */
  readonly constructorOf: new () => object;

  constructor(
    readonly name: string,
    readonly schema: Schema,
  ) {
    this.constructorOf = class {};
  }
}

const timestamp = 'google.protobuf.Timestamp';
const duration = 'google.protobuf.Duration';
const textTypes: Readonly<Record<string, string>> = {
  date: timestamp,
  'date-time': timestamp,
  duration,
  byte: 'bytes',
};
const scalarTypes: Readonly<Record<string, string>> = { boolean: 'bool', integer: 'int', number: 'double' };

/** What does not fit its format stays a text. */
function textValue({ format = '' }: Schema, text: string): unknown {
  switch (textTypes[format]) {
    case timestamp:
      return timeOf(text) ?? text;
    case duration:
      return /^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text) ? cel().evaluate('duration(text)', { text }) : text;
    case 'bytes':
      return decodeBase64(text) ?? text;
    default:
      return text;
  }
}

function timeOf(value: string): Date | undefined {
  const ms = parseTime(value.length === 10 ? `${value}T00:00:00Z` : value);
  return ms === undefined ? undefined : new Date(ms);
}

function isResource(schema: Schema): boolean {
  return schema['x-kubernetes-embedded-resource'] === true;
}

const textSchema: Schema = { type: 'string' };
const metadata: Schema = { type: 'object', properties: { name: textSchema, generateName: textSchema } };

/** Rules of a whole resource also see what it is and how it is called. */
export function withMetadata(schema: Schema): Schema {
  return { ...schema, properties: { ...schema.properties, apiVersion: textSchema, kind: textSchema, metadata } };
}

const keywords = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return'.split(' '),
);

/** A property's name as rules spell it: `x-prop` is `x__dash__prop`. */
export function escapeName(name: string): string {
  if (keywords.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return String(item);
    return item instanceof Map ? Object.fromEntries(item) : item;
  });
}
