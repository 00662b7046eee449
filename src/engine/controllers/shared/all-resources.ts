// Every resource whose objects are stored and can be deleted: built-in ones and those of custom resource definitions.
import * as builtIn from '../../../api/generated/resources.ts';
import type { CustomResourceDefinition } from '../../../api/generated/types.ts';
import type { KubeObject } from '../../../api/meta.ts';
import type { Resource } from '../../../api/resource.ts';

/** Answers without objects behind them, and second names of what is listed under another. */
const notStored: readonly Resource<KubeObject>[] = [
  builtIn.bindings,
  builtIn.componentStatuses,
  builtIn.events,
  builtIn.horizontalPodAutoscalersV1,
  builtIn.localSubjectAccessReviews,
  builtIn.selfSubjectAccessReviews,
  builtIn.selfSubjectReviews,
  builtIn.selfSubjectRulesReviews,
  builtIn.subjectAccessReviews,
  builtIn.tokenReviews,
];

export const storedResources: readonly Resource<KubeObject>[] = Object.values<Resource<KubeObject>>(builtIn).filter(
  (resource) => !notStored.includes(resource),
);

/** The resource that a definition serves; undefined until it is established. */
export function customResource(definition: CustomResourceDefinition): Resource<KubeObject> | undefined {
  const established = definition.status?.conditions?.some(
    ({ type, status }) => type === 'Established' && status === 'True',
  );
  const version = definition.spec.versions.find(({ served }) => served);
  if (!established || !version) return undefined;
  const { group, names, scope } = definition.spec;
  return {
    group,
    version: version.name,
    resource: names.plural,
    kind: names.kind,
    namespaced: scope === 'Namespaced',
  };
}
