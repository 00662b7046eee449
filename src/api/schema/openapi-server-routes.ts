// The routes that tell of the API server itself: discovery, its version, and the keys of its tokens.
import { builtInTypes } from './openapi-parameters.ts';
import { openApiPath, operationNames, type Route } from './openapi-routes.ts';

/** What each document below /openapi/v3 that is of no group version tells of; by its key in the index. */
export function serverRoutes(groups: readonly string[]): ReadonlyMap<string, Route> {
  const own = groups.filter((group) => group !== '');
  return new Map([
    [
      '.well-known/openid-configuration',
      read('/.well-known/openid-configuration/', {
        ...unversioned,
        id: 'getServiceAccountIssuerOpenIDConfiguration',
        tag: 'WellKnown',
        text: "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
      }),
    ],
    ['api', discovery('/api/', 'APIVersions', { ...versions, id: 'getCoreAPIVersions', tag: 'core' })],
    ['apis', discovery('/apis/', 'APIGroupList', { ...versions, id: 'getAPIVersions', tag: 'apis' })],
    ...own.map((group): [string, Route] => [`apis/${group}`, groupRoute(group)]),
    [
      'openid/v1/jwks',
      read('/openid/v1/jwks/', {
        ...unversioned,
        id: 'getServiceAccountIssuerOpenIDKeyset',
        tag: 'openid',
        text: 'get service account issuer OpenID JSON Web Key Set (contains public token verification keys)',
        produces: ['application/jwk-set+json'],
      }),
    ],
    [
      'version',
      read('/version/', {
        id: 'getCodeVersion',
        tag: 'version',
        text: 'get the version information for this server',
        consumes: ['application/json'],
        produces: ['application/json'],
        schema: 'version.Info',
      }),
    ],
  ]);
}

/** The list of a group version's resources. */
export function versionRoute(version: { readonly group: string; readonly version: string }): Route {
  const { prefix, tag } = operationNames(version);
  const names = { id: `get${prefix}APIResources`, tag, text: 'get available resources' };
  return discovery(`/${openApiPath(version)}/`, 'APIResourceList', names);
}

function groupRoute(group: string): Route {
  const { prefix, tag } = operationNames({ group });
  return discovery(`/apis/${group}/`, 'APIGroup', {
    id: `get${prefix}APIGroup`,
    tag,
    text: 'get information of a group',
  });
}

interface Names {
  readonly id: string;
  readonly tag: string;
  readonly text: string;
}

const versions = { text: 'get available API versions' };
const unversioned = { consumes: [], produces: ['application/json'], schema: '' };

function discovery(path: string, kind: string, names: Names): Route {
  return read(path, { ...names, consumes: builtInTypes, produces: builtInTypes, schema: `meta.v1.${kind}` });
}

type Parts = Names & {
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly schema: string;
};

function read(path: string, parts: Parts): Route {
  return { path, kind: '', operations: [{ ...parts, method: 'get', parameters: [], statuses: [200] }] };
}
