// The groups of custom resources as discovery shows them: stable versions first.
import { compareText } from '../../../api/go-format.ts';
import type { CatalogGroup, CatalogResource, CatalogSubresource } from '../../../kinds/catalog.ts';

/** A custom resource as far as discovery wants to know. */
export interface DiscoveredResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly CatalogSubresource[];
  readonly custom?: { readonly names: Pick<CatalogResource, 'singular' | 'shortNames' | 'categories'> } | undefined;
}

/** Resources by group and version, groups by name. */
export function customGroups(resources: readonly DiscoveredResource[]): readonly CatalogGroup[] {
  const groups = [...new Set(resources.map(({ group }) => group))].sort(compareText);
  return groups.map((group) => {
    const own = resources.filter((resource) => resource.group === group);
    const versions = [...new Set(own.map(({ version }) => version))].sort(compareVersions);
    return {
      group,
      versions: versions.map((version) => ({
        version,
        resources: own
          .filter((resource) => resource.version === version)
          .sort((a, b) => compareText(a.resource, b.resource))
          .map(catalogEntry),
      })),
    };
  });
}

function catalogEntry(resource: DiscoveredResource): CatalogResource {
  const { singular = '', shortNames = [], categories = [] } = resource.custom?.names ?? {};
  const { group, version, kind, namespaced, verbs, subresources } = resource;
  return {
    group,
    version,
    kind,
    resource: resource.resource,
    singular,
    namespaced,
    shortNames,
    categories,
    verbs,
    subresources,
  };
}

/** v2 before v1 before v1beta2 before v1alpha1 before anything else. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [i, value] of left.entries()) if (value !== right[i]) return (right[i] ?? 0) - value;
  return compareText(a, b);
}

function rank(version: string): readonly number[] {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!match) return [0, 0, 0];
  const [, major, stage, minor = '0'] = match;
  return [stage === undefined ? 3 : stage === 'beta' ? 2 : 1, Number(major), Number(minor)];
}
