// etcdutl snapshot restore: makes the data directory of a member of a new cluster from a snapshot.
import { clusterId, digestOf, memberId, openDatabaseFile, parseDatabase } from '../../api/etcd-database.ts';
import { normalizePath } from '../../base/files.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Options } from '../text/long-options.ts';
import {
  dataDirectory,
  defaultMapBytes,
  type EtcdutlCall,
  type EtcdutlCommand,
  EtcdutlError,
  log,
  onlyOperand,
  openBackend,
  writeDatabaseAt,
} from './etcdutl-command.ts';
import { count, text, toggle } from './flags.ts';
import { type InitialCluster, initialCluster } from './initial-cluster.ts';

const defaultPeer = 'http://localhost:2380';

export const snapshotRestore: EtcdutlCommand = {
  name: 'snapshot restore',
  use: '<filename> --data-dir {output dir} [options]',
  about: 'Restores an etcd member snapshot to an etcd directory',
  options: [
    { ...dataDirectory, about: 'where to' },
    text('wal-dir', 'where the log is to be (default: in --data-dir)'),
    text('name', 'of the member', { initial: 'default' }),
    text('initial-cluster', 'the members', { initial: `default=${defaultPeer}` }),
    text('initial-cluster-token', 'what the ids of the cluster and its members are made of', {
      initial: 'etcd-cluster',
    }),
    text('initial-advertise-peer-urls', 'where the others reach the member', { initial: defaultPeer }),
    toggle('skip-hash-check', 'take a file without its digest, as data directories have it'),
    count('initial-memory-map-size', 'bytes of memory mapped at first', { initial: String(defaultMapBytes) }),
    count('bump-revision', 'how much further revisions are than those of the snapshot'),
    toggle('mark-compacted', 'what was before is compacted, so that watches begin anew; with --bump-revision'),
  ],
  async run(call) {
    const { options, process } = call;
    const path = onlyOperand(call, 'snapshot restore requires exactly one argument');
    const bump = Number(options.text('bump-revision') ?? 0);
    if (bump > 0 !== options.has('mark-compacted'))
      throw new EtcdutlError('--mark-compacted required if --revision-bump > 0', 128);
    const place = placeOf(options);
    const cluster = clusterOf(options, place.name);
    checkPlace(call, place);
    const mapBytes = Number(options.text('initial-memory-map-size') ?? defaultMapBytes);
    const { directory, wal } = place;
    const snap = `${directory}/member/snap`;
    const fields = {
      path,
      'wal-dir': wal,
      'data-dir': directory,
      'snap-dir': snap,
      'initial-memory-map-size': mapBytes,
    };
    await log(process, { where: 'snapshot/v3_snapshot.go:305', message: 'restoring snapshot', fields });
    const backend = `${snap}/db`;
    const database = copied(call, { path, snap, backend });
    await openBackend(call, backend, mapBytes);
    const trim = 'Trimming membership information from the backend...';
    await log(process, { where: 'schema/membership.go:138', message: trim });
    const onward = await bumped(call, { database, bump, backend });
    process.machine.files.makeDirectory(normalizePath(wal, process.cwd), { parents: true });
    await openBackend(call, backend, mapBytes);
    writeDatabaseAt(call, backend, { ...onward, cluster: await identified(call, cluster) });
    await openBackend(call, backend, mapBytes);
    await log(process, { where: 'snapshot/v3_snapshot.go:333', message: 'restored snapshot', fields });
  },
};

interface Place {
  readonly name: string;
  readonly directory: string;
  readonly wal: string;
}

function placeOf(options: Options): Place {
  const name = options.text('name') ?? 'default';
  const directory = options.text('data-dir') || `${name}.etcd`;
  return { name, directory, wal: options.text('wal-dir') || `${directory}/member/wal` };
}

function clusterOf(options: Options, name: string): InitialCluster {
  return initialCluster({
    name,
    members: options.text('initial-cluster') ?? `default=${defaultPeer}`,
    advertised: (options.text('initial-advertise-peer-urls') ?? defaultPeer).split(','),
    token: options.text('initial-cluster-token') ?? 'etcd-cluster',
  });
}

/** Throws EtcdutlError where there is something already. */
function checkPlace({ process }: EtcdutlCall, { directory, wal }: Place): void {
  const { files } = process.machine;
  const full = normalizePath(directory, process.cwd);
  if (files.exists(full) && files.list(full).length > 0)
    throw new EtcdutlError(`data-dir ${quote(directory)} not empty or could not be read`);
  if (files.exists(normalizePath(wal, process.cwd))) throw new EtcdutlError(`wal-dir ${quote(wal)} exists`);
}

const digestBytes = 32;

interface Copy {
  readonly path: string;
  readonly snap: string;
  readonly backend: string;
}

/** What the snapshot holds, once its digest is that of its content. Throws EtcdutlError and leaves what it has copied. */
function copied({ options, process }: EtcdutlCall, { path, snap, backend }: Copy): JsonObject {
  const { files } = process.machine;
  const full = normalizePath(path, process.cwd);
  if (!files.exists(full)) throw new EtcdutlError(`open ${path}: no such file or directory`);
  const file = files.readFile(full);
  if (file.length < digestBytes) throw new EtcdutlError(`seek ${path}: invalid argument`);
  files.makeDirectory(normalizePath(snap, process.cwd), { parents: true });
  const { pages, digest } = openDatabaseFile(file);
  files.writeFile(normalizePath(backend, process.cwd), pages);
  if (!options.has('skip-hash-check')) {
    if (!digest) throw new EtcdutlError('snapshot missing hash but --skip-hash-check=false');
    const found = digestOf(pages);
    if (found.some((byte, at) => byte !== digest[at]))
      throw new EtcdutlError(`expected sha256 [${digest.join(' ')}], got [${found.join(' ')}]`);
  }
  const database = parseDatabase(pages);
  if (!database) throw new EtcdutlError('invalid database');
  return database;
}

interface Bump {
  readonly database: JsonObject;
  readonly bump: number;
  readonly backend: string;
}

/** Its revisions so much further on, and nothing known of those before. */
async function bumped(call: EtcdutlCall, { database, bump, backend }: Bump): Promise<JsonObject> {
  if (bump === 0) return database;
  await openBackend(call, backend);
  const latest = Number(database.revision);
  const revision = latest + bump;
  const fields = { 'latest-revision': latest, 'bump-amount': bump, 'new-latest-revision': revision };
  await log(call.process, { where: 'snapshot/v3_snapshot.go:396', message: 'bumping latest revision', fields });
  const message = 'marking revision compacted';
  await log(call.process, { where: 'snapshot/v3_snapshot.go:413', message, fields: { revision } });
  return { ...database, revision, compacted: revision };
}

/** Who the members of the new cluster are. */
async function identified({ process }: EtcdutlCall, { token, members }: InitialCluster): Promise<JsonObject> {
  const known = members.map(({ name, peerUrls }) => ({ id: memberId({ peerUrls, token }), name, peerUrls }));
  const id = clusterId(known.map((member) => member.id));
  for (const member of known) {
    const fields = {
      'cluster-id': id,
      'local-member-id': '0',
      'added-peer-id': member.id,
      'added-peer-peer-urls': member.peerUrls,
      'added-peer-is-learner': false,
    };
    await log(process, { where: 'membership/cluster.go:424', message: 'added member', fields });
  }
  return { id, members: known.map((member) => ({ id: member.id, name: member.name })) };
}
