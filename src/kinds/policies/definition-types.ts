// CEL's types of built-in kinds: what type checking knows of an object before there is one.
import type { Environment } from '@marcbachmann/cel-js';
import { definition, type SchemaType } from '../../api/schema/schema.ts';
import { escapeName } from '../custom/rule-types.ts';

const unknown = 'dyn';

/** Registers a definition and all that it is made of; the name of its type. */
export function registerDefinition(environment: Environment, name: string): string {
  return new Registration(environment).typeOf({ kind: 'object', definition: name });
}

class Registration {
  /** Undefined: it is being registered, and holds itself. */
  private readonly known = new Map<string, string | undefined>();

  constructor(private readonly environment: Environment) {}

  typeOf(type: SchemaType): string {
    switch (type.kind) {
      case 'integer':
        return 'int';
      case 'number':
        return 'double';
      case 'boolean':
        return 'bool';
      case 'string':
      case 'quantity':
        return 'string';
      case 'time':
        return 'google.protobuf.Timestamp';
      case 'list':
        return `list<${this.typeOf(type.items)}>`;
      case 'map':
        return `map<string, ${this.typeOf(type.values)}>`;
      case 'object':
        return this.objectType(type.definition);
      default:
        return unknown;
    }
  }

  private objectType(name: string): string {
    const of = definition(name);
    if (!of || of.fields.size === 0) return unknown;
    if (this.known.has(name)) return this.known.get(name) ?? unknown;
    this.known.set(name, undefined);
    const fields: Record<string, string> = {};
    for (const [field, { type }] of of.fields) fields[escapeName(field)] = this.typeOf(type);
    this.environment.registerType(name, { ctor: class {}, fields });
    // Objects may be null in CEL: there is none.
    this.environment.registerOperator(`${name} == null`, (value: unknown) => value === null);
    this.known.set(name, name);
    return name;
  }
}
