// A control plane whose etcd and API server live in static pods: it stops and starts with them, and comes back from a
// snapshot of etcd.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const certificates = '/var/lib/minikube/certs/etcd';
const etcdctl = `kubectl exec -n kube-system etcd-minikube -- etcdctl --cacert=${certificates}/ca.crt --cert=${certificates}/server.crt --key=${certificates}/server.key`;
const manifests = '/etc/kubernetes/manifests';

async function minikube() {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('minikube start');
  return { line, on: (command: string) => line(`minikube ssh "sudo ${command}"`) };
}

test('a cluster comes back at the state of a snapshot', async () => {
  const { line, on } = await minikube();
  await line('kubectl create deployment web --image=nginx --replicas=2; kubectl rollout status deployment web');
  await line(`${etcdctl} snapshot save /var/lib/minikube/etcd/backup.db`);
  await line('kubectl create configmap later; kubectl delete deployment web --cascade=foreground; sleep 5');
  expect(await line('kubectl get pods,configmaps -o name')).toBe('configmap/kube-root-ca.crt\nconfigmap/later\n');
  await on(`mv ${manifests}/kube-apiserver.yaml ${manifests}/etcd.yaml /tmp/; sleep 3`);
  await on('etcdutl snapshot restore /var/lib/minikube/etcd/backup.db --data-dir /var/lib/minikube/old');
  await on("sed -i 's,path: /var/lib/minikube/etcd\\$,path: /var/lib/minikube/old,' /tmp/etcd.yaml");
  await on(`mv /tmp/etcd.yaml /tmp/kube-apiserver.yaml ${manifests}/; sleep 30`);
  expect(await line('kubectl get configmaps -o name; kubectl get deployments; kubectl get pods')).toMatch(
    /^configmap\/kube-root-ca.crt\nNAME.*\nweb +2\/2 .*\nNAME.*\nweb-\S+ +1\/1 +Running.*\nweb-\S+ +1\/1 +Running.*\n$/,
  );
  expect(await line(`${etcdctl} endpoint health | cut -d: -f1-3`)).toBe(
    '127.0.0.1:2379 is healthy: successfully committed proposal: took = '.replace(/: took.*/, '\n'),
  );
  await line('kubectl scale deployment web --replicas=3; sleep 10');
  expect(await line('kubectl get pods --no-headers | grep -c Running')).toBe('3\n');
});

test('the API server and etcd stop and start with their manifests', async () => {
  const { line, on } = await minikube();
  await on(`mv ${manifests}/kube-apiserver.yaml /tmp/; sleep 3`);
  expect(await line('kubectl get nodes 2>&1 | tail -1; minikube status | grep apiserver')).toMatchInlineSnapshot(`
    "The connection to the server 127.0.0.1:32771 was refused - did you specify the right host or port?
    apiserver: Stopped
    "
  `);
  await on(`mv /tmp/kube-apiserver.yaml ${manifests}/; sleep 5`);
  expect(await line('kubectl get nodes -o name')).toBe('node/minikube\n');
  await on(`mv ${manifests}/etcd.yaml /tmp/; sleep 3`);
  expect(await line('kubectl get nodes 2>&1 | tail -1')).toMatchInlineSnapshot(`
    "Error from server: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"
    "
  `);
  await on(`mv /tmp/etcd.yaml ${manifests}/; sleep 5`);
  expect(await line('kubectl get nodes -o name')).toBe('node/minikube\n');
});

test('an etcd with an empty directory begins a cluster anew', async () => {
  const { line, on } = await minikube();
  await line('kubectl create namespace ours');
  await on(`mv ${manifests}/kube-apiserver.yaml ${manifests}/etcd.yaml /tmp/; sleep 3`);
  await on('mv /var/lib/minikube/etcd /var/lib/minikube/etcd.old');
  await on(`mv /tmp/etcd.yaml /tmp/kube-apiserver.yaml ${manifests}/; sleep 20`);
  expect(await line('kubectl get namespace ours')).toBe('Error from server (NotFound): namespaces "ours" not found\n');
  await on(`mv ${manifests}/kube-apiserver.yaml ${manifests}/etcd.yaml /tmp/; sleep 3`);
  await on('rm -r /var/lib/minikube/etcd; mv /var/lib/minikube/etcd.old /var/lib/minikube/etcd');
  await on(`mv /tmp/etcd.yaml /tmp/kube-apiserver.yaml ${manifests}/; sleep 20`);
  expect(await line('kubectl get namespace ours -o name')).toBe('namespace/ours\n');
});

test('restarts count on across a stop of the machine', async () => {
  const { line } = await minikube();
  await line('minikube stop; minikube start');
  expect(await line('kubectl get pods -n kube-system --no-headers | tr -s " " | cut -d" " -f3,4 | sort -u')).toBe(
    'Running 1\n',
  );
});

test('an etcd that is full takes no more until there is room and the alarm is off', async () => {
  const { line, on } = await minikube();
  await on(
    `sed -i 's/- --name=minikube/- --name=minikube\\n    - --quota-backend-bytes=2097152/' ${manifests}/etcd.yaml`,
  );
  await line('sleep 10');
  const put = `head -c 1000000 /dev/zero | ${etcdctl.replace('exec', 'exec -i')} put key 2>&1 | grep -v level | head -1`;
  expect(await line(`${put}; ${put}`)).toBe('OK\nError: etcdserver: mvcc: database space exceeded\n');
  expect(await line('kubectl create configmap more; kubectl delete configmap kube-root-ca.crt')).toMatchInlineSnapshot(`
    "error: failed to create configmap: etcdserver: mvcc: database space exceeded
    configmap "kube-root-ca.crt" deleted from default namespace
    "
  `);
  expect(
    await line(`${etcdctl} alarm list | sed 's/[0-9]*//g'; ${etcdctl} endpoint health 2>&1 | head -1`),
  ).toMatchInlineSnapshot(`
    "memberID: alarm:NOSPACE 
    127.0.0.1:2379 is unhealthy: failed to commit proposal: Active Alarm(s): NOSPACE 
    "
  `);
  await line(`${etcdctl} del key; ${etcdctl} alarm disarm`);
  await line(`${etcdctl} compaction $(${etcdctl} endpoint status -w json | grep -o '"revision":[0-9]*' | cut -d: -f2)`);
  expect(await line(`${etcdctl} defrag | cut -d. -f1-4; kubectl create configmap more`)).toMatchInlineSnapshot(`
    "Finished defragmenting etcd member[127.0.0.1:2379]
    configmap/more created
    "
  `);
});

test('etcd does what the flags of its manifest say, or says why it does not start', async () => {
  const { line, on } = await minikube();
  const edited = async (from: string, to: string) => {
    await on(`cp /tmp/good.yaml ${manifests}/etcd.yaml; sed -i 's,${from},${to},' ${manifests}/etcd.yaml; sleep 20`);
    return (await on('crictl logs \\$(crictl ps -a --name etcd -q | head -1)')).replace(/"ts":"[^"]*",/g, '');
  };
  await on(`cp ${manifests}/etcd.yaml /tmp/good.yaml`);
  expect(await on('curl -s http://127.0.0.1:2381/readyz?verbose; curl -s http://127.0.0.1:2381/health')).toBe(
    '[+]data_corruption ok\n[+]linearizable_read ok\n[+]non_learner ok\n[+]serializable_read ok\nok\n{"health":"true","reason":""}',
  );
  expect(await on('curl -s http://127.0.0.1:2381/metrics | grep ^etcd_server_is_leader')).toBe(
    'etcd_server_is_leader 1\n',
  );
  expect(await edited('snapshot-count', 'snapshots')).toMatch(/^flag provided but not defined: -snapshots\nUsage:/);
  expect(await edited('--snapshot-count=10000', '--quota-backend-bytes=8Gi')).toMatch(
    /^invalid value "8Gi" for flag -quota-backend-bytes: parse error\n/,
  );
  expect(await edited('server.crt', 'servr.crt')).toMatch(
    /"msg":"discovery failed","error":"open \S+servr.crt: no such file or directory"}\n$/,
  );
  expect(await edited('snapshot-count=10000', 'election-timeout=200')).toMatch(
    /"failed to verify flags","error":"--election-timeout\[200ms\] should be at least as 5 times as --heartbeat-interval\[100ms\]"/,
  );
  await edited('127.0.0.1:2379', '127.0.0.1:2378');
  expect(await line('kubectl get nodes 2>&1 | tail -1')).toMatch(
    /127.0.0.1:2379: connect: connection refused|was refused/,
  );
  await edited('snapshot-count=10000', 'auto-compaction-retention=5m');
  await line('sleep 60; kubectl create configmap a; kubectl create configmap b');
  expect(await line('kubectl get configmaps a b -o name')).toBe('configmap/a\nconfigmap/b\n');
});
