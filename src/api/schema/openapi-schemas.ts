// Definitions as OpenAPI schemas: version 3 (with defaults and enums) or version 2.
import type { JsonObject, JsonValue } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
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

/** A reference to a definition, or to a schema that is none. */
export function openApiReference(name: string, version: OpenApiVersion): JsonObject {
  const known = definition(name) || name.startsWith('meta.v1.') ? openApiName(name) : name;
  return { $ref: version === 2 ? `#/definitions/${known}` : `#/components/schemas/${known}` };
}

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
  return Object.fromEntries([...schemas].sort(([a], [b]) => byBytes(a, b)));
}

/** Types that are no objects with fields. */
function oddSchema(name: string, version: OpenApiVersion): JsonObject {
  switch (name) {
    case 'api.resource.Quantity':
      return version === 3 ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { type: 'string' };
    case 'util.intstr.IntOrString':
      return version === 3
        ? { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }
        : { type: 'string', format: 'int-or-string' };
    case 'meta.v1.Time':
    case 'meta.v1.MicroTime':
      return { type: 'string', format: 'date-time' };
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
    const fields = [...shape.fields.values()];
    const required = fields.filter((field) => field.required).map(({ name }) => name);
    const sorted = fields.sort((a, b) => byBytes(a.name, b.name));
    const description = this.descriptions.ofDefinition(shape.name);
    return {
      ...(description && { description }),
      type: 'object',
      ...(required.length && { required }),
      ...(sorted.length && {
        properties: Object.fromEntries(sorted.map((field) => [field.name, this.field(shape, field)])),
      }),
      ...(shape.atomic && { 'x-kubernetes-map-type': 'atomic' }),
      ...(Object.hasOwn(unions, shape.name) && { 'x-kubernetes-unions': [unions[shape.name] ?? {}] }),
    };
  }

  private field(shape: Definition, field: Field): JsonObject {
    const values = enumValues(shape.name, field.goType);
    const text = this.descriptions.ofField(shape.name, field.name);
    const description = text.includes(enumsBegin) ? text : text + enumText(values);
    const { type, format, $ref, items, additionalProperties, ...rest } = this.type(
      field.type,
      values,
      jsonName(shape.name, field.name),
    );
    const shown = this.version === 3 ? this.shownDefault(field) : undefined;
    const extensions = mergeExtensions(field);
    const alone = undocumented(shape.name, field.name) && shown === undefined && Object.keys(extensions).length === 0;
    return {
      ...(description && { description }),
      ...(type !== undefined && { type }),
      ...(format !== undefined && { format }),
      ...(shown !== undefined && { default: shown }),
      ...rest,
      ...(items !== undefined && { items }),
      ...(additionalProperties !== undefined && { additionalProperties }),
      // In version 3 a reference has nothing beside it.
      ...($ref !== undefined && this.version === 3 && (alone ? { $ref } : { allOf: [{ $ref }] })),
      ...extensions,
      ...($ref !== undefined && this.version === 2 && { $ref }),
    };
  }

  /** What the schema says, else the zero that the server would write. */
  private shownDefault({ always, defaultValue, pointer, type }: Field): JsonValue | undefined {
    if (defaultValue !== undefined || !always || pointer) return defaultValue;
    return unshown.has(type.kind) ? undefined : type.kind === 'object' ? {} : zero(type);
  }

  /** `json`: the name of JSON of any shape. */
  private type(type: SchemaType, values: readonly string[], json: string): JsonObject {
    switch (type.kind) {
      case 'string':
        return { type: 'string', ...(values.length > 0 && { enum: values }) };
      case 'boolean':
        return { type: 'boolean' };
      case 'integer':
        return { type: 'integer', format: `int${type.bits}` };
      case 'number':
        return { type: 'number', format: 'double' };
      case 'bytes':
        return { type: 'string', format: 'byte' };
      case 'list':
        return { type: 'array', items: this.type(type.items, values, json) };
      case 'map':
        return { type: 'object', additionalProperties: this.type(type.values, values, json) };
      case 'any':
        return this.reference(json);
      case 'quantity':
        return this.reference('api.resource.Quantity');
      case 'intOrString':
        return this.reference('util.intstr.IntOrString');
      case 'time':
        return this.reference(type.micro ? 'meta.v1.MicroTime' : 'meta.v1.Time');
      case 'object':
        return this.reference(type.definition);
    }
  }

  private reference(name: string): JsonObject {
    this.mentioned.push(name);
    const place = this.version === 2 ? 'definitions' : 'components/schemas';
    return { $ref: `#/${place}/${openApiName(name)}` };
  }
}

/** Fields of which the API says nothing, with or without texts at hand. */
function undocumented(owner: string, field: string): boolean {
  if (owner === 'networking.v1.IngressRule') return field === 'http';
  return owner === 'apiextensions.v1.JSONSchemaProps' && field !== 'default';
}

/** Definitions of which one field at most is set, and the field that says which. */
const unions: Readonly<Record<string, JsonObject>> = {
  'core.v1.AppArmorProfile': union('type', { localhostProfile: 'LocalhostProfile' }),
  'core.v1.PodSchedulingGroup': union(undefined, { podGroupName: 'PodGroupName' }),
  'core.v1.SeccompProfile': union('type', { localhostProfile: 'LocalhostProfile' }),
  'flowcontrol.v1.LimitResponse': union('type', { queuing: 'Queuing' }),
  'flowcontrol.v1.PriorityLevelConfigurationSpec': union('type', { exempt: 'Exempt', limited: 'Limited' }),
  'flowcontrol.v1.Subject': union('kind', { group: 'Group', serviceAccount: 'ServiceAccount', user: 'User' }),
};

function union(discriminator: string | undefined, fields: JsonObject): JsonObject {
  return { ...(discriminator !== undefined && { discriminator }), 'fields-to-discriminateBy': fields };
}

/** Of these, no zero is shown. */
const unshown: ReadonlySet<SchemaType['kind']> = new Set([
  'list',
  'map',
  'bytes',
  'any',
  'quantity',
  'intOrString',
  'time',
]);

const noValues: readonly string[] = [];

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
