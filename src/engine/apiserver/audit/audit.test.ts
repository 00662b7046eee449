// The audit log: which requests it tells of, and what of each.
import { describe, expect, test } from 'vitest';
import type { KubeRequest } from '../../../api/ports.ts';
import { settingsOf } from '../../flags/api-server-flags.ts';
import { testCluster } from '../../testing/cluster.ts';
import { ConfigurationError } from '../configuration/config-file.ts';
import { readAuditPolicy } from './audit-policy.ts';
import { type LogFiles, RotatingLog } from './rotating-log.ts';

describe('a policy that makes no sense is refused in upstream’s words', () => {
  const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
  test.each([
    [
      '',
      "failed decoding: couldn't get version/kind; json parse error: json: cannot unmarshal null into Go value of type struct",
    ],
    ['rules: [', "failed decoding: error converting YAML to JSON: yaml: did not find expected ',' or ']'"],
    ['apiVersion: audit.k8s.io/v1', `failed decoding: Object 'Kind' is missing in '{"apiVersion":"audit.k8s.io/v1"}'`],
    [
      'apiVersion: audit.k8s.io/v1beta1\nkind: Policy',
      'failed decoding: no kind "Policy" is registered for version "audit.k8s.io/v1beta1" in scheme "k8s.io/apiserver/pkg/audit/scheme.go:30"',
    ],
    [head, 'loaded illegal policy with 0 rules'],
    [`${head}rules: [{users: [a]}]`, 'rules[0].level: Required value'],
    [
      `${head}rules: [{level: Everything}]`,
      'rules[0].level: Unsupported value: "Everything": supported values: "None", "Metadata", "Request", "RequestResponse"',
    ],
    [
      `${head}omitStages: [Begun]\nrules: [{level: None}]`,
      'omitStages[0]: Invalid value: "Begun": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic',
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [healthz, "/a*b"]}]`,
      `[rules[0].nonResourceURLs[0]: Invalid value: "healthz": non-resource URL rules must begin with a '/' character, rules[0].nonResourceURLs[1]: Invalid value: "/a*b": non-resource URL wildcards '*' must be the final character of the rule]`,
    ],
    [
      `${head}rules: [{level: None, nonResourceURLs: [/x], namespaces: [a]}]`,
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ],
    [
      `${head}rules: [{level: None, resources: [{resourceNames: [a]}]}]`,
      'rules[0].resources.resourceNames: Invalid value: ["a"]: using resourceNames requires at least one resource',
    ],
  ])('%j', (text, message) => {
    expect(() => readAuditPolicy(text, () => {})).toThrow(new ConfigurationError(message));
  });

  test('a field that there is not is warned of', () => {
    const warned: string[] = [];
    readAuditPolicy(`${head}rules: [{level: None, verb: get}]`, (text) => warned.push(text));
    expect(warned).toEqual([
      'Audit policy contains errors, falling back to lenient decoding: strict decoding error: unknown field "rules[0].verb"',
    ]);
  });
});

/** What the log tells of requests: its lines, each as the fields that are asked for. */
function audited(rules: string, requests: readonly KubeRequest[], flags: Readonly<Record<string, string>> = {}) {
  const cluster = testCluster();
  const lines: string[] = [];
  const policy = `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}`;
  const place = {
    files: { read: () => policy },
    logs: memoryFiles().files,
    print: (text: string) => void lines.push(text),
    warn() {},
    now: () => cluster.simulation.now,
  };
  const given = { 'audit-policy-file': 'policy.yaml', 'audit-log-path': '-', 'authorization-mode': 'RBAC', ...flags };
  cluster.apiServer.configure(settingsOf(new Map(Object.entries(given)), place));
  for (const request of requests) cluster.apiServer.http(request, { head() {}, body() {}, end() {} });
  return lines;
}

const body = (value: object): NonNullable<KubeRequest['body']> => ({ kind: 'text', text: JSON.stringify(value) });
const headers = { 'content-type': 'application/json', 'user-agent': 'curl/8', 'audit-id': 'one' };
const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } };
const maps = '/api/v1/namespaces/default/configmaps';

test('each level tells more than the one before', () => {
  const create: KubeRequest = { method: 'POST', path: maps, headers, body: body(map) };
  const told = ['None', 'Metadata', 'Request', 'RequestResponse'].map((level) =>
    audited(`- {level: ${level}, omitStages: [RequestReceived], omitManagedFields: true}`, [create]).map((line) => {
      const { requestObject, responseObject, objectRef, responseStatus } = JSON.parse(line);
      return { requestObject, responseObject: responseObject?.data, objectRef, responseStatus };
    }),
  );
  expect(told).toMatchInlineSnapshot(`
    [
      [],
      [
        {
          "objectRef": {
            "apiVersion": "v1",
            "name": "a",
            "namespace": "default",
            "resource": "configmaps",
          },
          "requestObject": undefined,
          "responseObject": undefined,
          "responseStatus": {
            "code": 201,
            "metadata": {},
          },
        },
      ],
      [
        {
          "objectRef": {
            "apiVersion": "v1",
            "name": "a",
            "namespace": "default",
            "resource": "configmaps",
          },
          "requestObject": {
            "apiVersion": "v1",
            "data": {
              "x": "1",
            },
            "kind": "ConfigMap",
            "metadata": {
              "name": "a",
              "namespace": "default",
            },
          },
          "responseObject": undefined,
          "responseStatus": {
            "code": 201,
            "metadata": {},
          },
        },
      ],
      [
        {
          "objectRef": {
            "apiVersion": "v1",
            "name": "a",
            "namespace": "default",
            "resource": "configmaps",
          },
          "requestObject": {
            "apiVersion": "v1",
            "data": {
              "x": "1",
            },
            "kind": "ConfigMap",
            "metadata": {
              "name": "a",
              "namespace": "default",
            },
          },
          "responseObject": {
            "x": "1",
          },
          "responseStatus": {
            "code": 201,
            "metadata": {},
          },
        },
      ],
    ]
  `);
});

test('the first rule that matches counts, for resources, paths, users and verbs', () => {
  const get = (path: string, more: object = {}): KubeRequest => ({
    method: 'GET',
    path,
    headers: { ...headers, ...more },
  });
  const rules = `
- {level: None, nonResourceURLs: ["/healthz*", /version]}
- {level: None, users: [bob], verbs: [list]}
- {level: Request, resources: [{group: apps, resources: [deployments/scale]}]}
- {level: Metadata, namespaces: [kube-system]}
- {level: None, resources: [{group: "", resources: [configmaps], resourceNames: [quiet]}]}
- {level: Metadata, resources: [{group: "", resources: [configmaps]}]}`;
  const lines = audited(rules, [
    get('/healthz/ping'),
    get('/version'),
    get('/apis/apps/v1/namespaces/default/deployments/web/scale'),
    get('/apis/apps/v1/namespaces/default/deployments/web'),
    get('/api/v1/namespaces/kube-system/pods'),
    get(`${maps}/quiet`),
    get(`${maps}/loud`),
  ]);
  const told = lines.map((line) => {
    const { level, stage, verb, requestURI } = JSON.parse(line);
    return [level, stage, verb, requestURI].join(' ');
  });
  expect(told).toMatchInlineSnapshot(`
    [
      "Request RequestReceived get /apis/apps/v1/namespaces/default/deployments/web/scale",
      "Request ResponseComplete get /apis/apps/v1/namespaces/default/deployments/web/scale",
      "Metadata RequestReceived list /api/v1/namespaces/kube-system/pods",
      "Metadata ResponseComplete list /api/v1/namespaces/kube-system/pods",
      "Metadata RequestReceived get /api/v1/namespaces/default/configmaps/loud",
      "Metadata ResponseComplete get /api/v1/namespaces/default/configmaps/loud",
    ]
  `);
});

test('who is impersonated, why it is allowed or not, and the line of text of old', () => {
  const as = { ...headers, 'impersonate-user': 'bob', 'impersonate-group': 'dev' };
  const lines = audited('- {level: Metadata, omitStages: [RequestReceived]}', [
    { method: 'GET', path: maps, headers: as },
    { method: 'GET', path: maps, headers, tls: {} },
  ]);
  const told = lines.map((line) => {
    const { user, impersonatedUser, responseStatus, annotations, sourceIPs } = JSON.parse(line);
    return { user: user.username, impersonatedUser, code: responseStatus.code, annotations, sourceIPs };
  });
  expect(told).toMatchInlineSnapshot(`
    [
      {
        "annotations": {
          "authorization.k8s.io/decision": "forbid",
          "authorization.k8s.io/reason": "",
        },
        "code": 403,
        "impersonatedUser": {
          "groups": [
            "dev",
            "system:authenticated",
          ],
          "username": "bob",
        },
        "sourceIPs": [
          "172.18.0.1",
        ],
        "user": "kubernetes-admin",
      },
      {
        "annotations": {
          "authorization.k8s.io/decision": "forbid",
          "authorization.k8s.io/reason": "",
        },
        "code": 403,
        "impersonatedUser": undefined,
        "sourceIPs": [
          "172.18.0.1",
        ],
        "user": "system:anonymous",
      },
    ]
  `);
  const [line] = audited('- {level: Metadata}', [{ method: 'GET', path: maps, headers: as }], {
    'audit-log-format': 'legacy',
  });
  expect(line).toMatchInlineSnapshot(`
    "2026-01-02T03:04:05.001487Z AUDIT: id="one" stage="RequestReceived" ip="172.18.0.1" method="list" user="kubernetes-admin" groups="\\"kubeadm:cluster-admins\\",\\"system:authenticated\\"" as="<self>" asgroups="<lookup>" user-agent="curl/8" namespace="default" uri="/api/v1/namespaces/default/configmaps" response="<deferred>"
    "
  `);
});

test('a log that is full is put aside; of the old ones the last two are kept', () => {
  const { files, texts } = memoryFiles();
  let now = Date.UTC(2026, 0, 1);
  const log = new RotatingLog(files, () => now, { path: '/log/audit.log', sizeMax: 10, backupsMax: 2, ageMaxMs: 0 });
  for (const text of ['12345\n', '1\n', '123456\n', '7890123\n', 'last one\n']) {
    now += 1500;
    log.write(text);
  }
  expect([...texts]).toMatchInlineSnapshot(`
    [
      [
        "/log/audit-2026-01-01T00-00-06.000.log",
        "123456
    ",
      ],
      [
        "/log/audit-2026-01-01T00-00-07.500.log",
        "7890123
    ",
      ],
      [
        "/log/audit.log",
        "last one
    ",
      ],
    ]
  `);
});

function memoryFiles(): { readonly files: LogFiles; readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  const files: LogFiles = {
    append: (path, text) => void texts.set(path, (texts.get(path) ?? '') + text),
    size: (path) => texts.get(path)?.length ?? 0,
    rename(from, to) {
      texts.set(to, texts.get(from) ?? '');
      texts.delete(from);
    },
    remove: (path) => void texts.delete(path),
    list: (directory) => [...texts.keys()].map((path) => path.slice(directory.length + 1)),
  };
  return { files, texts };
}
