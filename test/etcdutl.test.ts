// etcdutl on a control plane's machine: snapshots with and without their digest, data directories, their versions.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pki = '/etc/kubernetes/pki/etcd';
const etcdctl = `etcdctl --cacert=${pki}/ca.crt --cert=${pki}/server.crt --key=${pki}/server.key`;

async function setUp() {
  const { line } = await recordedSession({ profile: '3-node' });
  const on = (command: string) => line(`ssh control-plane 'cd /opt; ${command}'`);
  await on(`${etcdctl} snapshot save s.db 2> /dev/null`);
  /** What comes out, without the times of the log's lines and the values of digests. */
  const masked = async (command: string) =>
    (await on(`${command} 2>&1 | cut -f2- | grep -v bbolt; true`)).replace(/\[\d+( \d+){31}\]/g, '[…]');
  return { on, masked };
}

test('a snapshot is restored when its digest is right, or nobody asks for it', async () => {
  const { on, masked } = await setUp();
  expect(await masked('etcdutl snapshot restore s.db --data-dir a')).toMatchInlineSnapshot(`
    "info	snapshot/v3_snapshot.go:305	restoring snapshot	{"path": "s.db", "wal-dir": "a/member/wal", "data-dir": "a", "snap-dir": "a/member/snap", "initial-memory-map-size": 10737418240}
    info	schema/membership.go:138	Trimming membership information from the backend...
    info	membership/cluster.go:424	added member	{"cluster-id": "cdf818194e3a8c32", "local-member-id": "0", "added-peer-id": "8e9e05c52164694d", "added-peer-peer-urls": ["http://localhost:2380"], "added-peer-is-learner": false}
    info	snapshot/v3_snapshot.go:333	restored snapshot	{"path": "s.db", "wal-dir": "a/member/wal", "data-dir": "a", "snap-dir": "a/member/snap", "initial-memory-map-size": 10737418240}
    "
  `);
  expect(await masked('cp a/member/snap/db c.db; etcdutl snapshot restore c.db --data-dir b')).toContain(
    'Error: snapshot missing hash but --skip-hash-check=false\n',
  );
  expect(await on('etcdutl snapshot restore c.db --data-dir b2 --skip-hash-check 2> /dev/null; ls b2/member')).toBe(
    'snap\nwal\n',
  );
  await on('(head -c 40 s.db; echo -n x; tail -c +42 s.db) > changed.db');
  expect(await masked('etcdutl snapshot restore changed.db --data-dir c')).toContain(
    'Error: expected sha256 […], got […]\n',
  );
  expect(await masked('head -c 20 s.db > short.db; etcdutl snapshot restore short.db --data-dir d')).toContain(
    'Error: seek short.db: invalid argument\n',
  );
});

test('ids follow from the token and the peer URLs; flags are heeded or refused', async () => {
  const { masked } = await setUp();
  const restore = 'etcdutl snapshot restore s.db --data-dir';
  const added = async (flags: string) =>
    (await masked(`${restore} ${flags}`)).match(/"(cluster-id|added-peer-id)": "\w+"/g);
  expect(await added('a')).toEqual(['"cluster-id": "cdf818194e3a8c32"', '"added-peer-id": "8e9e05c52164694d"']);
  expect(await added('b --initial-cluster-token tok')).toEqual([
    '"cluster-id": "40e3d6f45dd081c6"',
    '"added-peer-id": "77110a5728ece0db"',
  ]);
  for (const [flags, answer] of [
    ['a', 'Error: data-dir "a" not empty or could not be read\n'],
    ['c --wal-dir /opt', 'Error: wal-dir "/opt" exists\n'],
    ['c --name x', 'Error: couldn\'t find local name "x" in the initial cluster configuration\n'],
    ['c --initial-cluster default=x', 'Error: URL scheme must be http, https, unix, or unixs: x\n'],
    [
      'c --initial-advertise-peer-urls http://10.0.0.1:2380',
      'Error: --initial-cluster has default=http://localhost:2380 but missing from --initial-advertise-peer-urls=http://10.0.0.1:2380 (resolved urls: "http://10.0.0.1:2380" != "http://localhost:2380")\n',
    ],
    ['c --bump-revision 5', 'Error: --mark-compacted required if --revision-bump > 0\n'],
    ['c --mark-compacted', 'Error: --mark-compacted required if --revision-bump > 0\n'],
  ] as const)
    expect(await masked(`${restore} ${flags}`)).toBe(answer);
});

test('directories are migrated to other versions, by force where there is no way', async () => {
  const { on, masked } = await setUp();
  await on('etcdutl snapshot restore s.db --data-dir d 2> /dev/null');
  const migrate = (flags: string) => masked(`etcdutl migrate --data-dir d ${flags}`);
  expect(await migrate('--target-version 3.5')).toContain('{"new-storage-version": "3.5.0"}\n');
  expect(await masked('etcdutl snapshot status d/member/snap/db -w fields | tail -1')).toBe('"Version" : \n');
  expect(await migrate('--target-version 3.6')).toContain('{"new-storage-version": "3.6.0"}\n');
  expect(await migrate('--target-version 3.6')).toContain('storage version up-to-date\t{"storage-version": "3.6"}\n');
  const cannot = 'cannot create migration plan: version "3.7.0" is not supported';
  expect(await migrate('--target-version 3.7')).toBe(`Error: ${cannot}\n`);
  expect(await migrate('--target-version 3.7 --force')).toMatch(
    /forcefully set storage version\t{"storage-version": "3.7"}\n$/,
  );
  expect(await masked('etcdutl snapshot status d/member/snap/db -w fields | tail -1')).toBe('"Version" : 3.7.0\n');
  expect(await migrate('--target-version x')).toBe('Error: wrong target version format, expected "X.Y", got "x"\n');
  // An etcd that is given the directory does not know what to make of it.
  await on('systemctl stop etcd; rm -rf /var/lib/etcd; mv d /var/lib/etcd; systemctl start etcd');
  expect(await on('journalctl -u etcd -o cat | tail -1')).toContain('version \\"3.7.0\\" is not supported');
});

test('what is asked wrongly is told with the usage, and once more behind it', async () => {
  const { masked } = await setUp();
  expect(await masked('etcdutl hashkv')).toMatchInlineSnapshot(`
    "Error: accepts 1 arg(s), received 0
    Usage:
      etcdutl hashkv <filename> [flags]

    Flags:
      -h, --help      help for hashkv
          --rev int   up to which revision (default: the last)

    Global Flags:
      -w, --write-out string   fields, json, protobuf, simple or table (default "simple")

    Error: accepts 1 arg(s), received 0
    "
  `);
  expect(await masked('etcdutl nope')).toMatchInlineSnapshot(`
    "Error: unknown command "nope" for "etcdutl"
    Run 'etcdutl --help' for usage.
    Error: unknown command "nope" for "etcdutl"
    "
  `);
  expect(await masked('etcdutl snap stat s.db -w protobuf')).toBe('Error: protobuf not supported as output format\n');
});
