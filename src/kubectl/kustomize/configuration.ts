// Which fields transformers change: kustomize's own, and those that `configurations` and `crds` add.
import { parseYaml } from '../../api/yaml.ts';
import { objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import {
  annotationFields,
  imageFields,
  type NameReferences,
  nameFields,
  nameReferences,
  namespaceFields,
  replicaFields,
  selectorLabelFields,
  templateLabelFields,
  variableFields,
} from './default-fields.ts';
import { type FieldSpec, fieldSpecFrom, mergeSpecs } from './field-spec.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import { gvkFrom, isSameGvk } from './resource-id.ts';
import { compareGvk } from './sort-order.ts';

const specLists = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

type SpecLists = { readonly [Name in (typeof specLists)[number]]: readonly FieldSpec[] };

export interface Configuration extends SpecLists {
  readonly nameReference: readonly NameReferences[];
}

const none: Configuration = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  varReference: [],
  images: [],
  replicas: [],
  nameReference: [],
};

const defaults: Configuration = {
  namePrefix: nameFields,
  nameSuffix: nameFields,
  namespace: namespaceFields,
  commonLabels: selectorLabelFields,
  labels: [],
  templateLabels: templateLabelFields,
  commonAnnotations: annotationFields,
  varReference: variableFields,
  images: imageFields,
  replicas: replicaFields,
  nameReference: nameReferences,
};

export function configurationOf(settings: JsonObject, read: (path: string) => string): Configuration {
  const own = textsAt(settings, 'configurations').map((path) => fromText(read(path)));
  const crds = textsAt(settings, 'crds').map((path) => fromTypes(read(path), path));
  return [...own, ...crds].reduce(mergeConfigurations, defaults);
}

export const emptyConfiguration = none;

const titles: Partial<Record<(typeof specLists)[number], string>> = { namespace: 'NameSpace' };

export function mergeConfigurations(one: Configuration, other: Configuration): Configuration {
  const merged: [string, readonly FieldSpec[]][] = specLists.map((name) => [
    name,
    during(`failed to merge ${titles[name] ?? name.charAt(0).toUpperCase() + name.slice(1)} fieldSpec`, () =>
      [...mergeSpecs(one[name], other[name])].sort(compareGvk),
    ),
  ]);
  return {
    ...one,
    ...Object.fromEntries(merged),
    nameReference: mergeReferences(one.nameReference, other.nameReference),
  };
}

function mergeReferences(
  references: readonly NameReferences[],
  more: readonly NameReferences[],
): readonly NameReferences[] {
  const merged = [...references];
  for (const other of more) {
    const known = merged.findIndex((one) => isSameGvk(one, other));
    const held = merged[known];
    if (held) merged[known] = { ...held, fields: mergeSpecs(held.fields, other.fields) };
    else merged.push(other);
  }
  return merged;
}

function fromText(text: string): Configuration {
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new KustomizeError(`error converting YAML to JSON: ${problem}`);
  if (!isObject(value)) return none;
  for (const key of Object.keys(value).sort())
    if (key !== 'nameReference' && !specLists.some((name) => name === key))
      throw new KustomizeError(
        `error unmarshaling JSON: while decoding JSON: json: unknown field ${JSON.stringify(key)}`,
      );
  const read: [string, readonly FieldSpec[]][] = specLists.map((name) => [
    name,
    objectsAt(value, name).map(fieldSpecFrom),
  ]);
  const references = objectsAt(value, 'nameReference').map((entry) => ({
    ...gvkFrom(entry),
    fields: objectsAt(entry, 'fieldSpecs').map(fieldSpecFrom),
  }));
  return { ...none, ...Object.fromEntries(read), nameReference: references };
}

/** OpenAPI definitions of own types, whose extensions say what their fields mean. */
function fromTypes(text: string, path: string): Configuration {
  const { value, problem } = parseYaml(text);
  if (problem !== undefined) throw new KustomizeError(`unable to parse open API definition from '${path}': ${problem}`);
  if (!isObject(value)) return none;
  return Object.keys(value).reduce((all, name) => {
    const properties = propertiesOf(value, name);
    const isKind = ['kind', 'apiVersion', 'metadata'].every((field) => Object.hasOwn(properties, field));
    if (!isKind) return all;
    return mergeConfigurations(all, fromType(value, name, { kind: name.split('.').at(-1) ?? '', path: [] }));
  }, none);
}

function propertiesOf(types: JsonObject, name: string): JsonObject {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  return objectAt(type, 'Schema.properties') ?? objectAt(type, 'schema.properties') ?? {};
}

const depthMax = 50;

function fromType(
  types: JsonObject,
  name: string,
  { kind, path }: { readonly kind: string; readonly path: readonly string[] },
): Configuration {
  if (path.length > depthMax) return none;
  return Object.entries(propertiesOf(types, name)).reduce((all, [field, property]) => {
    if (!isObject(property)) return all;
    const here = [...path, field];
    const spec = (at: readonly string[]): FieldSpec => ({
      group: '',
      version: '',
      kind,
      path: at.join('/'),
      create: false,
    });
    const has = (extension: string) => typeof property[`x-kubernetes-${extension}`] === 'string';
    const extension = (word: string) => textAt(property, `x-kubernetes-${word}`);
    const refers = has('object-ref-api-version') && has('object-ref-kind');
    const reference: NameReferences = {
      group: '',
      version: extension('object-ref-api-version'),
      kind: extension('object-ref-kind'),
      fields: [spec([...here, extension('object-ref-name-key') || 'name'])],
    };
    const own: Configuration = {
      ...none,
      commonAnnotations: has('annotation') ? [spec(here)] : [],
      commonLabels: has('label-selector') ? [spec(here)] : [],
      namePrefix: has('identity') ? [spec(here)] : [],
      nameReference: refers ? [reference] : [],
    };
    const inner = fromType(types, textAt(property, '$ref'), { kind, path: here });
    return [own, inner].reduce(mergeConfigurations, all);
  }, none);
}
