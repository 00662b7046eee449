// CustomResourceDefinitions: what users add to the API.
import type {
  CustomResourceConversion,
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
} from '../api/generated/types.ts';
import { equal } from '../base/json.ts';
import { createdAtColumns } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { fillZero } from './share.ts';

/** Holds a definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  ...specGeneration,
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  unconditionalUpdate: false,
  deletionFinalizers: [cleanupFinalizer],
  defaults(given) {
    const definition = given.spec.versions ? given : { ...given, spec: { ...given.spec, versions: [] } };
    const { names, conversion: wanted = { strategy: 'None' } } = definition.spec;
    const conversion = withoutEmptyWebhook(wanted);
    const filled = fillZero(names, {
      singular: names.kind.toLowerCase(),
      ...(names.kind !== '' && { listKind: `${names.kind}List` }),
    });
    const { spec } = definition;
    if (filled === names && spec.conversion === conversion) return definition;
    return { ...definition, spec: { ...spec, conversion, names: filled } };
  },
  prepareForCreate: (definition) => withStoredVersion({ ...definition, status: emptyStatus }),
  prepareForUpdate: (definition, old) => withStoredVersion({ ...definition, status: old.status }),
  prepareForStatusUpdate: (definition, old) => ({ ...definition, spec: old.spec }),
  markDeleted(definition) {
    const conditions = definition.status?.conditions ?? [];
    const { deletionTimestamp } = definition.metadata ?? {};
    const condition = {
      type: 'Terminating',
      status: 'True',
      lastTransitionTime: deletionTimestamp,
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    };
    const others = conditions.filter(({ type }) => type !== 'Terminating');
    return { ...definition, status: { ...definition.status, conditions: [...others, condition] } };
  },
  columns: createdAtColumns,
});

/** Upstream's own form has a webhook's parts only. */
function withoutEmptyWebhook(conversion: CustomResourceConversion): CustomResourceConversion {
  const { webhook, ...rest } = conversion;
  if (!webhook) return conversion;
  return webhook.clientConfig || (webhook.conversionReviewVersions ?? []).length > 0 ? conversion : rest;
}

const noNames: CustomResourceDefinitionNames = { plural: '', kind: '' };
const noConditions = null as unknown as readonly CustomResourceDefinitionCondition[]; // edge: Go's nil
const noVersions = null as unknown as readonly string[]; // edge: Go's nil
const emptyStatus = { conditions: noConditions, acceptedNames: noNames, storedVersions: noVersions };

/** Remembers that objects were stored in the version that now is the storage version. */
function withStoredVersion(definition: CustomResourceDefinition): CustomResourceDefinition {
  const storage = definition.spec.versions.find((version) => version.storage)?.name;
  const stored = definition.status?.storedVersions ?? [];
  if (storage === undefined || stored.includes(storage)) return definition;
  const storedVersions = [...stored, storage];
  if (equal(storedVersions, stored)) return definition;
  return { ...definition, status: { ...definition.status, storedVersions } };
}
