// Kind and apiVersion of a resource's objects, as events and references name them.
import { apiVersionText, type Resource } from '../../../api/resource.ts';

export interface KindName {
  readonly kind: string;
  readonly apiVersion: string;
}

export function kindName<T>(resource: Resource<T>): KindName {
  return { kind: resource.kind, apiVersion: apiVersionText(resource) };
}
