// etcd's users and roles, and its metrics, on a control plane's machine.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pki = '/etc/kubernetes/pki/etcd';
const environment = `export ETCDCTL_CACERT=${pki}/ca.crt ETCDCTL_CERT=${pki}/server.crt ETCDCTL_KEY=${pki}/server.key`;

async function setUp() {
  const { line } = await recordedSession({ profile: '3-node' });
  /** Without what the client logs of itself. */
  const on = async (command: string) =>
    (await line(`ssh control-plane '${environment}; ${command}'`)).replace(/^\{"level".*\n/gm, '');
  return { line, on };
}

test('users have roles, roles permissions, and nobody may more once they count', async () => {
  const { line, on } = await setUp();
  await on('etcdctl put /app/a 1; etcdctl put other 1');
  expect(await on('etcdctl auth enable')).toBe('Error: etcdserver: root user does not exist\n');
  expect(
    await on('etcdctl user add root:pw; etcdctl user add alice --new-user-password pw; etcdctl role add reader'),
  ).toBe('User root created\nUser alice created\nRole reader created\n');
  expect(
    await on('etcdctl role grant-permission reader read /app/ --prefix; etcdctl user grant-role alice reader'),
  ).toBe('Role reader updated\nRole reader is granted to user alice\n');
  expect(await on('etcdctl user get alice --detail')).toBe(
    'User: alice\n\nRole reader\nKV Read:\n\t[/app/, /app0) (prefix /app/)\nKV Write:\n',
  );
  expect(await on('etcdctl auth enable; etcdctl --user root:pw auth status')).toBe(
    'Authentication Enabled\nAuthentication Status: true\nAuthRevision: 8\n',
  );
  const denied = 'Error: etcdserver: permission denied\n';
  for (const [command, answer] of [
    ['--user alice:pw get /app/a --print-value-only', '1\n'],
    ['--user alice:pw get other', denied],
    ['--user alice:pw put /app/a 2', denied],
    ['--user alice:pw user list', denied],
    ['--user alice:pw member remove 1', denied],
    ['--user alice:no get /app/a', 'Error: etcdserver: authentication failed, invalid user ID or password\n'],
    // The certificate names the machine, who is no user.
    ['get /app/a', denied],
  ] as const)
    expect(await on(`etcdctl ${command}`)).toBe(answer);
  // The API server has no user either, until there is one of its name.
  expect(await line('kubectl create namespace n')).toBe('Error from server: etcdserver: permission denied\n');
  const own = 'kube-apiserver-etcd-client';
  await on(`etcdctl --user root:pw user add ${own} --no-password; etcdctl --user root:pw user grant-role ${own} root`);
  expect(await line('kubectl create namespace n')).toBe('namespace/n created\n');
  expect(await on('etcdctl --user root:pw auth disable; etcdctl get other --print-value-only')).toBe(
    'Authentication Disabled\n1\n',
  );
});

test('etcd is checked by writing to it, and by what that costs it', async () => {
  const { on } = await setUp();
  expect(
    await on(
      'etcdctl check perf --auto-compact --auto-defrag 2> /dev/null | sed "s/[0-9.]*s$/Ns/; s/revision .*/revision N/"',
    ),
  ).toBe(
    `Compacting with revision N
Compacted with revision N
Defragmenting "127.0.0.1:2379"
Defragmented "127.0.0.1:2379"
PASS: Throughput is 151 writes/Ns
PASS: Slowest request took Ns
PASS: Stddev is Ns
PASS
`,
  );
  expect(await on('etcdctl get /etcdctl-check-perf/ --prefix --keys-only')).toBe('');
  expect(await on('etcdctl check perf --load x')).toBe('Error: unknown load option x\n');
  expect(await on('etcdctl check datascale --load xl')).toBe(
    "Error: the simulator's etcdctl does not have --load xl: it would write 3000000 keys\n",
  );
  // Without https:// nobody speaks TLS to the port where the metrics are.
  expect(await on('etcdctl check datascale')).toMatch(
    /\nFAIL: Could not read process_resident_memory_bytes before the put operations.\n$/,
  );
});

test('metrics tell of what goes on', async () => {
  const { on } = await setUp();
  const metrics = async () => {
    const rows = (await on('curl -s http://127.0.0.1:2381/metrics')).split('\n').filter((row) => /^[a-z]/.test(row));
    return new Map(rows.map((row) => [row.slice(0, row.lastIndexOf(' ')), Number(row.split(' ').at(-1))]));
  };
  const before = await metrics();
  await on(
    'etcdctl put a 1; etcdctl put b 1; etcdctl get a; etcdctl del a; etcdctl put c v --lease 9; etcdctl lease grant 60',
  );
  const after = await metrics();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const rpc = (method: string, code = 'OK') =>
    grown(
      `grpc_server_handled_total{grpc_code="${code}",grpc_method="${method}",grpc_service="etcdserverpb.${method.startsWith('Lease') ? 'Lease' : 'KV'}",grpc_type="unary"}`,
    );
  expect([rpc('Put'), rpc('DeleteRange'), rpc('LeaseGrant'), rpc('Put', 'NotFound')]).toEqual([2, 1, 1, 1]);
  expect(grown('etcd_mvcc_put_total')).toBeGreaterThanOrEqual(2);
  expect(grown('etcd_disk_wal_fsync_duration_seconds_count')).toBe(
    grown('etcd_mvcc_put_total') + grown('etcd_mvcc_delete_total'),
  );
  expect(after.get('etcd_disk_wal_fsync_duration_seconds_bucket{le="0.001"}')).toBe(
    after.get('etcd_disk_wal_fsync_duration_seconds_count'),
  );
  expect(grown('etcd_debugging_lease_granted_total')).toBe(1);
  for (const name of [
    'etcd_server_has_leader',
    'etcd_server_leader_changes_seen_total',
    'etcd_server_proposals_committed_total',
    'etcd_server_proposals_applied_total',
    'etcd_server_proposals_pending',
    'etcd_server_proposals_failed_total',
    'etcd_mvcc_db_total_size_in_bytes',
    'etcd_mvcc_db_total_size_in_use_in_bytes',
    'etcd_debugging_mvcc_keys_total',
    'etcd_network_client_grpc_received_bytes_total',
    'etcd_disk_backend_commit_duration_seconds_count',
    'process_resident_memory_bytes',
  ])
    expect(after.has(name)).toBe(true);
});
