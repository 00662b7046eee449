import { describe, expect, test } from 'vitest';
import { configMaps, secrets, services } from '../../../api/generated/resources.ts';
import type { LogOptions, OutputSink, StreamOptions } from '../../../api/kubelet.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { type NodeCluster, nodeCluster } from '../../testing/node-cluster.ts';

const target = (pod: string) => ({ namespace: 'default', pod, container: 'c' });
const allLogs: LogOptions = { follow: false, previous: false, timestamps: false };

/** What a stream brought, as text. */
function collect(): OutputSink & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    refused: (error) => lines.push(`refused ${error.code}: ${error.message}`),
    output: (channel, bytes) => lines.push(`${channel}> ${decodeUtf8(bytes).trimEnd()}`),
    end: (code) => lines.push(code === undefined ? 'end' : `exit ${code}`),
  };
}

function logs(cluster: NodeCluster, pod: string, options: Partial<LogOptions> = {}): readonly string[] {
  const sink = collect();
  cluster.node.kubelet.logs(target(pod), { ...allLogs, ...options }, sink);
  return sink.lines;
}

function exec(cluster: NodeCluster, pod: string, ...command: readonly string[]): readonly string[] {
  const sink = collect();
  const options: StreamOptions = { command, stdin: false, stdout: true, stderr: true, tty: false };
  cluster.node.kubelet.exec(target(pod), options, sink);
  cluster.run(100);
  return sink.lines;
}

const box = (script: string) => ({ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', script] });

describe('logs', () => {
  test('are those of the newest instance, or of the one before', () => {
    const cluster = nodeCluster();
    cluster.runPod('crash', { containers: [box('echo one; echo two; exit 1')] }, 8000);
    expect(logs(cluster, 'crash')).toEqual(['1> one', '1> two', 'end']);
    expect(logs(cluster, 'crash', { tailLines: 1 })).toEqual(['1> two', 'end']);
    expect(logs(cluster, 'crash', { limitBytes: 5 })).toEqual(['1> one', '1> t', 'end']);
    expect(logs(cluster, 'crash', { previous: true })).toEqual(['1> one', '1> two', 'end']);
  });

  test('say why there are none', () => {
    const cluster = nodeCluster();
    cluster.runPod('bad', { containers: [{ name: 'c', image: 'nginx:does-not-exist' }] });
    expect(logs(cluster, 'bad')).toMatchInlineSnapshot(`
      [
        "refused 400: container "c" in pod "bad" is waiting to start: trying and failing to pull image",
      ]
    `);
    cluster.runPod('once', { restartPolicy: 'Never', containers: [box('exit 0')] });
    expect(logs(cluster, 'once', { previous: true })).toMatchInlineSnapshot(`
      [
        "refused 400: previous terminated container "c" in pod "once" not found",
      ]
    `);
  });
});

describe('exec', () => {
  test('runs programs in running containers, and says what it cannot run', () => {
    const cluster = nodeCluster();
    cluster.runPod('box', { containers: [box('wait')] });
    expect(exec(cluster, 'box', 'echo', 'hello')).toEqual(['1> hello', 'exit 0']);
    expect(exec(cluster, 'box', 'false')).toEqual(['exit 1']);
    const [refused = ''] = exec(cluster, 'box', 'nosuch');
    expect(refused.replace(/exec "[0-9a-f]{64}"/, 'exec "ID"')).toMatchInlineSnapshot(
      `"refused 500: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "ID": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH"`,
    );
    expect(exec(cluster, 'nopod', 'ls')).toMatchInlineSnapshot(`
      [
        "refused 500: container not found ("c")",
      ]
    `);
  });
});

describe('a container', () => {
  test('sees config maps, secrets, services and its own pod in its environment and files', () => {
    const cluster = nodeCluster();
    const metadata = { name: 'settings', namespace: 'default' };
    cluster.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1', b: '2' } });
    cluster.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata, data: { pass: 'cEBzcw==' } });
    cluster.create(services, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'back-end', namespace: 'default' },
      spec: { clusterIP: '10.96.0.7', ports: [{ port: 8080, protocol: 'TCP', name: 'web' }] },
    });
    cluster.run(100);
    cluster.runPod('box', {
      volumes: [
        { name: 'settings', configMap: { name: 'settings', items: [{ key: 'a', path: 'deep/f' }] } },
        { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      ],
      containers: [
        {
          ...box('cat /etc/settings/deep/f; echo .; cat /info/name; wait'),
          env: [
            { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
            { name: 'BOTH', value: '$(NAME)-$$(NAME)-$(NONE)' },
          ],
          envFrom: [{ secretRef: { name: 'settings' }, prefix: 'S_' }],
          resources: { limits: { memory: '64Mi' } },
          volumeMounts: [
            { name: 'settings', mountPath: '/etc/settings' },
            { name: 'info', mountPath: '/info' },
          ],
        },
      ],
    });
    expect(logs(cluster, 'box')).toMatchInlineSnapshot(`
      [
        "1> 1.",
        "1> box",
        "end",
      ]
    `);
    expect(cluster.environmentOf('box').filter((line) => !/^KUBERNETES_/.test(line))).toMatchInlineSnapshot(`
      [
        "BACK_END_PORT=tcp://10.96.0.7:8080",
        "BACK_END_PORT_8080_TCP=tcp://10.96.0.7:8080",
        "BACK_END_PORT_8080_TCP_ADDR=10.96.0.7",
        "BACK_END_PORT_8080_TCP_PORT=8080",
        "BACK_END_PORT_8080_TCP_PROTO=tcp",
        "BACK_END_SERVICE_HOST=10.96.0.7",
        "BACK_END_SERVICE_PORT=8080",
        "BACK_END_SERVICE_PORT_WEB=8080",
        "BOTH=box-$(NAME)-$(NONE)",
        "HOME=/root",
        "HOSTNAME=box",
        "LIMIT=64",
        "NAME=box",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "S_pass=p@ss",
      ]
    `);
  });
});
