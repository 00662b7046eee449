// What CustomResourceDefinitions may be. Messages name fields as upstream's internal form has them: what all versions
// share stands at the top of the spec (`spec.validation`, `spec.subresources`, …).
import { invalid, notSupported, required, Verbatim } from '../../api/field-error.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  JSONSchemaProps,
  SelectableField,
} from '../../api/generated/types.ts';
import { goJson } from '../../api/go-format.ts';
import { type Complaints, dns1035Label, dns1123Subdomain } from '../../api/names.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { isPrintable } from '../../base/go/quote.ts';
import { equal } from '../../base/json.ts';
import { approvalAnnotation, approvalOf, isProtectedGroup } from '../custom/api-approval.ts';
import { itemsOf, propertiesOf, type Schema, someSchema, valuesOf } from '../custom/schema-node.ts';
import { effectiveFormat } from '../custom/string-formats.ts';
import { internalForm } from '../internal-form.ts';
import { type Errors, immutable, shown } from './checks.ts';
import { validateConversion } from './custom-resource-conversion.ts';
import { type Leniency, leniencyOf, strict } from './definition-leniency.ts';
import { validateSchema } from './json-schemas.ts';
import { validateSelectable } from './selectable-fields.ts';
import { structuralProblem } from './structural-schemas.ts';

/** Adds what is wrong with a definition, or with its change from `old`. */
export function validateDefinition(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: Errors,
): void {
  const { spec, status, metadata } = definition;
  const name = metadata?.name ?? '';
  if (!old && name !== '' && name !== `${spec.names.plural}.${spec.group}`)
    errors.push(invalid('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  const leniency = old ? leniencyOf(definition, old) : strict;
  validateSpec(definition, leniency, errors);
  if (old) {
    if (leniency.names) {
      immutable(errors, 'spec.scope', spec.scope, old.spec.scope);
      immutable(errors, 'spec.names.kind', spec.names.kind, old.spec.names.kind);
    }
    immutable(errors, 'spec.group', spec.group, old.spec.group);
    immutable(errors, 'spec.names.plural', spec.names.plural, old.spec.names.plural);
  }
  validateNames(status?.acceptedNames ?? { plural: '', kind: '' }, 'status.acceptedNames', errors);
  validateStoredVersions(definition, errors);
  validateApproval(definition, old, errors);
  if (spec.preserveUnknownFields && !old?.spec.preserveUnknownFields) {
    const text =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    errors.push(invalid('spec.preserveUnknownFields', true, text));
  }
}

/** Adds what is wrong with names, wanted or accepted ones. */
export function validateNames(names: CustomResourceDefinitionNames, field: string, errors: Errors): void {
  const { plural, singular = '', kind, listKind = '', shortNames = [], categories = [] } = names;
  const check = (at: string, value: string, { mixed = false } = {}): void => {
    const complaints = dns1035Label(mixed ? value.toLowerCase() : value);
    if (complaints.length === 0) return;
    const prefix = mixed ? 'may have mixed case, but should otherwise match: ' : '';
    errors.push(invalid(`${field}.${at}`, value, prefix + complaints.join(',')));
  };
  if (plural !== '') check('plural', plural);
  if (singular !== '') check('singular', singular);
  if (kind !== '') check('kind', kind, { mixed: true });
  if (listKind !== '') check('listKind', listKind, { mixed: true });
  for (const [i, name] of shortNames.entries()) check(`shortNames[${i}]`, name);
  if (kind !== '' && kind === listKind)
    errors.push(invalid(`${field}.listKind`, listKind, 'kind and listKind may not be the same'));
  for (const [i, category] of categories.entries()) check(`categories[${i}]`, category);
}

/** Formats in the schemas of a definition that are not looked at, each once. */
export function unrecognizedFormats({ spec }: CustomResourceDefinition): readonly string[] {
  const found = new Set<string>();
  const visit = (schema: Schema | undefined): void => {
    if (!schema) return;
    if (schema.format && effectiveFormat(schema.type ? [schema.type] : [], schema.format) === '')
      found.add(schema.format);
    for (const [, property] of propertiesOf(schema)) visit(property);
    visit(itemsOf(schema));
    visit(valuesOf(schema));
  };
  for (const { schema } of spec.versions) visit(schema?.openAPIV3Schema);
  return [...found];
}

/** What all versions have in common, and the versions without it. */
interface InternalSpec {
  readonly schema: JSONSchemaProps | undefined;
  readonly subresources: CustomResourceSubresources | undefined;
  readonly columns: readonly CustomResourceColumnDefinition[];
  readonly selectableFields: readonly SelectableField[];
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

function internalSpec(versions: readonly CustomResourceDefinitionVersion[]): InternalSpec {
  const [first] = versions;
  const same = (key: keyof CustomResourceDefinitionVersion): boolean =>
    versions.every((version) => equal(version[key], first?.[key]));
  const shared = {
    schema: same('schema'),
    subresources: same('subresources'),
    additionalPrinterColumns: same('additionalPrinterColumns'),
    selectableFields: same('selectableFields'),
  };
  return {
    schema: shared.schema ? first?.schema?.openAPIV3Schema : undefined,
    subresources: shared.subresources ? first?.subresources : undefined,
    columns: (shared.additionalPrinterColumns ? first?.additionalPrinterColumns : undefined) ?? [],
    selectableFields: (shared.selectableFields ? first?.selectableFields : undefined) ?? [],
    versions: versions.map((version) => ({
      ...version,
      ...(shared.schema && { schema: undefined }),
      ...(shared.subresources && { subresources: undefined }),
      ...(shared.additionalPrinterColumns && { additionalPrinterColumns: undefined }),
      ...(shared.selectableFields && { selectableFields: undefined }),
    })),
  };
}

function validateSpec({ spec }: CustomResourceDefinition, leniency: Leniency, errors: Errors): void {
  const internal = internalSpec(spec.versions);
  const { versions } = internal;
  validateGroup(spec.group, errors);
  if (spec.scope === '') errors.push(required('spec.scope'));
  else if (spec.scope !== 'Cluster' && spec.scope !== 'Namespaced')
    errors.push(notSupported('spec.scope', spec.scope, ['Cluster', 'Namespaced']));
  const pruning = !spec.preserveUnknownFields;
  if (!internal.schema)
    for (const [i, { schema, served }] of versions.entries()) {
      const field = `spec.versions[${i}].schema.openAPIV3Schema`;
      if (schema?.openAPIV3Schema) continue;
      if (leniency.schemas) errors.push(required(field));
      else if (pruning && served) errors.push(required(field, 'because otherwise all fields are pruned'));
    }
  const structural =
    leniency.structural || pruning || anySchema(spec, (node) => node.default !== undefined || isExtended(node));
  if (!pruning && anySchema(spec, (node) => node.default !== undefined))
    errors.push(invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema'));
  const rules: Leniency = { ...leniency, structural };
  for (const [i, version] of versions.entries()) {
    const field = `spec.versions[${i}]`;
    const complaints = dns1035Label(version.name);
    if (complaints.length > 0) errors.push(invalid(`${field}.name`, version.name, complaints.join(',')));
    const perVersion = versions.some(({ subresources }) => subresources !== undefined);
    const status = hasStatus(perVersion ? version.subresources : internal.subresources);
    validateVersion(version, { field, status, leniency: rules }, errors);
  }
  const all = (): Verbatim => {
    const texts = versions.map((one) => internalForm('CustomResourceDefinitionVersion', one).text);
    return new Verbatim(texts.length === 0 ? 'null' : `[${texts.join(',')}]`);
  };
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalid('spec.versions', all(), 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalid('spec.versions', all(), 'must have exactly one version marked as storage version'));
  const first = versions[0]?.name ?? '';
  const complaints = first === '' ? [] : dns1035Label(first);
  if (complaints.length > 0) errors.push(invalid('spec.version', first, complaints.join(',')));
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!spec.names[name]) errors.push(required(`spec.names.${name}`));
  validateNames(spec.names, 'spec.names', errors);
  const status = spec.versions.some(({ subresources }) => hasStatus(subresources));
  const unchanged = leniency.unchanged.has(first);
  const place = { field: 'spec.validation', status, leniency: rules, unchanged };
  if (internal.schema) validateSchema(internal.schema, place, errors);
  validateSubresources(internal.subresources, 'spec.subresources', errors);
  validateColumns(internal.columns, 'spec.additionalPrinterColumns', errors);
  validateSharedFields(spec, internal, errors);
  if (!pruning && spec.conversion && spec.conversion.strategy !== 'None') {
    const text = 'must be None if spec.preserveUnknownFields is true';
    errors.push(invalid('spec.conversion.strategy', spec.conversion.strategy, text));
  }
  validateConversion(spec.conversion, leniency, errors);
}

type Spec = CustomResourceDefinition['spec'];

function validateSharedFields({ versions }: Spec, internal: InternalSpec, errors: Errors): void {
  const fields = internal.selectableFields;
  const shared = versions.every(({ schema }) => equal(schema, versions[0]?.schema)) && versions[0]?.schema;
  if (fields.length === 0) return;
  if (!shared) {
    errors.push(invalid('spec.selectableFields', '', 'may only be set when validations.schema is included'));
    return;
  }
  const problem = internal.schema && structuralProblem(internal.schema);
  if (problem !== undefined) errors.push(invalid('spec.schema.openAPIV3Schema', '', problem));
  validateSelectable(fields, { field: 'spec.selectableFields', schema: internal.schema, many: false }, errors);
}

function anySchema({ versions }: Spec, holds: (node: Schema) => boolean): boolean {
  return versions.some(({ schema }) => someSchema(schema?.openAPIV3Schema, holds));
}

function isExtended(schema: Schema): boolean {
  return extensions.some((key) => schema[key] !== undefined);
}

const extensions = [
  'x-kubernetes-embedded-resource',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
  'x-kubernetes-validations',
] as const;

function validateGroup(group: string, errors: Errors): void {
  const complaints: Complaints = group === '' ? [] : dns1123Subdomain(group);
  if (group === '') errors.push(required('spec.group'));
  else if (complaints.length > 0) errors.push(invalid('spec.group', group, complaints.join(',')));
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
}

function hasStatus(subresources: CustomResourceSubresources | undefined): boolean {
  return Boolean(subresources?.status);
}

function validateVersion(
  version: CustomResourceDefinitionVersion,
  { field, status, leniency }: { readonly field: string; readonly status: boolean; readonly leniency: Leniency },
  errors: Errors,
): void {
  const { deprecationWarning: warning, selectableFields = [] } = version;
  for (const complaint of warningComplaints(version))
    errors.push(invalid(`${field}.deprecationWarning`, new Verbatim(goJson(warning ?? '')), complaint));
  const schema = version.schema?.openAPIV3Schema;
  const unchanged = leniency.unchanged.has(version.name);
  if (schema) validateSchema(schema, { field: `${field}.schema`, status, leniency, unchanged }, errors);
  validateSubresources(version.subresources, `${field}.subresources`, errors);
  validateColumns(version.additionalPrinterColumns ?? [], `${field}.additionalPrinterColumns`, errors);
  if (selectableFields.length === 0) return;
  const at = `${field}.selectableFields`;
  if (!schema) {
    errors.push(invalid(at, '', 'may only be set when `version.schema.openAPIV3Schema` is not included'));
    return;
  }
  const problem = structuralProblem(schema);
  if (problem !== undefined) errors.push(invalid(`${field}.schema.openAPIV3Schema`, '', problem));
  validateSelectable(selectableFields, { field: at, schema, many: leniency.manyFields.has(version.name) }, errors);
}

/** What is wrong with the warning that users of a deprecated version get. */
function warningComplaints({ deprecated, deprecationWarning: text }: CustomResourceDefinitionVersion): Complaints {
  if (text === undefined) return [];
  if (!deprecated) return ['can only be set for deprecated versions'];
  const complaints: string[] = [];
  if (encodeUtf8(text).length > 256) complaints.push('must be <= 256 characters long');
  if (text === '') complaints.push('must not be an empty string');
  const odd = [...text].findIndex((character) => !isPrintable(character));
  if (odd < 0) return complaints;
  const index = encodeUtf8([...text].slice(0, odd).join('')).length;
  const rule = 'must only contain printable UTF-8 characters';
  return [...complaints, `${rule}; non-printable character found at index ${index}`];
}

function validateSubresources(
  subresources: CustomResourceSubresources | undefined,
  field: string,
  errors: Errors,
): void {
  const { scale } = subresources ?? {};
  if (!scale) return;
  const check = (name: string, path: string | undefined, roots: readonly string[], where: string): void => {
    const at = `${field}.scale.${name}`;
    if (!path) errors.push(required(at));
    else if (!simple(path, at, errors)) return;
    else if (!roots.some((root) => path.startsWith(root)))
      errors.push(invalid(at, path, `should be a json path under ${where}`));
  };
  check('specReplicasPath', scale.specReplicasPath, ['.spec.'], '.spec');
  check('statusReplicasPath', scale.statusReplicasPath, ['.status.'], '.status');
  if (scale.labelSelectorPath)
    check('labelSelectorPath', scale.labelSelectorPath, ['.spec.', '.status.'], 'either .spec or .status');
}

function simple(path: string, field: string, errors: Errors): boolean {
  if (path.startsWith('.')) return true;
  errors.push(invalid(field, path, 'must be a simple json path starting with .'));
  return false;
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function validateColumns(columns: readonly CustomResourceColumnDefinition[], field: string, errors: Errors): void {
  for (const [i, { name, type, format, jsonPath }] of columns.entries()) {
    const at = `${field}[${i}]`;
    const types = `must be one of ${columnTypes.join(',')}`;
    if (!name) errors.push(required(`${at}.name`));
    if (!type) errors.push(required(`${at}.type`, types));
    else if (!columnTypes.includes(type)) errors.push(invalid(`${at}.type`, type, types));
    if (format && !columnFormats.includes(format))
      errors.push(invalid(`${at}.format`, format, `must be one of ${columnFormats.join(',')}`));
    if (!jsonPath) errors.push(required(`${at}.JSONPath`));
    else simple(jsonPath, `${at}.JSONPath`, errors);
  }
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition, errors: Errors): void {
  const stored = status?.storedVersions ?? [];
  const field = 'status.storedVersions';
  if (stored.length === 0) {
    errors.push(invalid(field, status?.storedVersions ? [] : null, 'must have at least one stored version'));
    return;
  }
  const left = new Set(stored);
  for (const { name, storage } of spec.versions) {
    const known = left.delete(name);
    if (storage && !known) errors.push(invalid(field, shown(stored), `must have the storage version ${name}`));
  }
  for (const [i, name] of stored.entries()) {
    if (!left.has(name)) continue;
    const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(`${field}[${i}]`, name, text));
  }
}

function validateApproval(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  errors: Errors,
): void {
  if (!isProtectedGroup(definition.spec.group)) return;
  const { state, reason } = approvalOf(definition);
  if (old && approvalOf(old).state === state) return;
  const field = `metadata.annotations[${approvalAnnotation}]`;
  if (state === 'missing') errors.push(required(field, reason));
  if (state === 'invalid') errors.push(invalid(field, definition.metadata?.annotations?.[approvalAnnotation], reason));
}
