// Requests that nobody means well with, drawn at random: bad paths, queries, headers and bodies of all sorts.
import fc from 'fast-check';
import type { KubeBody, KubeRequest } from '../../src/api/ports.ts';
import { encodeProtobuf } from '../../src/api/protobuf.ts';
import type { JsonValue } from '../../src/base/json.ts';
import { hostileObjects, hostileTargets } from './hostile-objects.ts';

const names = fc.oneof(
  fc.constantFrom('web', 'default', 'kube-system', 'kubernetes', 'admin', 'widgets.example.com', 'a', 'node-1', 'p'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '..',
    '.',
    '%00',
    '%',
    '%2e%2e',
    '%ff',
    '-',
    '*',
    '',
  ),
  fc.constantFrom('A'.repeat(300), 'x'.repeat(5000), '💥', 'a b', 'a%2Fb', 'a;b', 'a?b', '\u0000', "'--", '${x}'),
);

const places = fc.constantFrom(
  '/api/v1/pods',
  '/api/v1/namespaces/default/pods',
  '/api/v1/namespaces/default/configmaps',
  '/api/v1/namespaces/default/services',
  '/api/v1/namespaces/default/secrets',
  '/api/v1/namespaces/default/events',
  '/api/v1/namespaces/default/serviceaccounts',
  '/api/v1/namespaces/default/persistentvolumeclaims',
  '/api/v1/namespaces',
  '/api/v1/nodes',
  '/apis/apps/v1/namespaces/default/deployments',
  '/apis/apps/v1/namespaces/default/statefulsets',
  '/apis/batch/v1/namespaces/default/jobs',
  '/apis/batch/v1/namespaces/default/cronjobs',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
  '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
  '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
  '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/apis/authorization.k8s.io/v1/subjectaccessreviews',
  '/apis/authentication.k8s.io/v1/tokenreviews',
  '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
  '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/example.com/v1/namespaces/default/widgets',
  '/apis/events.k8s.io/v1/namespaces/default/events',
  '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
);

const subresources = fc.constantFrom(
  '',
  '',
  '',
  '',
  '/status',
  '/scale',
  '/log',
  '/exec',
  '/proxy',
  '/proxy/x',
  '/token',
  '/binding',
  '/eviction',
  '/finalize',
  '/ephemeralcontainers',
  '/resize',
  '/approval',
  '/portforward',
  '/attach',
  '/__proto__',
  '/x/y/z',
); // prettier-ignore

const paths = fc.oneof(
  { weight: 6, arbitrary: places },
  {
    weight: 8,
    arbitrary: fc.tuple(places, names, subresources).map(([place, name, rest]) => `${place}/${name}${rest}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '/',
      '/api',
      '/apis',
      '/version',
      '/healthz/x',
      '/openapi/v2',
      '/openapi/v3/apis/apps/v1',
      '/metrics',
      '//',
      '/api//v1',
      '/apis/apps',
      '/.well-known/openid-configuration',
      '/openapi/v3/apis/apps/v1?hash=00',
      '/openapi/v3/..%2f',
      '/api/v1/%2e%2e/secrets',
      '/api/v1/namespaces/default/pods/a%2fb%00',
      '/api/v1/namespaces/default/services/https:x:y:z/proxy//%2f',
      '/api/v1/nodes/:/proxy/x',
    ),
  },
  { weight: 2, arbitrary: fc.array(names, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`) },
);

const values = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    'true',
    'false',
    'All',
    'x',
    '1e400',
    '99999999999999999999',
    'NaN',
    '0x10',
    '%',
    '%zz',
    '💥',
  ),
  fc.constantFrom(
    'a=b',
    'a in (b,c',
    'a notin ()',
    '!a,!b',
    'a,,b',
    '((',
    'metadata.name=web',
    'spec.nodeName=x',
    'a=b=c',
    '__proto__=1',
    `${'a,'.repeat(20_000)}b`,
    `a in (${'b,'.repeat(20_000)}c)`,
    `${'!'.repeat(20_000)}a`,
    `${'metadata.name=a,'.repeat(5000)}x`,
  ),
  fc.constantFrom(
    'Foreground',
    'Orphan',
    'Exact',
    'NotOlderThan',
    'Strict',
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJ4In0',
    'e30',
  ),
  fc.string({ maxLength: 40 }).map(encodeURIComponent),
);

const queryNames = fc.constantFrom(
  'labelSelector',
  'fieldSelector',
  'resourceVersion',
  'resourceVersionMatch',
  'limit',
  'continue',
  'timeoutSeconds',
  'watch',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'gracePeriodSeconds',
  'propagationPolicy',
  'orphanDependents',
  'pretty',
  'container',
  'tailLines',
  'command',
  'includeObject',
  '__proto__',
  'x',
  'hash',
  'ports',
  'stdin',
  'tty',
); // prettier-ignore

const queries = fc
  .array(fc.tuple(queryNames, values), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`));

const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/json',
      'application/yaml',
      'application/merge-patch+json',
      'application/json-patch+json',
      'application/strategic-merge-patch+json',
      'application/apply-patch+yaml',
      'application/vnd.kubernetes.protobuf',
      'text/plain',
      '',
    ),
    accept: fc.constantFrom(
      '',
      '*/*',
      'application/json',
      'application/yaml',
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
      'application/vnd.kubernetes.protobuf',
      'image/png',
      ';;,,',
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    ),
    'user-agent': fc.constantFrom('kubectl/v1.36.3', '', '/', 'x'.repeat(2000), '__proto__/1'),
    'impersonate-user': fc.constantFrom(
      'kubernetes-admin',
      'ann',
      'system:node:x',
      'system:serviceaccount:a:b',
      '',
      '__proto__',
    ),
    'impersonate-group': fc.constantFrom('system:masters', 'system:masters', 'system:masters', '', 'system:nodes', ','),
    'impersonate-extra-%zz': fc.constant('x'),
    'if-none-match': fc.constantFrom('*', '""', 'W/"x", ,"'),
    'if-modified-since': fc.constantFrom('', 'never', 'Thu, 01 Jan 1970 00:00:00 GMT'),
    upgrade: fc.constantFrom('websocket', 'SPDY/3.1', 'h2c', ''),
    'sec-websocket-protocol': fc.constantFrom('', ',,', 'base64url.bearer.authorization.k8s.io.eA, x'),
    authorization: fc.constantFrom(
      '',
      '',
      '',
      '',
      'Basic eA==',
      'Bearer',
      'Bearer x',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
    ),
  },
  { requiredKeys: [] },
); // prettier-ignore

const keys = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'prototype',
    '',
    'metadata',
    'spec',
    'kind',
    'a.b/c',
    '$patch',
    '$retainKeys',
  ),
  fc.string({ maxLength: 6 }),
);

const leaves = fc.constantFrom<JsonValue>(
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  -1e300,
  2 ** 53,
  '',
  'x',
  '__proto__',
  '2026-01-01T00:00:00Z',
  '5Gi',
  '1e400',
  '(a+)+$',
  '💥',
  'x'.repeat(1000),
  [],
  {},
); // prettier-ignore

const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaves,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie('tree')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

/** A good object with something else in one place, and perhaps in a second. */
const mutated = fc
  .tuple(fc.constantFrom(...hostileObjects), fc.array(fc.tuple(fc.nat(), tree), { minLength: 1, maxLength: 2 }))
  .map(([object, changes]) => changes.reduce<JsonValue>((made, [at, value]) => replaceAt(made, at, value), object));

const patches = fc.oneof(
  fc.array(
    fc.record({
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'zap'),
      path: fc.constantFrom(
        '/metadata/labels/a',
        '/__proto__/x',
        '/spec/containers/-',
        '/spec/containers/99999999999',
        '',
        '/',
        '/~2',
        '/metadata',
        'x',
      ),
      from: fc.constantFrom('/metadata', '/spec', '/__proto__', ''),
      value: tree,
    }),
    { maxLength: 5 },
  ),
  fc.record({
    metadata: fc.oneof(tree, fc.constant({ labels: { a: null } })),
    spec: fc.oneof(
      tree,
      fc.constant({ $patch: 'zap' }),
      fc.constant({ containers: [{ $patch: 'delete' }] }),
      fc.constant({ $setElementOrder: 1, '$setElementOrder/containers': [{}] }),
    ),
  }),
);

const anchors = [...Array(9).keys()].map((i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`);

const texts = fc.oneof(
  fc.constantFrom(
    '{',
    '[',
    '{"a":',
    '{"a":1,}',
    'nul',
    '"\\ud800"',
    '{"a":1}{"b":2}',
    '\u0000',
    '---',
    ': :',
    '- - -',
    '!!js/function x',
    '&a *a',
    '*x',
  ),
  fc.constantFrom(
    '['.repeat(20_000),
    '{"a":'.repeat(20_000),
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
    `{"a":${'9'.repeat(5000)}}`,
    `{"a":1e99999}`,
  ),
  fc.constant(`a0: &a0 [x,x,x,x,x,x,x,x,x]\n${anchors.join('\n')}\n`),
  fc.string({ maxLength: 200 }),
);

/** A good object in protobuf with some of its bytes changed, or cut short. */
const brokenProtobuf = fc
  .tuple(
    fc.constantFrom(...hostileObjects.filter(({ kind }) => kind !== 'Widget')), // custom resources have no protobuf
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.option(fc.nat(), { nil: undefined }),
  )
  .map(([object, changes, cut]): KubeBody => {
    const bytes = encodeProtobuf(object).slice();
    for (const [at, byte] of changes) bytes[4 + (at % (bytes.length - 4))] = byte;
    return { kind: 'bytes', bytes: cut === undefined ? bytes : bytes.slice(0, cut % bytes.length) };
  });

const bodies: fc.Arbitrary<KubeBody | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 6, arbitrary: mutated.map(asText) },
  { weight: 2, arbitrary: tree.map(asText) },
  { weight: 3, arbitrary: patches.map((value): KubeBody => asText(value as JsonValue)) }, // edge: fast-check's records are JSON
  { weight: 2, arbitrary: texts.map((text): KubeBody => ({ kind: 'text', text })) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes): KubeBody => ({ kind: 'bytes', bytes })) },
  { weight: 2, arbitrary: brokenProtobuf },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 60 })
      .map((bytes): KubeBody => ({ kind: 'bytes', bytes: new Uint8Array([0x6b, 0x38, 0x73, 0, ...bytes]) })),
  },
);

/** A good object, not quite, where it belongs. */
const misshapen: fc.Arbitrary<KubeRequest> = fc
  .record({
    method: fc.constantFrom<KubeRequest['method']>('POST', 'POST', 'PUT', 'PATCH', 'DELETE'),
    target: fc.constantFrom(...hostileTargets),
    changes: fc.array(fc.tuple(fc.nat(), tree), { maxLength: 3 }),
    patch: patches,
    patchType: fc.constantFrom('merge-patch+json', 'strategic-merge-patch+json', 'json-patch+json', 'apply-patch+yaml'),
    query: queries,
    subresource: fc.constantFrom('', '', '', '/status', '/scale'),
  })
  .map(({ method, target, changes, patch, patchType, query, subresource }) => {
    const { place, name, object } = target;
    const path = method === 'POST' ? place : `${place}/${name}${subresource}`;
    const value = changes.reduce<JsonValue>((made, [at, other]) => replaceAt(made, at, other), object);
    const patching = method === 'PATCH' && patchType !== 'apply-patch+yaml';
    const body = asText(patching ? (patch as JsonValue) : value); // edge: fast-check's records are JSON
    const type = method === 'PATCH' ? patchType : 'json';
    return { method, path: path + query, headers: { 'content-type': `application/${type}` }, body };
  });

const anything = fc
  .record({
    method: fc.constantFrom<KubeRequest['method']>(
      'GET',
      'GET',
      'POST',
      'POST',
      'POST',
      'PUT',
      'PUT',
      'PATCH',
      'PATCH',
      'DELETE',
      'HEAD',
      'OPTIONS',
    ),
    path: fc.tuple(paths, queries).map(([path, query]) => path + query),
    headers,
    body: bodies,
  })
  .map(({ body, ...request }): KubeRequest => (body ? { ...request, body } : request)); // prettier-ignore

/** One request at the HTTP edge. */
export const hostileRequests: fc.Arbitrary<KubeRequest> = fc.oneof(misshapen, anything);

function asText(value: JsonValue): KubeBody {
  return { kind: 'text', text: JSON.stringify(value) };
}

/** The value with another one at the place that is counted `at`, of all that there are in it. */
function replaceAt(value: JsonValue, at: number, other: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return other;
  const entries = Object.entries(value);
  const chosen = at % (entries.length + 1);
  if (chosen === entries.length) return other;
  const rest = Math.floor(at / (entries.length + 1));
  const changed = entries.map(([key, item], i) => [key, i === chosen ? replaceAt(item, rest, other) : item] as const);
  return Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
}
