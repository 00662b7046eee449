// OpenAPI documents as they are made, which is when somebody asks for one.
import type { Descriptions } from '../../api/schema/descriptions.ts';
import { customDocument, openApiDocument, openApiV2Document, serverDocument } from '../../api/schema/openapi.ts';
import { objectAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import { builtInGroups, builtInResources } from '../../kinds/catalog.ts';
import type { RemoteOpenApi } from './aggregator/remote-openapi.ts';
import { customDefinitions, customRoutes } from './custom/custom-openapi.ts';
import type { ServedResource } from './served-resource.ts';

export { encodeOpenApiV2 } from '../../api/schema/openapi-protobuf.ts';
export { encodeOpenApiV3 } from '../../api/schema/openapi-protobuf-v3.ts';

/** The document of all that is served; what is built in comes before what other servers tell. */
export function versionTwo(
  custom: readonly ServedResource[],
  remote: readonly RemoteOpenApi[],
  descriptions: Descriptions,
): JsonObject {
  const document = openApiV2Document([...builtInResources(), ...customRoutes(custom)], descriptions);
  return {
    ...document,
    paths: sorted({ ...merged(remote.map(({ paths }) => paths)), ...objectAt(document, 'paths') }),
    definitions: sorted({
      ...merged(remote.map(({ definitions }) => definitions)),
      ...objectAt(document, 'definitions'),
      ...customDefinitions(custom, 2),
    }),
  };
}

/** The document of one group version; `custom` are its custom resources, which none that is built in has. */
export function versionThree(
  version: { readonly group: string; readonly version: string },
  custom: readonly ServedResource[],
  descriptions: Descriptions,
): JsonObject {
  const builtIn = builtInResources().filter((one) => one.group === version.group && one.version === version.version);
  if (builtIn.length > 0) return openApiDocument(version, builtIn, descriptions);
  return customDocument(customRoutes(custom), customDefinitions(custom, 3), descriptions);
}

/** A document that is of no group version; undefined: there is none at this path. */
export function serverPart(path: string, descriptions: Descriptions): JsonObject | undefined {
  const groups = builtInGroups().map(({ group }) => group);
  return serverDocument(path, groups, descriptions);
}

/** The first of one name counts. */
function merged(objects: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...[...objects].reverse());
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => byBytes(a, b)));
}
