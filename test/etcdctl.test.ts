// etcdctl and etcdutl on the machines where etcd runs.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pki = '/etc/kubernetes/pki/etcd';
const environment = `export ETCDCTL_ENDPOINTS=https://127.0.0.1:2379 ETCDCTL_CACERT=${pki}/ca.crt ETCDCTL_CERT=${pki}/server.crt ETCDCTL_KEY=${pki}/server.key`;

async function setUp(profile: '3-node' | 'ha' = '3-node') {
  const { session, line } = await recordedSession({ profile });
  const node = profile === 'ha' ? 'control-plane-1' : 'control-plane';
  return { session, line, on: (command: string) => line(`ssh ${node} '${environment}; ${command}'`) };
}

test('keys are put, got, counted, deleted', async () => {
  const { on } = await setUp();
  expect(await on('etcdctl put a/1 one; etcdctl put a/2 two; etcdctl put b three')).toBe('OK\nOK\nOK\n');
  expect(await on('etcdctl get a/ --prefix')).toBe('a/1\none\na/2\ntwo\n');
  expect(await on('etcdctl get a/2 c --keys-only')).toBe('a/2\n\nb\n\n');
  expect(await on('etcdctl get a/ --prefix --print-value-only --order=DESCEND --limit=1')).toBe('two\n');
  expect(await on('etcdctl get a/ --prefix --count-only -w fields | tail -1')).toBe('"Count" : 2\n');
  expect(await on('etcdctl del a/ --prefix --prev-kv')).toBe('2\na/1\none\na/2\ntwo\n');
  expect(await on('etcdctl get nothing; echo $?')).toBe('0\n');
});

test('what Kubernetes stores is there under its names, as protobuf', async () => {
  const { line, on } = await setUp();
  await line('kubectl create secret generic plain --from-literal=password=hunter2');
  expect(await on('etcdctl get /registry/minions/ --prefix --keys-only | grep .')).toBe(
    '/registry/minions/control-plane\n/registry/minions/worker-1\n/registry/minions/worker-2\n',
  );
  const stored = await on('etcdctl get /registry/secrets/default/plain --print-value-only');
  expect(stored).toMatch(/^k8s\0/);
  expect(stored).toContain('hunter2');
  expect(await on('etcdctl put /registry/secrets/default/plain x')).toMatch(/^Error: writing keys below \/registry/);
  await on('etcdctl del /registry/secrets/default/plain');
  expect(await line('kubectl get secret plain')).toBe('Error from server (NotFound): secrets "plain" not found\n');
});

test('older revisions can be read until they are compacted', async () => {
  const { on } = await setUp();
  const put = async (value: string) =>
    Number(/"Revision" : (\d+)/.exec(await on(`etcdctl put k ${value} -w fields`))?.[1]);
  const first = await put('one');
  const second = await put('two');
  expect(await on(`etcdctl get k --rev=${first} --print-value-only`)).toBe('one\n');
  expect(await on(`etcdctl compaction ${second}`)).toBe(`compacted revision ${second}\n`);
  expect(await on(`etcdctl get k --rev=${first}`)).toBe(
    'Error: etcdserver: mvcc: required revision has been compacted\n',
  );
  expect(await on('etcdctl get k --rev=9999999')).toBe(
    'Error: etcdserver: mvcc: required revision is a future revision\n',
  );
});

test('keys go with their lease', async () => {
  const { on } = await setUp();
  const id = /lease (\w+) granted with TTL\(30s\)/.exec(await on('etcdctl lease grant 30'))?.[1];
  await on(`etcdctl put k v --lease=${id}`);
  expect(await on(`etcdctl lease timetolive ${id} --keys`)).toBe(
    `lease ${id} granted with TTL(30s), remaining(29s), attached keys([k])\n`,
  );
  expect(await on(`etcdctl lease keep-alive ${id} --once`)).toBe(`lease ${id} keepalived with TTL(30)\n`);
  expect(await on(`sleep 31; etcdctl get k; etcdctl lease timetolive ${id}`)).toBe(`lease ${id} already expired\n`);
});

test('a watch shows what comes', async () => {
  const { on } = await setUp();
  const script =
    'timeout 2 etcdctl watch a --prefix > /tmp/seen & sleep 1; etcdctl put a1 v; etcdctl del a1; wait; cat /tmp/seen';
  expect(await on(script)).toBe('OK\n1\nPUT\na1\nv\nDELETE\na1\n\n');
});

test('a snapshot is saved and looked at', async () => {
  const { on } = await setUp();
  expect(await on('etcdctl snapshot save /opt/s.db')).toBe('Snapshot saved at /opt/s.db\nServer version 3.6.0\n');
  expect(await on('etcdutl snapshot status /opt/s.db -w table | head -2')).toMatchInlineSnapshot(`
    "+----------+----------+------------+------------+---------+
    |   HASH   | REVISION | TOTAL KEYS | TOTAL SIZE | VERSION |
    "
  `);
  expect(await on('etcdutl snapshot restore /opt/s.db --data-dir /var/lib/again; ls /var/lib/again/member')).toContain(
    'snap\nwal\n',
  );
  expect(await on('etcdutl snapshot restore /opt/s.db --data-dir /var/lib/again')).toMatch(
    /^Error: data-dir .* not empty/,
  );
  expect(await on('etcdutl snapshot status /etc/hosts')).toMatch(/^Error: /);
});

test('without certificates nobody answers', async () => {
  const { line } = await setUp();
  expect(await line("ssh control-plane 'etcdctl get a 2> /dev/null'; echo $?")).toBe('1\n');
  expect(await line("ssh control-plane 'etcdctl get a 2>&1 | tail -1'")).toBe('Error: context deadline exceeded\n');
  expect(await line("ssh control-plane 'etcdctl --cacert=/nowhere get a'")).toBe(
    'Error: open /nowhere: no such file or directory\n',
  );
});

test('three members: who leads, who is well, and who is not', async () => {
  const { session, on } = await setUp('ha');
  expect(await on('etcdctl member list | cut -d, -f2-')).toMatchInlineSnapshot(`
    " started, control-plane-1, https://172.18.0.2:2380, https://172.18.0.2:2379, false
     started, control-plane-2, https://172.18.0.3:2380, https://172.18.0.3:2379, false
     started, control-plane-3, https://172.18.0.4:2380, https://172.18.0.4:2379, false
    "
  `);
  const leaders = (text: string) => text.split('\n').filter((line) => line.split(', ')[8] === 'true').length;
  expect(leaders(await on('etcdctl endpoint status --cluster'))).toBe(1);
  expect(await on('etcdctl member add four --peer-urls=https://172.18.0.99:2380 | tail -4')).toMatchInlineSnapshot(`
    "ETCD_NAME="four"
    ETCD_INITIAL_CLUSTER="control-plane-1=https://172.18.0.2:2380,control-plane-2=https://172.18.0.3:2380,control-plane-3=https://172.18.0.4:2380,four=https://172.18.0.99:2380"
    ETCD_INITIAL_ADVERTISE_PEER_URLS="https://172.18.0.99:2380"
    ETCD_INITIAL_CLUSTER_STATE="existing"
    "
  `);
  expect(await on('etcdctl member list | grep -c unstarted')).toBe('1\n');
  // Three of four are a quorum, two are not.
  await session.driver.runUntil(
    session.input({ kind: 'component', node: 'control-plane-3', component: 'etcd', running: false }),
  );
  expect(await on('sleep 3; etcdctl put k v; echo $?')).toBe('Error: context deadline exceeded\n1\n');
  await session.driver.runUntil(
    session.input({ kind: 'component', node: 'control-plane-3', component: 'etcd', running: true }),
  );
  expect(await on('sleep 3; etcdctl member remove $(etcdctl member list | grep unstarted | cut -d, -f1) | wc -l')).toBe(
    '1\n',
  );
  await session.driver.runUntil(
    session.input({ kind: 'component', node: 'control-plane-3', component: 'etcd', running: false }),
  );
  expect(await on('sleep 3; etcdctl endpoint health --cluster 2>&1 | cut -d: -f1-3')).toMatchInlineSnapshot(`
    "https://172.18.0.2:2379 is healthy
    https://172.18.0.3:2379 is healthy
    https://172.18.0.4:2379 is unhealthy
    Error: unhealthy cluster
    "
  `);
});
