// For plugins that complete a pod's spec: replicas of one template get one and the same completed spec.
import type { Pod, PodSpec } from '../../../api/generated/types.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionLookups, Attributes } from './plugin.ts';

export function isPodCreate(attributes: Attributes): boolean {
  return attributes.operation === 'create' && isPod(attributes);
}

export function isPodWrite(attributes: Attributes): boolean {
  return (attributes.operation === 'create' || attributes.operation === 'update') && isPod(attributes);
}

export function isPodUpdate({ operation, resource, request }: Attributes): boolean {
  return operation === 'update' && resource.group === '' && resource.resource === 'pods' && !request.subresource;
}

export function asPod(object: StoredObject): Pod {
  return object as Pod; // edge: only for objects of the pods resource
}

function isPod({ resource, request }: Attributes): boolean {
  return resource.group === '' && resource.resource === 'pods' && !request.subresource;
}

/** The pod with its spec run through `complete`, which is asked once for each spec and `facts` object. */
export class SpecCompletion {
  private readonly known = new WeakMap<object, WeakMap<PodSpec, PodSpec>>();

  constructor(private readonly complete: (spec: PodSpec, facts: object, lookups: AdmissionLookups) => PodSpec) {}

  apply(object: StoredObject, facts: object, lookups: AdmissionLookups): StoredObject {
    const { spec } = asPod(object);
    if (!spec) return object;
    let bySpec = this.known.get(facts);
    if (!bySpec) {
      bySpec = new WeakMap();
      this.known.set(facts, bySpec);
    }
    let completed = bySpec.get(spec);
    if (!completed) {
      completed = this.complete(spec, facts, lookups);
      bySpec.set(spec, completed);
    }
    return completed === spec ? object : { ...object, spec: completed };
  }
}
