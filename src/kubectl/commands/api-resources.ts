// `kubectl api-resources`: every resource type that the server serves.
import type { JsonObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import type { ApiResource } from '../client/discovery.ts';
import { preferred } from '../client/mapper.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { objectPrinter } from '../print/printer.ts';
import { formatTable } from '../print/table-writer.ts';
import { apiVersionOf, groupResource } from '../resource/info.ts';

const formats = ['json', 'yaml', 'kyaml', 'name', 'wide'] as const;

export const apiResources: Command = {
  use: 'api-resources',
  long: 'Print the supported API resources on the server.',
  example: `# Print the supported API resources
kubectl api-resources

# With verbs and categories
kubectl api-resources -o wide

# Sorted by a column
kubectl api-resources --sort-by=name

# Those with a namespace, or without
kubectl api-resources --namespaced=true
kubectl api-resources --namespaced=false

# Those of one API group
kubectl api-resources --api-group=rbac.authorization.k8s.io`,
  flags: [
    flag.string('output', `Output format. One of: (${formats.join(', ')}).`, { shorthand: 'o' }),
    flag.bool('no-headers', 'Print no headers.'),
    flag.bool('show-managed-fields', 'Print managedFields too in JSON and YAML.'),
    flag.string('api-group', 'Only resources of this API group.'),
    flag.bool('namespaced', 'Only resources with (true) or without (false) a namespace.', { default: 'true' }),
    flag.stringSlice('verbs', 'Only resources that support these verbs.'),
    flag.stringSlice('categories', 'Only resources of these categories.'),
    flag.string('sort-by', "Sort by 'name' or 'kind'."),
    flag.bool('cached', 'Use the cached list of resources where there is one.'),
  ],
  run: async (context) => {
    if (context.args.length > 0) throw context.usageError(`unexpected arguments: [${context.args.join(' ')}]`);
    const sortBy = context.flags.string('sort-by');
    if (!['', 'name', 'kind'].includes(sortBy)) throw new CommandError('--sort-by accepts only name or kind');
    const output = context.flags.string('output');
    if (output !== '' && !formats.some((format) => format === output))
      throw new CommandError(
        `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${[...formats].sort().join(',')}`,
      );
    if (!context.flags.bool('cached')) context.mapper().invalidate();
    const resources = sort(preferred(await context.mapper().groups()).filter(wantedBy(context)), sortBy);
    context.out(print(context, resources, output));
  },
};

function wantedBy({ flags }: Context): (resource: ApiResource) => boolean {
  return (resource) =>
    resource.verbs.length > 0 &&
    (!flags.changed('api-group') || resource.group === flags.string('api-group')) &&
    (!flags.changed('namespaced') || resource.namespaced === flags.bool('namespaced')) &&
    flags.strings('verbs').every((verb) => resource.verbs.includes(verb)) &&
    flags.strings('categories').every((category) => resource.categories.includes(category));
}

function sort(resources: readonly ApiResource[], sortBy: string): readonly ApiResource[] {
  const key = (resource: ApiResource) =>
    sortBy === 'name' ? resource.resource : sortBy === 'kind' ? resource.kind : resource.group;
  return [...resources].sort((a, b) => byBytes(key(a), key(b)) || byBytes(a.resource, b.resource));
}

function print(context: Context, resources: readonly ApiResource[], output: string): string {
  if (output === 'name') return resources.map((resource) => `${groupResource(resource)}\n`).join('');
  if (output !== '' && output !== 'wide') return objectPrinter(context, { typed: true }).print(listObject(resources));
  const wide = output === 'wide';
  const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
  const rows = resources.map((resource) => [
    resource.resource,
    resource.shortNames.join(','),
    apiVersionOf(resource),
    String(resource.namespaced),
    resource.kind,
    ...(wide ? [resource.verbs.join(','), resource.categories.join(',')] : []),
  ]);
  return formatTable(context.flags.bool('no-headers') ? rows : [header, ...rows]);
}

function listObject(resources: readonly ApiResource[]): JsonObject {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: resources.map((resource) => ({
      name: resource.resource,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      ...(resource.group ? { group: resource.group } : {}),
      version: resource.version,
      kind: resource.kind,
      verbs: resource.verbs,
      ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
      ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    })),
  };
}
