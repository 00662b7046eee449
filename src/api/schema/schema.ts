// The schema of the v1 API in memory: definitions and their fields, read from the generated table when first asked for.
//
//   definitionOf({ group: 'apps', version: 'v1', kind: 'Deployment' })
//     ─▶ 'apps.v1.Deployment' ─▶ fields: spec ─▶ object 'apps.v1.DeploymentSpec' ─▶ fields: replicas ─▶ integer 32 …

import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { definitionTable } from '../generated/schema.ts';
import type { GroupVersionKind } from '../resource.ts';

/** The type of a value. `any` is JSON of any shape (raw extensions), or a JSON schema in one of these forms. */
export type SchemaType =
  | { readonly kind: 'string' | 'boolean' | 'number' | 'bytes' | 'quantity' | 'intOrString' }
  | { readonly kind: 'any'; readonly schema?: SchemaForm }
  | { readonly kind: 'integer'; readonly bits: 32 | 64 }
  | { readonly kind: 'time'; readonly micro: boolean }
  | { readonly kind: 'list'; readonly items: SchemaType }
  | { readonly kind: 'map'; readonly values: SchemaType }
  | { readonly kind: 'object'; readonly definition: string };

/** A JSON schema; or a list of them, or whether there may be anything, or the names of fields. */
export type SchemaForm = 'schemas' | 'bool' | 'strings';

/** How two values of a field become one. Everything absent: scalars and atomics replace, objects and maps merge. */
export interface MergeRules {
  /** Server-side apply: how a list is owned. Absent means atomic. */
  readonly listType?: 'atomic' | 'set' | 'map';
  /** The keys of the items of a list of type `map`. */
  readonly mapKeys?: readonly string[];
  /** Server-side apply: a map or an object that is owned as a whole. */
  readonly atomic?: boolean;
  /** Server-side apply: owned field by field although the definition it refers to is atomic. */
  readonly granular?: boolean;
  /** Strategic merge: an object is replaced instead of merged. */
  readonly patchReplace?: boolean;
  /** Strategic merge: items merge instead of being replaced; by this key when they are objects. */
  readonly patchMerge?: boolean;
  readonly patchMergeKey?: string;
  /** Strategic merge: fields that the patch does not name in $retainKeys go away. */
  readonly retainKeys?: boolean;
}

/** One field of a definition. */
export interface Field extends MergeRules {
  readonly name: string;
  readonly type: SchemaType;
  /** The OpenAPI document calls it required. */
  readonly required: boolean;
  /** The server writes it even when it is zero (`containers: null`, `resources: {}`). */
  readonly always: boolean;
  /** Zero and unset differ: a zero that was given stays. */
  readonly pointer: boolean;
  /** The Go type of a value, as messages show it, e.g. `v1.RestartPolicy`. */
  readonly goType: string;
  /** What the schema itself defaults. */
  readonly defaultValue?: JsonValue;
}

/** One object type: its fields and how it is owned. */
export interface Definition {
  /** E.g. `apps.v1.DeploymentSpec`. */
  readonly name: string;
  /** In the order in which the server writes them. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Server-side apply owns it as a whole. */
  readonly atomic: boolean;
}

/** The definition of that name, or undefined. */
export function definition(name: string): Definition | undefined {
  const known = definitions.get(name);
  if (known) return known;
  if (!Object.hasOwn(definitionTable, name)) return undefined;
  const made = readDefinition(name, definitionTable[name] ?? '');
  definitions.set(name, made);
  return made;
}

/** All definition names, sorted. */
export function definitionNames(): readonly string[] {
  return Object.keys(definitionTable);
}

/** The name of a kind's definition, e.g. `apps.v1.Deployment`; undefined for kinds that are not built in. */
export function definitionName({ group, version, kind }: GroupVersionKind): string | undefined {
  const own = `${group === '' ? 'core' : packageOf(group)}.${version}.${kind}`;
  if (Object.hasOwn(definitionTable, own)) return own;
  return sharedKinds.has(kind) ? `meta.v1.${kind}` : undefined;
}

/** As {@link definitionName}, the definition itself. */
export function definitionOf(gvk: GroupVersionKind): Definition | undefined {
  const name = definitionName(gvk);
  return name === undefined ? undefined : definition(name);
}

/** Whether a value is a whole number that fits; 64 bits as far as JSON numbers are exact. */
export function isInteger(value: JsonValue, bits: 32 | 64): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return bits === 64 || (value >= -2147483648 && value <= 2147483647);
}

/** Kinds that every group version has. */
const sharedKinds = new Set(['DeleteOptions', 'Status', 'WatchEvent']);
const definitions = new Map<string, Definition>();

/** `rbac.authorization.k8s.io` is the package `rbac`. */
function packageOf(group: string): string {
  const dot = group.indexOf('.');
  return dot < 0 ? group : group.slice(0, dot);
}

function readDefinition(name: string, text: string): Definition {
  const fields = new Map<string, Field>();
  const home = name.slice(0, name.lastIndexOf('.') + 1);
  let atomic = false;
  for (const fieldText of text === '' ? [] : text.split(',')) {
    const [head = '', typeText = '', ...words] = fieldText.split(' ');
    if (head === '.') {
      atomic = words.includes('atomic');
      continue;
    }
    const fieldName = head.replace(/[!?=]+$/, '');
    const flags = head.slice(fieldName.length);
    const type = readType(typeText, home);
    fields.set(fieldName, {
      name: fieldName,
      type,
      required: flags.includes('!'),
      always: flags.includes('='),
      pointer: flags.includes('?'),
      goType: words.find((word) => word.startsWith('~'))?.slice(1) ?? goTypeOf(type),
      ...readRules(words, type),
    });
  }
  return { name, fields, atomic };
}

function readRules(words: readonly string[], type: SchemaType): MergeRules & { defaultValue?: JsonValue } {
  const after = (prefix: string) => words.find((word) => word.startsWith(prefix))?.slice(prefix.length);
  const mapKeys = after('map=')?.split('+');
  const mergeKey = after('merge=');
  const defaultText = after('default=');
  const isList = type.kind === 'list' || type.kind === 'bytes';
  return {
    ...(isList && mapKeys && { listType: 'map', mapKeys }),
    ...(isList && words.includes('set') && { listType: 'set' }),
    ...(words.includes('atomic') && (isList ? { listType: 'atomic' } : { atomic: true })),
    ...(words.includes('granular') && { granular: true }),
    ...(words.includes('replace') && { patchReplace: true }),
    ...((mergeKey !== undefined || words.includes('merge')) && { patchMerge: true }),
    ...(mergeKey !== undefined && { patchMergeKey: mergeKey }),
    ...(words.includes('retainKeys') && { retainKeys: true }),
    ...(defaultText !== undefined && { defaultValue: readDefault(defaultText) }),
  };
}

function readDefault(text: string): JsonValue {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}

const scalars: Readonly<Record<string, SchemaType>> = {
  string: { kind: 'string' },
  bool: { kind: 'boolean' },
  i32: { kind: 'integer', bits: 32 },
  i64: { kind: 'integer', bits: 64 },
  f64: { kind: 'number' },
  bytes: { kind: 'bytes' },
  any: { kind: 'any' },
  schemas: { kind: 'any', schema: 'schemas' },
  'schema|bool': { kind: 'any', schema: 'bool' },
  'schema|strings': { kind: 'any', schema: 'strings' },
  Quantity: { kind: 'quantity' },
  IntOrString: { kind: 'intOrString' },
  Time: { kind: 'time', micro: false },
  MicroTime: { kind: 'time', micro: true },
};

function readType(text: string, home: string): SchemaType {
  if (text.startsWith('[]')) return { kind: 'list', items: readType(text.slice(2), home) };
  if (text.startsWith('{}')) return { kind: 'map', values: readType(text.slice(2), home) };
  return scalars[text] ?? { kind: 'object', definition: text.startsWith('.') ? home + text.slice(1) : text };
}

/** As what a schema in a form is decoded, which shows in how it begins. */
export function schemaFormType(form: SchemaForm, given: JsonValue): SchemaType {
  const schema: SchemaType = { kind: 'object', definition: 'apiextensions.v1.JSONSchemaProps' };
  if (isObject(given)) return schema;
  if (form === 'bool') return { kind: 'boolean' };
  if (isList(given)) return { kind: 'list', items: form === 'strings' ? { kind: 'string' } : schema };
  return { kind: 'any' };
}

/** Go's name of a type where the table gives none. */
export function goTypeOf(type: SchemaType): string {
  switch (type.kind) {
    case 'list':
      return `[]${goTypeOf(type.items)}`;
    case 'map':
      return `map[string]${goTypeOf(type.values)}`;
    case 'object': {
      const [, version = '', name = ''] = type.definition.split('.');
      return `${version}.${name}`;
    }
    case 'integer':
      return `int${type.bits}`;
    default:
      return goScalars[type.kind];
  }
}

const goScalars = {
  string: 'string',
  boolean: 'bool',
  number: 'float64',
  bytes: '[]uint8',
  quantity: 'resource.Quantity',
  intOrString: 'int32',
  time: 'string',
  any: 'runtime.RawExtension',
} as const;
