// RuntimeClass: a pod's runtime class must exist; its overhead and its nodes become the pod's.
import type { PodSpec, RuntimeClass } from '../../../api/generated/types.ts';
import { equal } from '../../../base/json.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { refusal } from './admission-request.ts';
import type { AdmissionPlugin, Attributes } from './plugin.ts';
import { asPod, isPodCreate, SpecCompletion } from './pod-spec.ts';
import { mergeTolerations } from './tolerations.ts';

const completion = new SpecCompletion((spec: PodSpec, facts: object) => {
  const { overhead, scheduling } = facts as RuntimeClass; // edge: admit passes a class
  return {
    ...spec,
    ...(overhead?.podFixed && { overhead: overhead.podFixed }),
    ...(scheduling?.nodeSelector && { nodeSelector: { ...spec.nodeSelector, ...scheduling.nodeSelector } }),
    ...(scheduling?.tolerations && { tolerations: mergeTolerations(spec.tolerations ?? [], scheduling.tolerations) }),
  };
});

export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit(object, attributes) {
    if (!isPodCreate(attributes)) return object;
    const found = classOf(object, attributes);
    if (!found) return object;
    const { overhead: set = {}, nodeSelector = {} } = asPod(object).spec ?? {};
    const { overhead, scheduling } = found;
    if (overhead && Object.keys(set).length > 0 && !equal(set, overhead.podFixed))
      throw refusal(attributes, object, mismatch);
    for (const [key, value] of Object.entries(scheduling?.nodeSelector ?? {}))
      if (Object.hasOwn(nodeSelector, key) && nodeSelector[key] !== value) {
        const text = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${nodeSelector[key]}`;
        throw refusal(attributes, object, text);
      }
    return completion.apply(object, found, attributes.lookups);
  },
  validate(object, attributes) {
    if (!object || !isPodCreate(attributes)) return;
    const { overhead } = asPod(object).spec ?? {};
    const defined = classOf(object, attributes)?.overhead;
    if (defined ? equal(overhead, defined.podFixed) : overhead === undefined) return;
    const unasked = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
    throw refusal(attributes, object, defined ? mismatch : unasked);
  },
};

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

function classOf(object: StoredObject, attributes: Attributes): RuntimeClass | undefined {
  const wanted = asPod(object).spec?.runtimeClassName;
  if (!wanted) return undefined;
  const found = attributes.lookups.get('runtimeclasses.node.k8s.io', undefined, wanted);
  if (!found) throw refusal(attributes, object, `pod rejected: RuntimeClass ${JSON.stringify(wanted)} not found`);
  return found as RuntimeClass; // edge: an object of that resource
}
