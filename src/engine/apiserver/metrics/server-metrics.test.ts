// /metrics of the API server: what requests of people and of components come to.
import { expect, test } from 'vitest';
import { configMaps, pods } from '../../../api/generated/resources.ts';
import type { KubeRequest } from '../../../api/ports.ts';
import { testCluster } from '../../testing/cluster.ts';

/** What a request is answered: its head and its text. */
function answered(cluster: ReturnType<typeof testCluster>, request: KubeRequest) {
  let text = '';
  let head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  cluster.apiServer.http(request, {
    head: (status, headers) => {
      head = { status, headers };
    },
    body: (piece) => {
      if (piece.kind === 'text') text += piece.text;
    },
    end: () => {},
  });
  cluster.run(100);
  return { ...head, text };
}

const lines = (text: string, pattern: RegExp): string =>
  text
    .split('\n')
    .filter((line) => pattern.test(line))
    .join('\n');

test('requests count by what they were and how they ended, from inside and from outside', () => {
  const cluster = testCluster();
  const web = { metadata: { namespace: 'default', name: 'web' } };
  const before = answered(cluster, { method: 'GET', path: '/metrics' }).text;
  cluster.create(configMaps, web);
  expect(() => cluster.create(configMaps, web)).toThrow('already exists');
  cluster.component('reader').informers.informer(pods);
  cluster.run(1000);
  const at = '/api/v1/namespaces/default/configmaps';
  const json = { 'content-type': 'application/json' };
  const apply = { 'content-type': 'application/apply-patch+yaml' };
  const body = { kind: 'text', text: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}' } as const;
  answered(cluster, { method: 'GET', path: `${at}/none` });
  answered(cluster, { method: 'GET', path: at });
  answered(cluster, { method: 'POST', path: `${at}?dryRun=All`, headers: json, body });
  answered(cluster, { method: 'PATCH', path: `${at}/b?fieldManager=me`, headers: apply, body });
  answered(cluster, { method: 'DELETE', path: at });
  answered(cluster, { method: 'GET', path: `${at}?watch=1&timeoutSeconds=0` });
  answered(cluster, { method: 'GET', path: '/api/v1/namespaces/default/endpoints' });
  answered(cluster, { method: 'GET', path: '/readyz/ping' });
  answered(cluster, { method: 'GET', path: '/nowhere' });
  const { text, headers } = answered(cluster, { method: 'GET', path: '/metrics' });
  expect(headers).toMatchObject({
    'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
    'process-start-time-unix': '1767323045',
  });
  const added = (pattern: RegExp): string =>
    lines(text, pattern)
      .split('\n')
      .filter((line) => !before.includes(`\n${line}\n`))
      .join('\n');
  expect(added(/^apiserver_request_total/)).toMatchInlineSnapshot(`
    "apiserver_request_total{code="200",component="",dry_run="",group="",resource="",scope="",subresource="/readyz",verb="GET",version=""} 1
    apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="DELETE",version="v1"} 1
    apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1"} 1
    apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="endpoints",scope="namespace",subresource="",verb="LIST",version="v1"} 1
    apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",verb="LIST",version="v1"} 1
    apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="APPLY",version="v1"} 1
    apiserver_request_total{code="201",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1
    apiserver_request_total{code="201",component="apiserver",dry_run="All",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1
    apiserver_request_total{code="404",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="GET",version="v1"} 1
    apiserver_request_total{code="409",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="POST",version="v1"} 1"
  `);
  expect(lines(text, /^apiserver_longrunning_requests/)).toMatchInlineSnapshot(`
    "apiserver_longrunning_requests{component="apiserver",group="",resource="configmaps",scope="namespace",subresource="",verb="WATCH",version="v1"} 1
    apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} 2
    apiserver_longrunning_requests{component="apiserver",group="apiextensions.k8s.io",resource="customresourcedefinitions",scope="cluster",subresource="",verb="WATCH",version="v1"} 2
    apiserver_longrunning_requests{component="apiserver",group="apiregistration.k8s.io",resource="apiservices",scope="cluster",subresource="",verb="WATCH",version="v1"} 2
    apiserver_longrunning_requests{component="apiserver",group="flowcontrol.apiserver.k8s.io",resource="flowschemas",scope="cluster",subresource="",verb="WATCH",version="v1"} 1
    apiserver_longrunning_requests{component="apiserver",group="flowcontrol.apiserver.k8s.io",resource="prioritylevelconfigurations",scope="cluster",subresource="",verb="WATCH",version="v1"} 1
    apiserver_longrunning_requests{component="apiserver",group="networking.k8s.io",resource="servicecidrs",scope="cluster",subresource="",verb="WATCH",version="v1"} 1"
  `);
  expect(lines(text, /^apiserver_requested_deprecated_apis\{/)).toMatchInlineSnapshot(
    `"apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1"`,
  );
  expect(
    lines(text, /^apiserver_request_duration_seconds_.*configmaps.*LIST.*(le="0.005|sum|count)/),
  ).toMatchInlineSnapshot(
    `"apiserver_request_duration_seconds_bucket{component="apiserver",dry_run="",group="",resource="configmaps",scope="namespace",subresource="",verb="LIST",version="v1",le="0.005"} 1"`,
  );
  expect(lines(text, /^(etcd_requests_total|apiserver_(resource|storage)_objects).*configmaps/)).toMatchInlineSnapshot(`
    "apiserver_resource_objects{group="",resource="configmaps"} 2
    apiserver_storage_objects{resource="configmaps"} 2
    etcd_requests_total{group="",operation="create",resource="configmaps"} 4
    etcd_requests_total{group="",operation="delete",resource="configmaps"} 2
    etcd_requests_total{group="",operation="get",resource="configmaps"} 1
    etcd_requests_total{group="",operation="list",resource="configmaps"} 1"
  `);
  expect(added(/^apiserver_admission_step_admission_duration_seconds_count/)).toMatchInlineSnapshot(`
    "apiserver_admission_step_admission_duration_seconds_count{operation="CREATE",rejected="false",type="admit"} 4
    apiserver_admission_step_admission_duration_seconds_count{operation="CREATE",rejected="false",type="validate"} 4
    apiserver_admission_step_admission_duration_seconds_count{operation="DELETE",rejected="false",type="admit"} 1
    apiserver_admission_step_admission_duration_seconds_count{operation="DELETE",rejected="false",type="validate"} 1"
  `);
  expect(lines(text, /^apiserver_flowcontrol_(dispatched|rejected)/)).toMatchInlineSnapshot(`
    "apiserver_flowcontrol_dispatched_requests_total{flow_schema="exempt",priority_level="exempt"} 6
    apiserver_flowcontrol_dispatched_requests_total{flow_schema="global-default",priority_level="global-default"} 10
    apiserver_flowcontrol_dispatched_requests_total{flow_schema="probes",priority_level="exempt"} 1"
  `);
  expect(
    lines(text, /^(kubernetes_build_info|process_start|kubernetes_feature_enabled.*NodeSwap)/),
  ).toMatchInlineSnapshot(`
    "kubernetes_build_info{build_date="2026-06-01T00:00:00Z",compiler="gc",git_commit="98b35193b2ac7a23a673325f5e9b830ecd5ba406",git_tree_state="clean",git_version="v1.36.2",go_version="go1.26.10",major="1",minor="36",platform="linux/amd64"} 1
    kubernetes_feature_enabled{name="NodeSwap",stage=""} 1
    process_start_time_seconds 1.767323045e+09"
  `);
  expect(lines(answered(cluster, { method: 'GET', path: '/metrics/slis' }).text, /ping/)).toMatchInlineSnapshot(`
    "kubernetes_healthcheck{name="ping",type="readyz"} 1
    kubernetes_healthchecks_total{name="ping",status="success",type="readyz"} 1"
  `);
  expect(answered(cluster, { method: 'GET', path: '/metrics/other' }).status).toBe(404);
});

test('every family is told once, in order, with a help and a type', () => {
  const { text } = answered(testCluster(), { method: 'GET', path: '/metrics' });
  const heads = text.split('\n').filter((line) => line.startsWith('#'));
  const names = heads.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2] ?? '');
  expect(names).toEqual([...new Set(names)].sort());
  expect(heads.filter((line) => /^# HELP \S+ \S/.test(line)).length).toBe(names.length);
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(new Set(series.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(series.length);
});
