// Names of resources and kinds, and typed handles of resources: what a typed client needs to know about `pods`.

/** A resource of the API whose objects have type T. The constants are in generated/resources.ts. */
export interface Resource<T> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, lower case, e.g. `pods`. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set: it carries T for the type checker. */
  readonly type?: T;
}

/** A resource without its version, e.g. `deployments` in `apps`. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** A kind without its version, e.g. `Deployment` in `apps`. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** Group, version and kind: what apiVersion and kind say together. */
export interface GroupVersionKind extends GroupKind {
  readonly version: string;
}

/** `deployments.apps`, or `pods` in the core group. */
export function groupResourceText({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** `Deployment.apps`, or `Pod` in the core group. */
export function groupKindText({ group, kind }: GroupKind): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** `apps/v1`, or `v1` in the core group: the form of apiVersion. */
export function apiVersionText({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Group and version of an apiVersion; undefined when it has more than one slash. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } | undefined {
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return { group: '', version: apiVersion };
  if (apiVersion.includes('/', slash + 1)) return undefined;
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
