// What an admission plugin is, and what it is given.
import type { ApiRequest } from '../../../api/request.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import type { Attributes as Access } from '../authorizer.ts';
import type { ServedResource } from '../served-resource.ts';

/** What plugins may look up: the server's own caches. */
export interface AdmissionLookups {
  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined;
  list(resource: string, namespace?: string): readonly StoredObject[];
  /** Puts an object in the place of another. False when that has changed meanwhile. */
  replace(resource: string, old: StoredObject, object: StoredObject): boolean;
  /** Five letters for a generated name. */
  randomSuffix(): string;
}

export interface Attributes {
  readonly operation: 'create' | 'update' | 'delete' | 'connect';
  readonly request: ApiRequest;
  readonly resource: ServedResource;
  readonly namespace: string;
  readonly name: string;
  /** What is there before an update or a deletion. */
  readonly old: StoredObject | undefined;
  readonly dryRun: boolean;
  readonly lookups: AdmissionLookups;
  /** Whether the user may do something else too. */
  mayUser(what: Access): boolean;
  warn(text: string): void;
}

export interface AdmissionPlugin {
  /** Upstream's name, as `--enable-admission-plugins` takes it. */
  readonly name: string;
  /** Returns the object to go on with: the same one where nothing is to be changed. */
  admit?(object: StoredObject, attributes: Attributes): StoredObject;
  /** Throws ApiError to refuse. `object` is undefined for a deletion. */
  validate?(object: StoredObject | undefined, attributes: Attributes): void;
}
