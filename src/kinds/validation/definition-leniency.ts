// What an update of a CustomResourceDefinition may leave wrong because it was wrong before.
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../api/generated/types.ts';
import { equal } from '../../base/json.ts';
import { prune } from '../custom/prune.ts';
import { asRoot, everySchema, isEmbedded, type Schema } from '../custom/schema-node.ts';
import { caBundleProblem } from './ca-bundle.ts';
import { listKeyErrors, setItemErrors } from './list-schemas.ts';
import { schemaTypes } from './schema-types.ts';
import { structuralErrors, structuralProblem } from './structural-schemas.ts';

/** Which of the younger rules hold, and what did not change. */
export interface Leniency {
  readonly schemas: boolean;
  readonly structural: boolean;
  readonly types: boolean;
  readonly prunedDefaults: boolean;
  readonly atomicSets: boolean;
  readonly listKeys: boolean;
  readonly reviewVersions: boolean;
  readonly names: boolean;
  readonly caBundle: boolean;
  /** Versions whose schema is as it was: their rules may cost what they did. */
  readonly unchanged: ReadonlySet<string>;
  /** Versions that may have too many selectable fields. */
  readonly manyFields: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** For a new definition. */
export const strict: Leniency = {
  schemas: true,
  structural: true,
  types: true,
  prunedDefaults: true,
  atomicSets: true,
  listKeys: true,
  reviewVersions: true,
  names: false,
  caBundle: false,
  unchanged: none,
  manyFields: none,
};

/** For a change of `old`. */
export function leniencyOf(definition: CustomResourceDefinition, old: CustomResourceDefinition): Leniency {
  const schemas = old.spec.versions.map(({ schema }) => schema?.openAPIV3Schema);
  const known = schemas.filter((schema) => schema !== undefined);
  const established = old.status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True');
  const oldBundle = old.spec.conversion?.webhook?.clientConfig?.caBundle;
  const reviews = old.spec.conversion?.webhook?.conversionReviewVersions ?? [];
  const same = (part: 'schema' | 'selectableFields') => namesWhere(definition, old, (a, b) => equal(a[part], b[part]));
  const many = ({ selectableFields = [] }: CustomResourceDefinitionVersion) =>
    selectableFields.length > selectableFieldsMax;
  const manyFields = namesWhere(definition, old, (_, before) => many(before));
  const every = (holds: (node: Schema) => boolean) => known.every((schema) => everySchema(schema, holds));
  return {
    schemas: schemas.every((schema) => schema !== undefined),
    structural: known.every(isStructural),
    types: every(({ type }) => !type || schemaTypes.includes(type)),
    prunedDefaults: known.every(hasPrunedDefaults),
    atomicSets: every((node) => node['x-kubernetes-list-type'] !== 'set' || setItemErrors(node, '').length === 0),
    listKeys: every((node) => listKeyErrors(node, '').length === 0),
    reviewVersions: reviews.length === 0 || reviews.some((version) => version === 'v1' || version === 'v1beta1'),
    names: established ?? false,
    caBundle: established === true && !(oldBundle && caBundleProblem(oldBundle) !== undefined),
    unchanged: new Set(same('schema')),
    manyFields: new Set(same('selectableFields').filter((name) => manyFields.includes(name))),
  };
}

/** No more fields of a version may be selectable. */
export const selectableFieldsMax = 8;

function namesWhere(
  { spec }: CustomResourceDefinition,
  old: CustomResourceDefinition,
  holds: (now: CustomResourceDefinitionVersion, before: CustomResourceDefinitionVersion) => boolean,
): readonly string[] {
  const pairs = spec.versions.map((now) => ({ now, before: old.spec.versions.find(({ name }) => name === now.name) }));
  return pairs.filter(({ now, before }) => before && holds(now, before)).map(({ now }) => now.name);
}

function isStructural(schema: Schema): boolean {
  return structuralProblem(schema) === undefined && structuralErrors(schema, '').length === 0;
}

function hasPrunedDefaults(schema: Schema): boolean {
  if (!isStructural(schema)) return true;
  return everySchema(asRoot(schema), (node) => {
    const { default: value } = node;
    return value === undefined || value === null || equal(prune(value, node, { root: isEmbedded(node) }).value, value);
  });
}
