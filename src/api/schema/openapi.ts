// The OpenAPI documents of the API, made from the one schema: an index and a document for each group version
// (version 3), and one document of everything (version 2).
//
//   /openapi/v3 ─▶ openApiIndex      /openapi/v3/apis/apps/v1 ─▶ openApiDocument      /openapi/v2 ─▶ openApiV2Document
import type { JsonObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import { apiVersionText } from '../resource.ts';
import { type Descriptions, noDescriptions } from './descriptions.ts';
import { core, type GroupVersion, groupVersions, withKinds } from './openapi-kinds.ts';
import { openApiPaths, schemasOf } from './openapi-paths.ts';
import { type OpenApiResource, type Route, resourceRoutes } from './openapi-routes.ts';
import { type OpenApiVersion, openApiSchemas } from './openapi-schemas.ts';
import { serverRoutes, versionRoute } from './openapi-server-routes.ts';
import { shareParameters } from './openapi-shared-parameters.ts';
import { definition } from './schema.ts';

/** What `GET /openapi/v3` answers. `hash` changes when a document does. */
export function openApiIndex(paths: readonly { readonly path: string; readonly hash: string }[]): JsonObject {
  const entries = paths.map(({ path, hash }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
  return { paths: Object.fromEntries(entries) };
}

/** The document of one group version. */
export function openApiDocument(
  version: GroupVersion,
  resources: readonly OpenApiResource[],
  descriptions: Descriptions = noDescriptions,
): JsonObject {
  const everywhere = version.group === '' ? [core] : [core, { group: version.group, version: version.version }];
  return documentOf([versionRoute(version), ...resources.flatMap(resourceRoutes)], everywhere, descriptions);
}

/** The document of custom resources of one group version; `own` are their schemas. */
export function customDocument(
  resources: readonly OpenApiResource[],
  own: JsonObject,
  descriptions: Descriptions = noDescriptions,
): JsonObject {
  const routes = resources.flatMap(resourceRoutes);
  const everywhere = groupVersions.filter(({ group }) => !unknownToCustom.has(group));
  const roots = ['meta.v1.ListMeta', 'meta.v1.ObjectMeta', ...schemasOf(routes)];
  const shared = withKinds(definitionsOf(roots, 3, descriptions), everywhere);
  const schemas = Object.entries({ ...own, ...shared }).sort(([a], [b]) => byBytes(a, b));
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths: openApiPaths(routes, 3),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

/** One of the documents that are of no group version, by its key in the index; undefined: there is none. */
export function serverDocument(
  path: string,
  groups: readonly string[],
  descriptions: Descriptions = noDescriptions,
): JsonObject | undefined {
  const route = serverRoutes(groups).get(path);
  return route && documentOf([route], [core], descriptions);
}

function documentOf(
  routes: readonly Route[],
  everywhere: readonly GroupVersion[],
  descriptions: Descriptions,
): JsonObject {
  const schemas = withKinds(definitionsOf([...schemasOf(routes)], 3, descriptions), everywhere);
  return {
    openapi: '3.0.0',
    info,
    paths: openApiPaths(routes, 3),
    components: {
      ...(Object.keys(schemas).length > 0 && { schemas }),
      securitySchemes: {
        BearerToken: {
          type: 'apiKey',
          description: 'Bearer Token authentication',
          name: 'authorization',
          in: 'header',
        },
      },
    },
  };
}

/** One document of everything, as clients of version 2 read it. */
export function openApiV2Document(
  resources: readonly OpenApiResource[],
  descriptions: Descriptions = noDescriptions,
): JsonObject {
  const builtIn = resources.filter(({ custom }) => !custom);
  const versions = [...new Map(builtIn.map((one) => [apiVersionText(one), one])).values()];
  const groups = [...new Set(builtIn.map(({ group }) => group))];
  const routes = [
    ...serverRoutes(groups).values(),
    ...versions.map(versionRoute),
    ...resources.flatMap(resourceRoutes),
  ];
  const { paths, parameters } = shareParameters(openApiPaths(routes, 2));
  return {
    swagger: '2.0',
    info,
    paths,
    definitions: withKinds(definitionsOf([...schemasOf(routes)], 2, descriptions), groupVersions),
    parameters,
    securityDefinitions: {
      BearerToken: {
        description: 'Bearer Token authentication',
        type: 'apiKey',
        name: 'authorization',
        in: 'header',
      },
    },
    security: [{ BearerToken: [] }],
  };
}

const info = { title: 'Kubernetes', version: '1.36' } as const;

/** Groups that the server of custom resources does not know by itself. */
const unknownToCustom = new Set([
  'admission.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'imagepolicy.k8s.io',
]);

function definitionsOf(
  names: readonly string[],
  version: OpenApiVersion,
  descriptions: Descriptions,
): Readonly<Record<string, JsonObject>> {
  return openApiSchemas(
    names.filter((name) => definition(name) || name.startsWith('meta.v1.')),
    version,
    descriptions,
  );
}
