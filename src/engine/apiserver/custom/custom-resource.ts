// From a definition to the resources that the API server serves for it.
import { fieldErrorText } from '../../../api/field-error.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../../api/generated/types.ts';
import { parseApiVersion } from '../../../api/resource.ts';
import { type Decoded, DecodeError, decode } from '../../../api/schema/decode.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { parseTime } from '../../../base/time.ts';
import type { CatalogSubresource } from '../../../kinds/catalog.ts';
import { malformedErrors } from '../../../kinds/custom/embedded-resources.ts';
import { prune, sorted } from '../../../kinds/custom/prune.ts';
import { withDefaults, withoutNulls } from '../../../kinds/custom/schema-defaults.ts';
import type { Schema } from '../../../kinds/custom/schema-node.ts';
import type { Kind, StoredObject } from '../../../kinds/kind.ts';
import { persisted } from '../../../kinds/persisted.ts';
import { remember } from '../../../kinds/share.ts';
import type { Conversion } from '../conversion.ts';
import { asJson, asStored } from '../json-edge.ts';
import type { ServedResource } from '../served-resource.ts';
import { customRules } from './custom-rules.ts';
import { isTrue } from './definition-conditions.ts';
import { type ConversionParts, WebhookConverter } from './webhook-converter.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const verbsAtTheEnd = ['delete', 'deletecollection', 'get', 'list', 'watch'];

/** One for each served version; none before its names are accepted. */
export function servedResources(
  definition: CustomResourceDefinition,
  parts: ConversionParts,
): readonly ServedResource[] {
  const { spec, status } = definition;
  const listed = isTrue(definition, 'Established');
  const names = status?.acceptedNames;
  if (!names || (!listed && !isTrue(definition, 'NamesAccepted'))) return [];
  const terminating = isTrue(definition, 'Terminating');
  const since = status?.conditions?.find(({ type }) => type === 'Established')?.lastTransitionTime;
  const { group, scope } = spec;
  const { plural, kind, singular = '', shortNames = [], categories = [] } = names;
  const converter = converterOf(spec, parts);
  return partsOf(spec).map(({ version, schema, rules, storedAs, conversion }) => ({
    group,
    version: version.name,
    resource: plural,
    kind,
    namespaced: scope === 'Namespaced',
    rules,
    storage: `${group}/${plural}`,
    apiVersion: `${group}/${version.name}`,
    verbs: terminating ? verbsAtTheEnd : verbs,
    subresources: subresourcesOf(version, { group, kind }),
    storedAs,
    conversion: converter ? convertedBy(converter, conversion, `${group}/${version.name}`) : conversion,
    converter,
    custom: {
      apiVersion: `${group}/${version.name}`,
      listKind: names.listKind ?? `${kind}List`,
      names: { singular, shortNames, categories },
      schema,
      listed,
      terminating,
      sinceMs: parseTime(since ?? '') ?? 0,
      warning: warningOf(version, { group, kind }),
      decode: (value) => decodeCustom(value, spec, schema),
    },
  }));
}

interface VersionPart {
  readonly version: CustomResourceDefinitionVersion;
  readonly schema: Schema;
  readonly rules: Kind;
  readonly storedAs: string;
  readonly conversion: Conversion;
}

/** What does not change as long as the spec does not. */
const partsOf = remember((spec: CustomResourceDefinition['spec']): readonly VersionPart[] => {
  const { group, versions, names } = spec;
  const stored = versions.find((version) => version.storage);
  const storedAs = `${group}/${stored?.name ?? ''}`;
  const storedSchema = schemaOf(spec, stored);
  return versions
    .filter(({ served }) => served)
    .map((version) => {
      const schema = schemaOf(spec, version);
      const rules = customRules({ group, kind: names.kind }, version, schema);
      const own = conversionOf(schema, `${group}/${version.name}`, storedAs);
      const unlike = !version.storage && spec.conversion?.strategy !== 'Webhook';
      const conversion = unlike
        ? throughStored(own, {
            schema,
            apiVersion: `${group}/${version.name}`,
            stored: conversionOf(storedSchema, storedAs, storedAs),
          })
        : own;
      return { version, schema, rules, storedAs, conversion };
    });
});

const converters = new WeakMap<CustomResourceDefinition['spec'], WebhookConverter>();

/** Whom to ask for other versions, once for each spec; undefined: nobody. */
function converterOf(spec: CustomResourceDefinition['spec'], parts: ConversionParts): WebhookConverter | undefined {
  const { strategy, webhook } = spec.conversion ?? {};
  if (strategy !== 'Webhook' || !webhook) return undefined;
  const converter = converters.get(spec) ?? new WebhookConverter(parts, webhook);
  converters.set(spec, converter);
  return converter;
}

/** Requests work on objects of their own version; only storage converts (see converted-storage.ts). */
function convertedBy(converter: WebhookConverter, { fromStored }: Conversion, apiVersion: string): Conversion {
  return {
    fromStored: (object) => fromStored(converter.convert([object], apiVersion)[0] ?? object),
    toStored: (object) => fromStored(object),
  };
}

function schemaOf(
  { preserveUnknownFields }: CustomResourceDefinition['spec'],
  version: CustomResourceDefinitionVersion | undefined,
): Schema {
  const own = version?.schema?.openAPIV3Schema ?? { 'x-kubernetes-preserve-unknown-fields': true };
  return preserveUnknownFields ? { ...own, 'x-kubernetes-preserve-unknown-fields': true } : own;
}

/** Of another version than the stored one: what the stored version has and defaults, as far as this one knows it. */
function throughStored(
  { toStored }: Conversion,
  { schema, apiVersion, stored }: { readonly schema: Schema; readonly apiVersion: string; readonly stored: Conversion },
): Conversion {
  return {
    fromStored: remember((object: StoredObject) => {
      const { value } = prune({ ...asJson(stored.fromStored(object)), apiVersion }, schema, { root: true });
      const whole = withoutNulls(value, schema);
      return isObject(whole) ? asStored(whole) : object;
    }),
    toStored,
  };
}

/** Versions differ in no more than their schemas: conversion None. */
function conversionOf(schema: Schema, apiVersion: string, storage: string): Conversion {
  const pruned = (object: StoredObject, version: string): JsonValue =>
    prune({ ...asJson(object), apiVersion: version }, schema, { root: true }).value;
  const filled = (object: StoredObject, value: JsonValue): StoredObject => {
    const whole = withDefaults(value, schema);
    return isObject(whole) ? asStored(whole) : object;
  };
  return {
    fromStored: remember((stored: StoredObject) => filled(stored, withoutNulls(pruned(stored, apiVersion), schema))),
    toStored: (object) => filled(object, pruned(object, storage)),
  };
}

/**
 * Metadata has a type of its own; the rest is what the schema of the version says that is sent, without a word where
 * it is something else altogether.
 */
function decodeCustom(value: JsonValue, spec: CustomResourceDefinition['spec'], own: Schema): Decoded {
  if (!isObject(value)) throw new DecodeError('the body is not an object');
  const { metadata, ...rest } = value;
  const problems: string[] = [];
  const parts: Record<string, JsonValue> = { ...rest };
  if (metadata !== undefined && metadata !== null) {
    const decoded = decode('meta.v1.ObjectMeta', metadata);
    problems.push(...decoded.problems.map((problem) => problem.replace('unknown field "', 'unknown field "metadata.')));
    parts.metadata = sorted(persisted('meta.v1.ObjectMeta', decoded.value));
  }
  const schema = sentSchema(value, spec, own);
  if (!schema) return { value: sorted(parts) as JsonObject, problems }; // edge: what is made of an object is one
  const { value: kept, unknown } = prune(parts, schema, { root: true });
  problems.push(...unknown.map((path) => `unknown field ${JSON.stringify(path)}`));
  const [malformed] = malformedErrors(schema, kept);
  if (malformed) throw new DecodeError(fieldErrorText(malformed));
  return { value: withoutNulls(kept, schema) as JsonObject, problems }; // edge: as above
}

/** Of the version that an object says it has; undefined: it says that it is something else. */
function sentSchema(
  { apiVersion, kind }: JsonObject,
  spec: CustomResourceDefinition['spec'],
  own: Schema,
): Schema | undefined {
  if (kind !== spec.names.kind) return undefined;
  const sent = typeof apiVersion === 'string' ? parseApiVersion(apiVersion) : undefined;
  if (sent?.group !== spec.group) return undefined;
  const version = spec.versions.find(({ name }) => name === sent.version);
  if (!version) return {};
  return version.schema?.openAPIV3Schema === undefined ? own : schemaOf(spec, version);
}

function subresourcesOf(
  { name: version, subresources }: CustomResourceDefinitionVersion,
  { group, kind }: { readonly group: string; readonly kind: string },
): readonly CatalogSubresource[] {
  const changes = ['get', 'patch', 'update'];
  return [
    ...(subresources?.status ? [{ name: 'status', group, version, kind, verbs: changes }] : []),
    ...(subresources?.scale
      ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: changes }]
      : []),
  ];
}

function warningOf(
  { name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
  { group, kind }: { readonly group: string; readonly kind: string },
): string | undefined {
  return deprecated ? (deprecationWarning ?? `${group}/${name} ${kind} is deprecated`) : undefined;
}
