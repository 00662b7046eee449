// The resources that the API server serves: what a path's group, version and plural name lead to.
import { apiVersionText } from '../../api/resource.ts';
import type { Decoded } from '../../api/schema/decode.ts';
import { definitionName } from '../../api/schema/schema.ts';
import type { JsonValue } from '../../base/json.ts';
import {
  builtInGroups,
  builtInResources,
  type CatalogGroup,
  type CatalogResource,
  type CatalogSubresource,
} from '../../kinds/catalog.ts';
import type { Schema } from '../../kinds/custom/schema-node.ts';
import type { Kind } from '../../kinds/kind.ts';
import { kinds } from '../../kinds/kinds.ts';
import type { Conversion, Converter } from './conversion.ts';
import { conversions } from './conversions.ts';
import { customGroups } from './custom/custom-groups.ts';

/** One resource in one version. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  /** Plural, lower case. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly rules: Kind;
  /** Names the place in storage; shared by all versions of one resource. */
  readonly storage: string;
  /** The version that objects are stored in, where it is another than this one: `autoscaling/v2`. */
  readonly storedAs?: string | undefined;
  /** `apps/v1`. */
  readonly apiVersion: string;
  readonly verbs: readonly string[];
  readonly subresources: readonly CatalogSubresource[];
  /** Its schema, e.g. `core.v1.Pod`; absent for custom resources. */
  readonly definition?: string | undefined;
  /** Between the stored form and this version's; absent: they are the same. */
  readonly conversion?: Conversion | undefined;
  /** What a client is told with every answer. */
  readonly warnings?: readonly string[] | undefined;
  /** Set where a webhook makes other versions of its objects. */
  readonly converter?: Converter | undefined;
  /** What only custom resources have. */
  readonly custom?: CustomPart | undefined;
}

/** The kind of a list of its objects. */
export function listKindOf({ kind, custom }: Pick<ServedResource, 'kind' | 'custom'>): string {
  return custom?.listKind ?? `${kind}List`;
}

/** What a definition says of one version of its resource. */
export interface CustomPart {
  readonly names: Pick<CatalogResource, 'singular' | 'shortNames' | 'categories'>;
  /** What its objects name as their version. */
  readonly apiVersion: string;
  /** The kind of its lists. */
  readonly listKind: string;
  readonly schema: Schema;
  /** Whether discovery tells of it: not before it is established. */
  readonly listed: boolean;
  /** When it was established. */
  readonly sinceMs: number;
  /** Its definition is being deleted. */
  readonly terminating: boolean;
  /** What a client is told with every answer: the version is deprecated. */
  readonly warning: string | undefined;
  /** A body as this resource: pruned, in order, defaulted. Throws DecodeError. */
  decode(value: JsonValue): Decoded;
}

/** Finds resources; custom resources come and go. */
export class ResourceRegistry {
  private readonly byPath = new Map<string, ServedResource>();
  private readonly listeners: (() => void)[] = [];
  private readonly builtInGroups = new Set(builtInGroups().map(({ group }) => group));

  constructor() {
    for (const resource of builtIn()) this.byPath.set(pathKey(resource), resource);
  }

  find(group: string, version: string, resource: string): ServedResource | undefined {
    return this.byPath.get(`${group}/${version}/${resource}`);
  }

  /** Whether a group is one of Kubernetes' own. */
  hasBuiltInGroup(group: string): boolean {
    return this.builtInGroups.has(group);
  }

  /** The groups that discovery tells of, built-in ones first. */
  groups(): readonly CatalogGroup[] {
    const custom = [...this.byPath.values()].filter((resource) => resource.custom?.listed);
    return custom.length === 0 ? builtInGroups() : [...builtInGroups(), ...customGroups(custom)];
  }

  all(): Iterable<ServedResource> {
    return this.byPath.values();
  }

  add(resource: ServedResource): void {
    this.byPath.set(pathKey(resource), resource);
    for (const listener of this.listeners) listener();
  }

  remove(resource: ServedResource): void {
    this.byPath.delete(pathKey(resource));
    for (const listener of this.listeners) listener();
  }

  /** Calls when resources were added or removed. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
}

function pathKey({ group, version, resource }: { group: string; version: string; resource: string }): string {
  return `${group}/${version}/${resource}`;
}

/** Built-in versions that are on their way out. */
const deprecations: ReadonlyMap<string, readonly string[]> = new Map([
  ['/v1/componentstatuses', ['v1 ComponentStatus is deprecated in v1.19+']],
  ['/v1/endpoints', ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']],
]);

function builtIn(): readonly ServedResource[] {
  const rules = new Map(kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind]));
  return builtInResources().map((resource) => {
    const { group, version, kind } = resource;
    return {
      group,
      version,
      resource: resource.resource,
      kind,
      namespaced: resource.namespaced,
      rules: rules.get(`${group}/${kind}`) ?? { group, kind },
      storage: `${group}/${resource.resource}`,
      apiVersion: apiVersionText(resource),
      verbs: resource.verbs,
      subresources: resource.subresources,
      definition: definitionName(resource),
      warnings: deprecations.get(`${group}/${version}/${resource.resource}`),
      ...conversions[`${group}/${version}/${resource.resource}`],
    };
  });
}
