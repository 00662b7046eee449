// What OpenAPI documents tell generators of clients: each operation as a line, and what documents there are.
import { expect, test } from 'vitest';
import { listAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { loadLateCode } from '../../base/late.ts';
import { builtInGroups } from '../../kinds/catalog.ts';
import { OpenApiDocuments } from './openapi-documents.ts';
import { ResourceRegistry } from './served-resource.ts';

await loadLateCode();

const documents = new OpenApiDocuments(new ResourceRegistry(), () => 0);
const versionTwo = documents.at('v2') ?? {};

/** `container? name!`: in the query, in the path; `&` where it is shared. */
function parameters(of: JsonObject | undefined): string {
  return objectsAt(of, 'parameters')
    .map((each) => {
      if (typeof each.$ref === 'string') return each.$ref.replace(/^#\/parameters\/(.*)-.{8}$/, '&$1');
      return `${textAt(each, 'name')}${each.required ? '!' : '?'}`;
    })
    .join(' ');
}

function short(name: string): string {
  return name.replace(/^.*\.(\w+\.\w+)$/, '$1');
}

const listOptions =
  /continue\? (.*)fieldSelector\? (.*)labelSelector\? limit\? (.*)resourceVersion\? resourceVersionMatch\? sendInitialEvents\? shardSelector\? timeoutSeconds\?/;

/** All that a document says of the paths that end so, a line for each operation; `LIST` are a list's own parameters. */
function operations(path: string, suffix: string): string {
  const { paths } = documents.at(path) ?? {};
  const items = Object.entries(isObject(paths) ? paths : {}).filter(([each]) => each.endsWith(suffix));
  const lines = items.flatMap(([each, item]) => [
    `${each}  ${parameters(isObject(item) ? item : {})}`.trim(),
    ...['get', 'put', 'post', 'delete', 'head', 'patch'].flatMap((method) => {
      const operation = isObject(item) ? objectAt(item, method) : undefined;
      return operation ? [`  ${method} ${operationLine(operation)}`] : [];
    }),
  ]);
  return lines.map((line) => line.replace(listOptions, '$1$2$3LIST')).join('\n');
}

function operationLine(operation: JsonObject): string {
  const responses = Object.entries(objectAt(operation, 'responses') ?? {}).map(([status, response]) => {
    const content = Object.entries((isObject(response) && objectAt(response, 'content')) || {});
    const [, first] = content[0] ?? [];
    const schema = content.length > 0 ? ` ${short(textAt(first, 'schema.$ref') || textAt(first, 'schema.type'))}` : '';
    return status + schema;
  });
  const body = objectAt(operation, 'requestBody');
  const gvk = objectAt(operation, 'x-kubernetes-group-version-kind');
  return [
    textAt(operation, 'operationId'),
    textsAt(operation, 'tags').join(),
    gvk ? `${textAt(operation, 'x-kubernetes-action')} ${textAt(gvk, 'kind')}` : '',
    `"${textAt(operation, 'description')}"`,
    parameters(operation),
    body && `body${body.required ? '!' : '?'} ${Object.keys(objectAt(body, 'content') ?? {}).length}`,
    responses.join(' '),
  ]
    .filter(Boolean)
    .join(' | ');
}

test('documents of version 3 tell of each path', () => {
  const asked = [
    ['v3/apis/apps/v1', '/deployments'],
    ['v3/apis/apps/v1', '/deployments/{name}'],
    ['v3/apis/apps/v1', '/deployments/{name}/scale'],
    ['v3/api/v1', '/pods/{name}/log'],
    ['v3/api/v1', '/pods/{name}/exec'],
    ['v3/api/v1', '/nodes/{name}/proxy/{path}'],
    ['v3/api/v1', '/namespaces/{name}/finalize'],
    ['v3/api/v1', '/serviceaccounts/{name}/token'],
    ['v3/apis/policy', '/'],
    ['v3/openid/v1/jwks', '/'],
  ] as const;
  expect(asked.map(([path, suffix]) => operations(path, suffix)).join('\n')).toMatchInlineSnapshot(`
    "/apis/apps/v1/deployments  allowWatchBookmarks? pretty? LIST watch?
      get listAppsV1DeploymentForAllNamespaces | apps_v1 | list Deployment | "list or watch objects of kind Deployment" | 200 v1.DeploymentList 401
    /apis/apps/v1/namespaces/{namespace}/deployments  namespace! pretty?
      get listAppsV1NamespacedDeployment | apps_v1 | list Deployment | "list or watch objects of kind Deployment" | allowWatchBookmarks? LIST watch? | 200 v1.DeploymentList 401
      post createAppsV1NamespacedDeployment | apps_v1 | post Deployment | "create a Deployment" | dryRun? fieldManager? fieldValidation? | body! 1 | 200 v1.Deployment 201 v1.Deployment 202 v1.Deployment 401
      delete deleteAppsV1CollectionNamespacedDeployment | apps_v1 | deletecollection Deployment | "delete collection of Deployment" | dryRun? gracePeriodSeconds? ignoreStoreReadErrorWithClusterBreakingPotential? orphanDependents? propagationPolicy? LIST | body? 1 | 200 v1.Status 401
    /apis/apps/v1/watch/deployments  allowWatchBookmarks? pretty? LIST watch?
      get watchAppsV1DeploymentListForAllNamespaces | apps_v1 | watchlist Deployment | "watch individual changes to a list of Deployment. deprecated: use the 'watch' parameter with a list operation instead." | 200 v1.WatchEvent 401
    /apis/apps/v1/watch/namespaces/{namespace}/deployments  allowWatchBookmarks? namespace! pretty? LIST watch?
      get watchAppsV1NamespacedDeploymentList | apps_v1 | watchlist Deployment | "watch individual changes to a list of Deployment. deprecated: use the 'watch' parameter with a list operation instead." | 200 v1.WatchEvent 401
    /apis/apps/v1/namespaces/{namespace}/deployments/{name}  name! namespace! pretty?
      get readAppsV1NamespacedDeployment | apps_v1 | get Deployment | "read the specified Deployment" | 200 v1.Deployment 401
      put replaceAppsV1NamespacedDeployment | apps_v1 | put Deployment | "replace the specified Deployment" | dryRun? fieldManager? fieldValidation? | body! 1 | 200 v1.Deployment 201 v1.Deployment 401
      delete deleteAppsV1NamespacedDeployment | apps_v1 | delete Deployment | "delete a Deployment" | dryRun? gracePeriodSeconds? ignoreStoreReadErrorWithClusterBreakingPotential? orphanDependents? propagationPolicy? | body? 1 | 200 v1.Status 202 v1.Status 401
      patch patchAppsV1NamespacedDeployment | apps_v1 | patch Deployment | "partially update the specified Deployment" | dryRun? fieldManager? fieldValidation? force? | body! 4 | 200 v1.Deployment 201 v1.Deployment 401
    /apis/apps/v1/watch/namespaces/{namespace}/deployments/{name}  allowWatchBookmarks? name! namespace! pretty? LIST watch?
      get watchAppsV1NamespacedDeployment | apps_v1 | watch Deployment | "watch changes to an object of kind Deployment. deprecated: use the 'watch' parameter with a list operation instead, filtered to a single item with the 'fieldSelector' parameter." | 200 v1.WatchEvent 401
    /apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale  name! namespace! pretty?
      get readAppsV1NamespacedDeploymentScale | apps_v1 | get Scale | "read scale of the specified Deployment" | 200 v1.Scale 401
      put replaceAppsV1NamespacedDeploymentScale | apps_v1 | put Scale | "replace scale of the specified Deployment" | dryRun? fieldManager? fieldValidation? | body! 1 | 200 v1.Scale 201 v1.Scale 401
      patch patchAppsV1NamespacedDeploymentScale | apps_v1 | patch Scale | "partially update scale of the specified Deployment" | dryRun? fieldManager? fieldValidation? force? | body! 4 | 200 v1.Scale 201 v1.Scale 401
    /api/v1/namespaces/{namespace}/pods/{name}/log  container? follow? insecureSkipTLSVerifyBackend? limitBytes? name! namespace! pretty? previous? sinceSeconds? stream? tailLines? timestamps?
      get readCoreV1NamespacedPodLog | core_v1 | get Pod | "read log of the specified Pod" | 200 string 401
    /api/v1/namespaces/{namespace}/pods/{name}/exec  command? container? name! namespace! stderr? stdin? stdout? tty?
      get connectCoreV1GetNamespacedPodExec | core_v1 | connect PodExecOptions | "connect GET requests to exec of Pod" | 200 string 401
      post connectCoreV1PostNamespacedPodExec | core_v1 | connect PodExecOptions | "connect POST requests to exec of Pod" | 200 string 401
    /api/v1/nodes/{name}/proxy/{path}  name! path! path?
      get connectCoreV1GetNodeProxyWithPath | core_v1 | connect NodeProxyOptions | "connect GET requests to proxy of Node" | 200 string 401
      put connectCoreV1PutNodeProxyWithPath | core_v1 | connect NodeProxyOptions | "connect PUT requests to proxy of Node" | 200 string 401
      post connectCoreV1PostNodeProxyWithPath | core_v1 | connect NodeProxyOptions | "connect POST requests to proxy of Node" | 200 string 401
      delete connectCoreV1DeleteNodeProxyWithPath | core_v1 | connect NodeProxyOptions | "connect DELETE requests to proxy of Node" | 200 string 401
      head connectCoreV1HeadNodeProxyWithPath | core_v1 | connect NodeProxyOptions | "connect HEAD requests to proxy of Node" | 200 string 401
      patch connectCoreV1PatchNodeProxyWithPath | core_v1 | connect NodeProxyOptions | "connect PATCH requests to proxy of Node" | 200 string 401
    /api/v1/namespaces/{name}/finalize  dryRun? fieldManager? fieldValidation? name! pretty?
      put replaceCoreV1NamespaceFinalize | core_v1 | put Namespace | "replace finalize of the specified Namespace" | body! 1 | 200 v1.Namespace 201 v1.Namespace 401
    /api/v1/namespaces/{namespace}/serviceaccounts/{name}/token  dryRun? fieldManager? fieldValidation? name! namespace! pretty?
      post createCoreV1NamespacedServiceAccountToken | core_v1 | post TokenRequest | "create token of a ServiceAccount" | body! 1 | 200 v1.TokenRequest 201 v1.TokenRequest 202 v1.TokenRequest 401
    /apis/policy/
      get getPolicyAPIGroup | policy | "get information of a group" | 200 v1.APIGroup 401
    /openid/v1/jwks/
      get getServiceAccountIssuerOpenIDKeyset | openid | "get service account issuer OpenID JSON Web Key Set (contains public token verification keys)" | 200 string 401"
  `);
});

test('operations are named after groups of several words, and kinds that are plurals have no article', () => {
  const named = ['rbac.authorization.k8s.io/v1', 'flowcontrol.apiserver.k8s.io/v1'].map(
    (version) => operations(`v3/apis/${version}`, `${version}/`).split('\n')[1],
  );
  const created = operations('v3/api/v1', '/{namespace}/endpoints')
    .split('\n')
    .filter((line) => line.startsWith('  post'));
  expect([...named, ...created].join('\n')).toMatchInlineSnapshot(`
    "  get getRbacAuthorizationV1APIResources | rbacAuthorization_v1 | "get available resources" | 200 v1.APIResourceList 401
      get getFlowcontrolApiserverV1APIResources | flowcontrolApiserver_v1 | "get available resources" | 200 v1.APIResourceList 401
      post createCoreV1NamespacedEndpoints | core_v1 | post Endpoints | "create Endpoints" | dryRun? fieldManager? fieldValidation? | body! 1 | 200 v1.Endpoints 201 v1.Endpoints 202 v1.Endpoints 401"
  `);
});

test('there is a document of each group, of each of its versions, and of what is of no group', () => {
  const groups = builtInGroups().filter(({ group }) => group !== '');
  const versions = groups.flatMap(({ group, versions }) => versions.map(({ version }) => `apis/${group}/${version}`));
  const expected = [
    '.well-known/openid-configuration',
    'api',
    'api/v1',
    'apis',
    ...groups.map(({ group }) => `apis/${group}`),
    ...versions,
    'openid/v1/jwks',
    'version',
  ];
  const index = Object.keys(objectAt(documents.at('v3'), 'paths') ?? {});
  expect(index).toEqual(expected.sort());
  expect(index.filter((path) => !objectAt(documents.at(`v3/${path}`), 'paths'))).toEqual([]);
});

test('operations have names of their own, and all that is referred to is there', () => {
  const text = JSON.stringify(versionTwo);
  const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
  expect(ids.length).toBe(new Set(ids).size);
  const references = new Set(
    [...text.matchAll(/"\$ref":"#\/(\w+)\/([^"]+)"/g)].map(([, place, name]) => `${place} ${name}`),
  );
  const missing = [...references].filter((reference) => {
    const [place = '', name = ''] = reference.split(' ');
    return !Object.hasOwn(objectAt(versionTwo, place) ?? {}, name);
  });
  expect(missing).toEqual([]);
});

test('version 2 says what is read and written, with shared parameters in one place', () => {
  const paths = objectAt(versionTwo, 'paths') ?? {};
  const item = paths['/api/v1/namespaces/{namespace}/pods/{name}'];
  const shown = ['get', 'put', 'delete', 'patch'].map((method) => {
    const operation = isObject(item) ? objectAt(item, method) : undefined;
    const types = [...textsAt(operation, 'consumes'), '─▶', ...textsAt(operation, 'produces')].join(' ');
    return `${method} (${parameters(operation)}) ${types.replaceAll('application/', '')}`;
  });
  expect([parameters(isObject(item) ? item : {}), ...shown].join('\n')).toMatchInlineSnapshot(`
    "name! &namespace &pretty
    get () */* ─▶ json yaml vnd.kubernetes.protobuf
    put (body! dryRun? &fieldManager fieldValidation?) */* ─▶ json yaml vnd.kubernetes.protobuf
    delete (&body dryRun? &gracePeriodSeconds &ignoreStoreReadErrorWithClusterBreakingPotential &orphanDependents &propagationPolicy) */* ─▶ json yaml vnd.kubernetes.protobuf
    patch (&body dryRun? &fieldManager fieldValidation? &force) json-patch+json merge-patch+json strategic-merge-patch+json apply-patch+yaml ─▶ json yaml vnd.kubernetes.protobuf"
  `);
  expect(listAt(versionTwo, 'security')).toEqual([{ BearerToken: [] }]);
});

test('every parameter says what it is for, each operation in words of its own', () => {
  const all = JSON.stringify(versionTwo) + JSON.stringify(documents.at('api/v1'));
  expect(all).not.toContain('"description":""');
  expect(all).toContain('Watch for changes to the described resources and return them as a stream');
  for (const text of ['in which to execute the command', 'for which to stream logs'])
    expect(all).toMatch(new RegExp(`[Cc]ontainer ${text}`));
});
