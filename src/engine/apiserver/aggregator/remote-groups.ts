// Discovery's groups with those of aggregated APIs among them.
import { compareText } from '../../../api/go-format.ts';
import type { CatalogGroup } from '../../../kinds/catalog.ts';
import type { ResourceRegistry } from '../served-resource.ts';
import type { RemoteGroup } from './aggregator.ts';

/** The priority that a custom resource's group gets. */
const customPriority = 1000;

/** Built-in groups, then the others by priority and name. */
export function withRemote(registry: ResourceRegistry, remote: readonly RemoteGroup[]): readonly CatalogGroup[] {
  const own = registry.groups();
  if (remote.length === 0) return own;
  const builtIn = own.filter(({ group }) => registry.hasBuiltInGroup(group));
  const rest = new Map<string, RemoteGroup>(
    own
      .filter(({ group }) => !registry.hasBuiltInGroup(group))
      .map((group) => [group.group, { ...group, priority: customPriority }]),
  );
  for (const group of remote) {
    const known = rest.get(group.group);
    rest.set(group.group, known ? { ...known, versions: [...known.versions, ...group.versions] } : group);
  }
  return [...builtIn, ...[...rest.values()].sort((a, b) => b.priority - a.priority || compareText(a.group, b.group))];
}
