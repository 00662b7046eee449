// `kubectl explain`: the documentation of a type or field, from the server's OpenAPI v3.

import type { ApiResource } from '../client/discovery.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { olderPage } from './explain/older-page.ts';
import { explainSchema } from './explain/page.ts';

const json = 'application/json, */*';

export const explain: Command = {
  use: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  long: `Describe fields and structure of various resources.

 Fields are named by a path like JSONPath:

  <type>.<fieldName>[.<fieldName>]

 What is told comes from the API server's OpenAPI documents.

Use "kubectl api-resources" for a complete list of supported resources.`,
  example: `# The documentation of a resource and its fields
kubectl explain pods

# All fields of it
kubectl explain pods --recursive

# In one of its versions
kubectl explain deployments --api-version=apps/v1

# One field
kubectl explain pods.spec.containers`,
  flags: [
    flag.bool('recursive', 'Print the fields of fields too, names and types only.', { shorthand: 'R' }),
    flag.string('api-version', 'The version to explain (apps/v1).'),
    flag.string('output', 'Format: plaintext or plaintext-openapiv2', { shorthand: 'o', default: 'plaintext' }),
  ],
  run: async (context) => {
    const [path, ...more] = context.args;
    if (path === undefined)
      throw new CommandError(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
    if (more.length > 0) throw new CommandError('We accept only this format: explain RESOURCE\n');
    const format = context.flags.string('output');
    if (!['plaintext', 'plaintext-openapiv2'].includes(format))
      throw new CommandError(`unrecognized format: ${format}`);
    const { resource, fields } = await target(context, path);
    const version = context.flags.string('api-version');
    const slash = version.indexOf('/');
    const group = version === '' ? resource.group : slash < 0 ? '' : version.slice(0, slash);
    const gvr = {
      group,
      version: version === '' ? resource.version : version.slice(slash + 1),
      resource: resource.resource,
    };
    const recursive = context.flags.bool('recursive');
    if (format === 'plaintext-openapiv2') {
      const gvk = { group: gvr.group, version: gvr.version, kind: resource.kind };
      const openapi = await context.client().object({ path: '/openapi/v2', query: { timeout: '32s' }, accept: json });
      context.out(olderPage({ document: openapi, gvk, fields, recursive }));
      return;
    }
    const root = gvr.group === '' ? `api/${gvr.version}` : `apis/${gvr.group}/${gvr.version}`;
    const explained = { document: await document(context, root, gvr), gvr, fields, recursive };
    explainSchema(explained, (text) => context.out(text));
  },
};

async function document(
  context: Context,
  root: string,
  gvr: { readonly group: string; readonly version: string; readonly resource: string },
) {
  const index = await context.client().object({ path: '/openapi/v3', query: { timeout: '32s' }, accept: json });
  const paths = index.paths;
  const entry =
    typeof paths === 'object' && paths !== null && root in paths
      ? Object.entries(paths).find(([key]) => key === root)
      : undefined;
  const held: unknown = entry?.[1];
  const url =
    typeof held === 'object' && held !== null && 'serverRelativeURL' in held ? held.serverRelativeURL : undefined;
  if (typeof url !== 'string')
    throw new CommandError(`couldn't find resource for "${gvr.group}/${gvr.version}, Resource=${gvr.resource}"`);
  const [path = url, query] = url.split('?');
  return context.client().object({ path: query ? `${path}?${query}` : path, query: { timeout: '32s' }, accept: json });
}

/** `pods.spec`, `deployments.apps.spec`: of the resources of that name the first that the path begins with. */
async function target(
  context: Context,
  path: string,
): Promise<{ readonly resource: ApiResource; readonly fields: readonly string[] }> {
  if (/[[\](){}*@$]/.test(path)) throw new CommandError('invalid jsonpath syntax, first node must be field node');
  const [first = '', ...rest] = path.split('.').filter((part, i) => part !== '' || i === 0);
  const found = await context.mapper().mustFind(first);
  if (context.flags.string('api-version')) return { resource: found, fields: rest };
  const named = (resource: ApiResource) => (resource.group === '' ? '' : '.') + resource.group;
  for (const resource of await context.mapper().namesakes(found)) {
    const start = `${resource.resource}${named(resource)}`;
    if (path.startsWith(start)) return { resource, fields: path.slice(start.length).split('.').filter(Boolean) };
  }
  return { resource: found, fields: rest };
}
