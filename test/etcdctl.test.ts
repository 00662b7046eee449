// etcdctl and etcdutl on the machines where etcd runs.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pki = '/etc/kubernetes/pki/etcd';
const environment = `export ETCDCTL_ENDPOINTS=https://127.0.0.1:2379 ETCDCTL_CACERT=${pki}/ca.crt ETCDCTL_CERT=${pki}/server.crt ETCDCTL_KEY=${pki}/server.key`;

async function setUp(profile: '3-node' | 'ha' = '3-node') {
  const { session, line } = await recordedSession({ profile });
  const node = profile === 'ha' ? 'control-plane-1' : 'control-plane';
  /** Without what the client logs of itself. */
  const on = async (command: string) =>
    (await line(`ssh ${node} '${environment}; ${command}'`)).replace(/^\{"level".*\n/gm, '');
  return { session, line, on };
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

test('transactions do one of two things, in one revision', async () => {
  const { on } = await setUp();
  const txn = (lines: string, flags = '') =>
    on(`echo ${Buffer.from(lines).toString('base64')} | base64 -d | etcdctl txn ${flags}`);
  expect(await txn('create("k") = "0"\n\nput k "a b"\nput l \'c\'\n\nget k\n\n')).toBe('SUCCESS\n\nOK\n\nOK\n');
  const [first, second] = (await on('etcdctl get k -w fields; etcdctl get l -w fields'))
    .split('\n')
    .filter((text) => text.startsWith('"ModRevision"'));
  expect(first).toMatch(/\d$/);
  expect(second).toBe(first);
  expect(await txn('create("k") = "0"\n\nput k x\n\nget k\ndel l --prev-kv\n\n', '-i')).toBe(
    'compares:\nsuccess requests (get, put, del):\nfailure requests (get, put, del):\nFAILURE\n\nk\na b\n\n1\nl\nc\n',
  );
  expect(await txn('value("k") = "a b"\nversion("k") < "2"\n\n\n\n')).toBe('SUCCESS\n');
  expect(await txn('\nput k 1\nput k 2\n\n\n')).toBe('Error: etcdserver: duplicate key given in txn request\n');
  expect(await txn('size("k") = "1"\n\n\n\n', '; echo $?')).toBe(
    'Error: malformed comparison: size("k") = "1" (unknown target size)\n3\n',
  );
  expect(await txn('mod("k") = 1\n\n\n\n')).toBe('Error: malformed comparison: mod("k") = 1; got mod("k") = ""\n');
  expect(await txn('\nrename k l\n\n\n')).toBe('Error: invalid txn request: rename k l\n');
  expect(await txn('mod("k") = "1"\n')).toBe('Error: EOF\n');
});

test('a lock is held by one at a time, an election has one leader', async () => {
  const { on } = await setUp();
  expect(
    await on(
      '(timeout 3 etcdctl lock m > /tmp/first) & sleep 1; etcdctl lock m -- sh -c "echo mine; exit 3"; echo $?; grep -c ^m/ /tmp/first',
    ),
  ).toBe('mine\nError: exit status 3\n3\n1\n');
  expect(
    await on(
      'timeout 4 etcdctl elect e one > /dev/null & (sleep 1; timeout 6 etcdctl elect e two > /dev/null) & sleep 2; timeout 5 etcdctl elect -l e | grep -v /',
    ),
  ).toBe('one\ntwo\n');
});

test('watches run commands, and are read from standard input', async () => {
  const { on } = await setUp();
  const shown = 'echo \\$ETCD_WATCH_EVENT_TYPE \\$ETCD_WATCH_KEY \\$ETCD_WATCH_VALUE';
  expect(await on(`(sleep 1; etcdctl put k v > /dev/null) & timeout 3 etcdctl watch k -- sh -c "${shown}"`)).toBe(
    'PUT\nk\nv\n"PUT" "k" "v"\n',
  );
  expect(
    await on('(echo watch k l; echo what; sleep 1; etcdctl put k2 v > /dev/null; sleep 1) | etcdctl watch -i; echo $?'),
  ).toBe('Invalid command what (only support watch)\nPUT\nk2\nv\nError: error reading watch request line: EOF\n3\n');
  const first = await on('etcdctl compaction 100; etcdctl watch k --rev=5; echo $?');
  expect(first).toBe(
    'compacted revision 100\nwatch was canceled (etcdserver: mvcc: required revision has been compacted)\nError: watch is canceled by the server\n5\n',
  );
});

test('flags, the environment and what is wrong with them', async () => {
  const { line, on } = await setUp();
  const words = async (command: string) => (await on(`${command} 2>&1 | grep -v ^{ | head -1`)).trim();
  expect(await words('etcdctl gett a')).toBe('Error: unknown command "gett" for "etcdctl"');
  expect(await words('etcdctl get a --limit=x')).toBe(
    'Error: invalid argument "x" for "--limit" flag: strconv.ParseInt: parsing "x": invalid syntax',
  );
  expect(await words('etcdctl get a --sort-by=size')).toBe('Error: bad sort target size');
  expect(await words('etcdctl get a b --prefix')).toMatch('too many arguments, only accept one argument');
  expect(await words('etcdctl get a --count-only')).toBe('Error: --count-only is only for `--write-out=fields`');
  expect(await words('etcdctl -w yaml get a')).toBe('Error: unsupported output format');
  expect(await words('etcdctl lease grant soon')).toBe(
    'Error: bad TTL (strconv.ParseInt: parsing "soon": invalid syntax)',
  );
  expect(await words('etcdctl member remove 1')).toBe('Error: etcdserver: member not found');
  expect(await words('etcdctl mem li --hex -w fields')).toMatch(/^"ClusterID" : [0-9a-f]{16}$/);
  const raw = await line(`ssh control-plane '${environment}; ETCDCTL_API=3 etcdctl get a; etcdctl --cert=x get a'`);
  expect(raw.replace(/"ts":"[^"]*"/g, '"ts":""')).toMatchInlineSnapshot(`
    "{"level":"warn","ts":"","caller":"flags/flag.go:94","msg":"unrecognized environment variable","environment-variable":"ETCDCTL_API=3"}
    {"level":"fatal","ts":"","caller":"flags/flag.go:86","msg":"conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))","environment-variable":"ETCDCTL_CERT"}
    "
  `);
  expect(await on('etcdctl member --help | head -15')).toMatchInlineSnapshot(`
    "NAME:
      member - Membership related commands

    USAGE:
      etcdctl member <subcommand> [flags]

    API VERSION:
      3.6

    COMMANDS:
      add		Adds a member into the cluster
      list		Lists all members in the cluster
      promote	Promotes a non-voting member in the cluster
      remove	Removes a member from the cluster
      update	Updates a member in the cluster
    "
  `);
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

test('a member that has lost its disk is removed, added as a learner, started anew and promoted', async () => {
  const { line, on } = await setUp('ha');
  const there = async (command: string) =>
    (await line(`ssh control-plane-3 '${environment}; ${command}'`)).replace(/^\{"level":"warn".*\n/gm, '');
  const members = async () => (await on('etcdctl member list')).split('\n').map((row) => row.split(', '));
  const id = async () => (await members())[2]?.[0];
  await there('systemctl stop etcd; rm -rf /var/lib/etcd/member');
  expect(await there('systemctl start etcd; systemctl is-active etcd; journalctl -u etcd -o cat')).toBe(
    `inactive\n{"level":"fatal","caller":"etcdmain/etcd.go:183","msg":"discovery failed","error":"member ${await id()} has already been bootstrapped"}\n`,
  );
  expect(await on(`etcdctl member remove ${await id()}`)).toMatch(/^Member \w{16} removed from cluster \w{16}\n$/);
  expect(
    await on('etcdctl member add control-plane-3 --peer-urls=https://172.18.0.4:2380 --learner | head -1'),
  ).toMatch(/^Member +\w+ added as learner to cluster +\w+\n$/);
  expect(await on(`etcdctl member promote ${await id()}`)).toBe(
    'Error: etcdserver: can only promote a learner member which is in sync with leader\n',
  );
  expect(
    await there(
      'systemctl start etcd; sleep 2; systemctl is-active etcd; etcdctl get k; etcdctl get k --consistency=s',
    ),
  ).toBe('active\nError: etcdserver: rpc not supported for learner\n');
  expect(await on(`etcdctl member promote ${await id()}`)).toMatch(/^Member \w+ promoted in cluster \w+\n$/);
  expect((await members())[2]?.slice(1)).toEqual([
    'started',
    'control-plane-3',
    'https://172.18.0.4:2380',
    'https://172.18.0.4:2379',
    'false',
  ]);
  // Removed once more, its data are those of somebody who is no member.
  await on(`etcdctl member remove ${await id()}`);
  expect(await there('systemctl start etcd; systemctl is-active etcd; journalctl -u etcd -o cat | tail -1')).toMatch(
    /^inactive\n.*"the member has been permanently removed from the cluster"}\n$/,
  );
});

test('three members go on from one snapshot, with revisions beyond all that were', async () => {
  const { line, on } = await setUp('ha');
  const everywhere = async (command: string) => {
    for (const at of [1, 2, 3]) await line(`ssh control-plane-${at} '${command}'`);
  };
  await line('kubectl create configmap before');
  await on('etcdctl snapshot save /opt/s.db');
  await line('kubectl create configmap after');
  await everywhere('systemctl stop kube-apiserver; systemctl stop etcd; mv /var/lib/etcd /var/lib/etcd.old');
  const peer = 'https://172.18.0.2:2380';
  const who = `--name control-plane-1 --initial-cluster control-plane-1=${peer} --initial-advertise-peer-urls ${peer}`;
  const further = '--bump-revision 1000000000 --mark-compacted';
  expect(await on(`etcdutl snapshot restore /opt/s.db ${who} --bump-revision 5; echo $?`)).toBe(
    'Error: --mark-compacted required if --revision-bump > 0\n128\n',
  );
  await on(`etcdutl snapshot restore /opt/s.db ${who} ${further} --data-dir /var/lib/etcd`);
  await everywhere('systemctl start etcd');
  await everywhere('systemctl start kube-apiserver');
  expect(await line('sleep 10; kubectl get configmaps -o name; kubectl create configmap new')).toBe(
    'configmap/before\nconfigmap/kube-root-ca.crt\nconfigmap/new created\n',
  );
  expect(await line("kubectl get configmap new -o jsonpath='{.metadata.resourceVersion}'")).toMatch(/^1000000\d{3}$/);
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

test('--debug tells how the flags are set and how the channel fares', async () => {
  const { line } = await setUp();
  const said = await line(`ssh control-plane '${environment}; etcdctl get nothing --debug --command-timeout=7s' 2>&1`);
  expect(said.split('\n').filter((text) => /TIMEOUT|ENDPOINTS|_DEBUG|BYTES/.test(text))).toEqual([
    'ETCDCTL_COMMAND_TIMEOUT=7s',
    'ETCDCTL_DEBUG=true',
    'ETCDCTL_DIAL_TIMEOUT=2s',
    'ETCDCTL_ENDPOINTS=[https://127.0.0.1:2379]',
    'ETCDCTL_KEEPALIVE_TIMEOUT=6s',
    'ETCDCTL_MAX_RECV_BYTES=0',
    'ETCDCTL_MAX_REQUEST_BYTES=0',
  ]);
  expect(said).toMatch(/INFO: \S+ \S+ \[core\] \[Channel #1 SubChannel #2\]Subchannel Connectivity change to READY\n/);
  const failing = await line(`ssh control-plane 'etcdctl get k --debug --endpoints=127.0.0.1:1' 2>&1`);
  expect(failing).toContain('[Channel #1]Channel Connectivity change to TRANSIENT_FAILURE\n');
});

test('flags bound messages, choose TLS, or are refused', async () => {
  const { on } = await setUp();
  expect(await on('etcdctl put key 1234567890; etcdctl put key 1234567890 --max-request-bytes=16')).toBe(
    'OK\nError: rpc error: code = ResourceExhausted desc = trying to send message larger than max (17 vs. 16)\n',
  );
  expect(await on('etcdctl get key --max-recv-bytes=20 --max-request-bytes=20')).toMatch(
    /^Error: rpc error: code = ResourceExhausted desc = grpc: received message larger than max \(\d+ vs\. 20\)\n$/,
  );
  expect(await on('etcdctl get key --max-recv-bytes=1 --max-request-bytes=2; echo $?')).toBe(
    'Error: gRPC message recv limit (1 bytes) must be greater than send limit (2 bytes)\n2\n',
  );
  const bare = 'unset ETCDCTL_CACERT ETCDCTL_CERT ETCDCTL_KEY ETCDCTL_ENDPOINTS';
  expect(await on(`${bare}; time etcdctl get key --insecure-transport=false --command-timeout=3s`)).toMatch(
    /Error: context deadline exceeded\n\nreal\t0m3\./,
  );
  expect(await on('etcdctl get key --print-value-only --keepalive-time=9s --keepalive-timeout=1s')).toBe(
    '1234567890\n',
  );
  expect(await on('etcdctl get key --discovery-srv example.test')).toMatch(
    /^Error: dns lookup errors: lookup _etcd-client-ssl._tcp.example.test on \S+:53: no such host and lookup /,
  );
});
