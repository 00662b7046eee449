// Definitions as OpenAPI schemas: version 3 (with defaults and enums) or version 2.
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { enumTable } from '../generated/enums.ts';
import { zero } from './decode.ts';
import type { Descriptions } from './descriptions.ts';
import { type Definition, definition, type Field, type SchemaType } from './schema.ts';

/** The two forms of OpenAPI documents. */
export type OpenApiVersion = 2 | 3;

/** `apps.v1.Deployment` is `io.k8s.api.apps.v1.Deployment`. */
export function openApiName(name: string): string {
  const [home = ''] = name.split('.');
  const prefix = homes[home] ?? 'io.k8s.api.';
  return prefix + name;
}

const machinery = 'io.k8s.apimachinery.pkg.';
const homes: Readonly<Record<string, string>> = {
  meta: `${machinery}apis.`,
  version: machinery,
  api: machinery,
  util: machinery,
  runtime: machinery,
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.',
};

/** The schemas of these definitions and of all that they refer to, by OpenAPI name, sorted. */
export function openApiSchemas(
  roots: readonly string[],
  version: OpenApiVersion,
  descriptions: Descriptions,
): Readonly<Record<string, JsonObject>> {
  const schemas = new Map<string, JsonObject>();
  const pending = [...roots];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (schemas.has(openApiName(name))) continue;
    const writer = new SchemaWriter(version, descriptions, pending);
    const shape = definition(name);
    schemas.set(openApiName(name), shape ? writer.definition(shape) : oddSchema(name, version));
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Types that are no objects with fields. */
function oddSchema(name: string, version: OpenApiVersion): JsonObject {
  switch (name) {
    case 'api.resource.Quantity':
      return version === 3 ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { type: 'string' };
    case 'util.intstr.IntOrString':
      return version === 3
        ? { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
        : { format: 'int-or-string', type: 'string' };
    case 'meta.v1.Time':
    case 'meta.v1.MicroTime':
      return { format: 'date-time', type: 'string' };
    case 'apiextensions.v1.JSON':
    case 'apiextensions.v1.JSONSchemaPropsOrArray':
    case 'apiextensions.v1.JSONSchemaPropsOrBool':
    case 'apiextensions.v1.JSONSchemaPropsOrStringArray':
      return {};
    default:
      return { type: 'object' };
  }
}

class SchemaWriter {
  constructor(
    private readonly version: OpenApiVersion,
    private readonly descriptions: Descriptions,
    /** Definitions that are referred to. */
    private readonly mentioned: string[],
  ) {}

  definition(shape: Definition): JsonObject {
    const fields = [...shape.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const required = fields.filter((field) => field.required).map(({ name }) => name);
    const description = this.descriptions.ofDefinition(shape.name);
    return {
      ...(description && { description }),
      ...(fields.length && {
        properties: Object.fromEntries(fields.map((field) => [field.name, this.field(shape, field)])),
      }),
      ...(required.length && { required }),
      type: 'object',
      ...(shape.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    };
  }

  private field(shape: Definition, field: Field): JsonObject {
    const values = enumValues(shape.name, field.goType);
    const text = this.descriptions.ofField(shape.name, field.name);
    const description = text.includes(enumsBegin) ? text : text + enumText(values);
    const json = jsonName(shape.name, field.name);
    const schema = this.type(field.type, { always: field.always && !field.pointer, values, json });
    return {
      ...schema,
      ...(field.defaultValue !== undefined && this.version === 3 && { default: field.defaultValue }),
      ...(description && { description }),
      ...mergeExtensions(field),
    };
  }

  /** `always`: version 3 shows the zero that the server would write. `json`: the name of JSON of any shape. */
  private type(type: SchemaType, { always = false, values = noValues, json = '' }: TypeOptions): JsonObject {
    const shown = always && this.version === 3 ? { default: zero(type) } : {};
    const allowed = values.length > 0 ? { enum: values } : {};
    switch (type.kind) {
      case 'string':
        return { ...shown, ...allowed, type: 'string' };
      case 'boolean':
        return { ...shown, type: 'boolean' };
      case 'integer':
        return { ...shown, format: `int${type.bits}`, type: 'integer' };
      case 'number':
        return { ...shown, format: 'double', type: 'number' };
      case 'bytes':
        return { format: 'byte', type: 'string' };
      case 'list':
        return { items: this.type(type.items, { always: true, values, json }), type: 'array' };
      case 'map':
        return { additionalProperties: this.type(type.values, { always: true, values, json }), type: 'object' };
      case 'any':
        return this.reference(json, undefined);
      case 'quantity':
        return this.reference('api.resource.Quantity', undefined);
      case 'intOrString':
        return this.reference('util.intstr.IntOrString', undefined);
      case 'time':
        return this.reference(type.micro ? 'meta.v1.MicroTime' : 'meta.v1.Time', undefined);
      case 'object':
        return this.reference(type.definition, always ? {} : undefined);
    }
  }

  private reference(name: string, zeroValue: JsonValue | undefined): JsonObject {
    this.mentioned.push(name);
    if (this.version === 2) return { $ref: `#/definitions/${openApiName(name)}` };
    const $ref = `#/components/schemas/${openApiName(name)}`;
    return { allOf: [{ $ref }], ...(zeroValue !== undefined && { default: zeroValue }) };
  }
}

const noValues: readonly string[] = [];

interface TypeOptions {
  readonly always?: boolean;
  readonly values?: readonly string[];
  readonly json?: string;
}

/** The name that the document gives to JSON of any shape. */
function jsonName(owner: string, field: string): string {
  if (field === 'fieldsV1') return 'meta.v1.FieldsV1';
  if (owner !== 'apiextensions.v1.JSONSchemaProps') return 'runtime.RawExtension';
  if (field === 'items') return 'apiextensions.v1.JSONSchemaPropsOrArray';
  if (field === 'dependencies') return 'apiextensions.v1.JSONSchemaPropsOrStringArray';
  return field.startsWith('additional') ? 'apiextensions.v1.JSONSchemaPropsOrBool' : 'apiextensions.v1.JSON';
}

/** The values that a field may have; types of the owner's package first, then core's. */
export function enumValues(owner: string, goType: string): readonly string[] {
  const name = goType.replace(/^(\[\]|map\[[\w.]+\])/, '').replace(/^v\d\./, '');
  const home = owner.slice(0, owner.lastIndexOf('.') + 1);
  const key = [home + name, `core.v1.${name}`].find((candidate) => Object.hasOwn(enumTable, candidate));
  return key === undefined ? noValues : (enumTable[key] ?? '').split('|');
}

const enumsBegin = 'Possible enum values:';

function enumText(values: readonly string[]): string {
  if (values.length === 0) return '';
  return `\n\n${enumsBegin}\n${values.map((value) => ` - \`"${value}"\``).join('\n')}`;
}

function mergeExtensions(field: Field): JsonObject {
  const strategy = [
    ...(field.patchReplace ? ['replace'] : []),
    ...(field.patchMerge ? ['merge'] : []),
    ...(field.retainKeys ? ['retainKeys'] : []),
  ].join(',');
  return {
    ...(field.mapKeys && { 'x-kubernetes-list-map-keys': field.mapKeys }),
    ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
    ...(field.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    ...(field.granular && { 'x-kubernetes-map-type': 'granular' }),
    ...(field.patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
    ...(strategy && { 'x-kubernetes-patch-strategy': strategy }),
  };
}
