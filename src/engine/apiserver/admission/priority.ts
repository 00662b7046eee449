// Priority: a pod's priority class becomes its priority number and preemption policy.
import type { PodSpec, PriorityClass } from '../../../api/generated/types.ts';
import { forbidden } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { change, fill } from '../../../kinds/share.ts';
import { refusal } from './admission-request.ts';
import type { AdmissionLookups, AdmissionPlugin } from './plugin.ts';
import { asPod, isPodCreate, isPodUpdate, SpecCompletion } from './pod-spec.ts';

const noClass: PriorityClass = { value: 0, preemptionPolicy: 'PreemptLowerPriority' };

const completion = new SpecCompletion((spec: PodSpec, facts: object) => {
  const { value, preemptionPolicy = 'PreemptLowerPriority', metadata } = facts as PriorityClass; // edge: see admit
  const name = metadata?.name;
  if (spec.priority === value && spec.preemptionPolicy === preemptionPolicy && spec.priorityClassName === name)
    return spec;
  return { ...spec, ...(name ? { priorityClassName: name } : {}), priority: value, preemptionPolicy };
});

export const priority: AdmissionPlugin = {
  name: 'Priority',
  admit(object, attributes) {
    const { resource, lookups, name, old } = attributes;
    if (isPodUpdate(attributes) && old) return withPriorityOf(old, object);
    if (isPodCreate(attributes)) {
      const spec = asPod(object).spec;
      const found = classOf(spec?.priorityClassName, lookups);
      if (!found) {
        throw forbidden(resource, name, `no PriorityClass with name ${spec?.priorityClassName} was found`);
      }
      if (spec?.priority !== undefined && spec.priority !== found.value) {
        const text = `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${found.value} from the given PriorityClass name`;
        throw forbidden(resource, name, text);
      }
      const { preemptionPolicy: policy = 'PreemptLowerPriority' } = found;
      if (spec?.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
        const text = `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`;
        throw forbidden(resource, name, text);
      }
      return completion.apply(object, found, lookups);
    }
    return object;
  },
  validate(object, attributes) {
    const { resource, operation, subresource, lookups } = attributes;
    if (!object || resource.group !== 'scheduling.k8s.io' || resource.resource !== 'priorityclasses') return;
    if (subresource || !asClass(object)?.globalDefault) return;
    const known = defaultClass(lookups)?.metadata?.name;
    if (known === undefined || (operation === 'update' && known === object.metadata?.name)) return;
    const text = `PriorityClass ${known} is already marked as default. Only one default can exist`;
    throw refusal(attributes, object, text);
  },
};

/** What an update leaves out stays. */
function withPriorityOf(old: StoredObject, object: StoredObject): StoredObject {
  const { priority, preemptionPolicy } = asPod(old).spec ?? {};
  const before = { ...(priority !== undefined && { priority }), ...(preemptionPolicy && { preemptionPolicy }) };
  return change(asPod(object), 'spec', (spec) => fill(spec, before));
}

function classOf(name: string | undefined, lookups: AdmissionLookups): PriorityClass | undefined {
  if (name) return asClass(lookups.get('priorityclasses.scheduling.k8s.io', undefined, name));
  return defaultClass(lookups) ?? noClass;
}

/** The least of those that call themselves default. */
function defaultClass(lookups: AdmissionLookups): PriorityClass | undefined {
  let chosen: PriorityClass | undefined;
  for (const object of lookups.list('priorityclasses.scheduling.k8s.io')) {
    const candidate = asClass(object);
    if (candidate?.globalDefault && (!chosen || (candidate.value ?? 0) < (chosen.value ?? 0))) chosen = candidate;
  }
  return chosen;
}

function asClass(object: StoredObject | undefined): PriorityClass | undefined {
  return object as PriorityClass | undefined; // edge: an object of the priorityclasses resource
}
