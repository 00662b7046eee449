// The policies that are bound, ready to be asked: compiled once, and found again until one of them changes.
import type { ParamKind, ParamRef } from '../../../../api/generated/types.ts';
import { parseApiVersion } from '../../../../api/resource.ts';
import { selectorOf } from '../../../../api/selectors.ts';
import type { StoredObject } from '../../../../kinds/kind.ts';
import type { ServedResource } from '../../served-resource.ts';
import type { AdmissionLookups, Attributes } from '../plugin.ts';
import { perVersion } from '../version-cache.ts';

/** A policy with its bindings. */
export interface PolicyHook<P, B, C> {
  readonly policy: P;
  readonly bindings: readonly B[];
  readonly compiled: C;
}

/** How to read one sort of policies. */
export interface PolicySort<P, B, C> {
  readonly policies: string;
  readonly bindings: string;
  asPolicy(object: StoredObject): P;
  asBinding(object: StoredObject): B;
  policyName(binding: B): string;
  compile(policy: P): C;
}

/** What all hooks of one sort are, by the server that knows them. Upstream lets up to a second pass before. */
export function hookSource<P, B, C>(
  sort: PolicySort<P, B, C>,
): (lookups: AdmissionLookups) => readonly PolicyHook<P, B, C>[] {
  const compiled = new WeakMap<StoredObject, C>();
  const compile = (object: StoredObject): C => {
    const made = compiled.get(object) ?? sort.compile(sort.asPolicy(object));
    compiled.set(object, made);
    return made;
  };
  return perVersion((lookups) => {
    const bindings = lookups.list(sort.bindings).map(sort.asBinding);
    return lookups.list(sort.policies).flatMap((object) => {
      const own = bindings.filter((binding) => sort.policyName(binding) === object.metadata?.name);
      if (own.length === 0) return [];
      return [{ policy: sort.asPolicy(object), bindings: own, compiled: compile(object) }];
    });
  });
}

/** The policy or the binding makes no sense as it is configured. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** What serves a policy's parameters; undefined without parameters. Throws ConfigurationError. */
export function paramResource(kind: ParamKind | undefined, { lookups }: Attributes): ServedResource | undefined {
  if (!kind) return undefined;
  const found = lookups.resourceOfKind(kind.apiVersion ?? '', kind.kind ?? '');
  if (found) return found;
  const { group = '', version = '' } = parseApiVersion(kind.apiVersion ?? '') ?? {};
  const text = `${group}/${version}, Kind=${kind.kind}`;
  throw new ConfigurationError(`failed to find resource referenced by paramKind: '${text}'`);
}

/** The parameters of a binding; one undefined where it uses none. Throws ConfigurationError. */
export function paramsOf(
  resource: ServedResource | undefined,
  reference: ParamRef | undefined,
  { lookups, namespace: requested }: Attributes,
): readonly (StoredObject | undefined)[] {
  if (!resource || !reference) return [undefined];
  if (reference.namespace && !resource.namespaced)
    throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = resource.namespaced ? reference.namespace || requested : undefined;
  if (namespace === '') {
    const text = 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';
    throw new ConfigurationError(text);
  }
  const place = resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;
  const found = reference.name
    ? [lookups.get(place, namespace, reference.name)].filter((object) => object !== undefined)
    : selected(lookups.list(place, namespace), reference);
  if (found.length === 0 && reference.parameterNotFoundAction === 'Deny')
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  return found.map((object) => resource.conversion?.fromStored(object) ?? object);
}

function selected(objects: readonly StoredObject[], { selector }: ParamRef): readonly StoredObject[] {
  const compiled = selectorOf(selector);
  return objects.filter(({ metadata }) => compiled.matches(metadata?.labels));
}
