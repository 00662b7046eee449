// RuntimeClass: a pod's runtime class must exist; its overhead and its nodes become the pod's.
import type { PodSpec, RuntimeClass } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { asPod, isPodCreate, SpecCompletion } from './pod-spec.ts';

const completion = new SpecCompletion((spec: PodSpec, facts: object) => {
  const { overhead, scheduling } = facts as RuntimeClass; // edge: admit passes a class
  return {
    ...spec,
    ...(overhead?.podFixed && { overhead: overhead.podFixed }),
    ...(scheduling?.nodeSelector && { nodeSelector: { ...scheduling.nodeSelector, ...spec.nodeSelector } }),
    ...(scheduling?.tolerations && { tolerations: [...(spec.tolerations ?? []), ...scheduling.tolerations] }),
  };
});

export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit(object, attributes) {
    if (!isPodCreate(attributes)) return object;
    const wanted = asPod(object).spec?.runtimeClassName;
    if (!wanted) return object;
    const { lookups, resource, name } = attributes;
    const found = lookups.get('runtimeclasses.node.k8s.io', undefined, wanted);
    if (!found) throw forbidden(resource, name, `pod rejected: RuntimeClass ${JSON.stringify(wanted)} not found`);
    return completion.apply(object, found, lookups);
  },
};
