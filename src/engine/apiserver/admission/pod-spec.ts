// For plugins that complete a pod's spec: replicas of one template get one and the same completed spec.
import type { Pod, PodSpec } from '../../../api/generated/types.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { AdmissionLookups, Attributes } from './plugin.ts';

export function isPodCreate(attributes: Attributes): boolean {
  return attributes.operation === 'create' && isPod(attributes);
}

/** `part`: a subresource that counts as well. */
export function isPodWrite(attributes: Attributes, part?: string): boolean {
  const { operation, subresource } = attributes;
  if (operation !== 'create' && operation !== 'update') return false;
  return isPod(attributes) || (part !== undefined && subresource === part && isOfPods(attributes));
}

export function isPodUpdate({ operation, resource, request }: Attributes): boolean {
  return operation === 'update' && resource.group === '' && resource.resource === 'pods' && !request.subresource;
}

/** A pod's containers grow or shrink in place. */
export function isPodResize({ operation, resource, subresource }: Attributes): boolean {
  return operation === 'update' && resource.group === '' && resource.resource === 'pods' && subresource === 'resize';
}

export function asPod(object: StoredObject): Pod {
  return object as Pod; // edge: only for objects of the pods resource
}

function isPod(attributes: Attributes): boolean {
  return isOfPods(attributes) && !attributes.request.subresource;
}

function isOfPods({ resource }: Attributes): boolean {
  return resource.group === '' && resource.resource === 'pods';
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
