// The data directories of etcd's members on their machines' disks. What lies in one decides what a member that starts
// goes on from.
//
//   DIR/member/snap/db   the database that it wrote before     it goes on where it was
//                        another one, e.g. a snapshot restored  everything becomes what that one says
//                        nothing                                a cluster without keys begins
//
// The file of a running member is made when somebody reads it. A member that joins others takes what they have.
import { storageVersion } from '../../api/etcd-database.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { type FileNode, type FileTree, fileNode } from '../../base/files.ts';
import { quote } from '../../base/go/quote.ts';
import type { JsonValue } from '../../base/json.ts';
import { type Database, emptyDatabase, readDatabase, writeDatabase } from './database-file.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import type { Lessor } from './lessor.ts';
import { EtcdError, type EtcdMember } from './member.ts';
import { lastKey } from './store.ts';

export class DataDirectories {
  /** The databases that members write to, and who each was when it began to. */
  private readonly files = new Map<EtcdMember, FileNode>();
  private readonly owners = new Map<EtcdMember, string>();

  constructor(
    private readonly cluster: EtcdCluster,
    private readonly lessor: Lessor,
    private readonly plain: (value: unknown) => JsonValue,
  ) {}

  /** A member's directory that holds what the cluster has now. */
  adopt(member: EtcdMember, files: FileTree, directory: string): void {
    const made: FileNode = { ...fileNode('', 0, 0o600), generate: () => this.text() };
    files.place(databaseIn(directory), made);
    files.makeDirectory(`${directory}/member/wal`, { parents: true });
    this.files.set(member, made);
    this.owners.set(member, member.id);
  }

  /** Whether there is a database. */
  holds(files: FileTree, directory: string): boolean {
    return files.exists(databaseIn(directory));
  }

  /** A member starts there, in a cluster of that token if it begins one. Throws EtcdError where it cannot. */
  open(
    member: EtcdMember,
    files: FileTree,
    { directory, token }: { readonly directory: string; readonly token?: string },
  ): void {
    const path = databaseIn(directory);
    const there = files.exists(path) ? files.stat(path) : undefined;
    const own = this.files.get(member);
    const others = this.cluster.members.some((other) => other !== member && other.running);
    if (others) this.checkIdentity(member, there === undefined);
    if (own?.generate && there === own) return;
    if (!others) {
      const database = there ? readDatabase(files.readText(path)) : emptyDatabase;
      if (!database) throw new EtcdError('invalid database');
      if (!known.has(database.version)) throw new EtcdError(`version ${quote(database.version)} is not supported`);
      this.replace(database, token);
    }
    this.adopt(member, files, directory);
  }

  /** What the member's database is called; undefined: it has none. */
  fileOf(member: EtcdMember): FileNode | undefined {
    return this.files.get(member);
  }

  /** All that is there at a revision. */
  text(revision = this.cluster.store.revision): string {
    const { store } = this.cluster;
    const { items } = store.range('', lastKey, { revision });
    const { compactRevision: compacted } = store;
    const leases = this.lessor.snapshot();
    return writeDatabase(
      {
        revision,
        items,
        leases,
        version: storageVersion,
        compacted,
        cluster: this.cluster.identity,
        auth: this.cluster.auth.snapshot(),
      },
      this.plain,
    );
  }

  /** Throws EtcdError where the others do not take it for who it is. */
  private checkIdentity(member: EtcdMember, isEmpty: boolean): void {
    const owner = this.owners.get(member);
    const isMember = this.cluster.members.includes(member);
    if (isEmpty && !isMember) throw new EtcdError('error validating peerURLs: member count is unequal');
    if (isEmpty && owner === member.id) throw new EtcdError(`member ${member.id} has already been bootstrapped`);
    if (!isEmpty && (!isMember || (owner !== undefined && owner !== member.id)))
      throw new EtcdError('the member has been permanently removed from the cluster');
  }

  private replace(database: Database, token: string | undefined): void {
    for (const file of this.files.values()) {
      file.content = encodeUtf8(file.generate?.() ?? '');
      delete file.generate;
    }
    this.files.clear();
    this.owners.clear();
    this.lessor.load(database.leases);
    this.cluster.auth.load(database.auth);
    this.cluster.store.load(database);
    this.cluster.restarted(database.cluster, token);
  }
}

/** Schemas that this etcd takes over: its own and that of the version before. */
const known = new Set([storageVersion, '3.5.0', '']);

function databaseIn(directory: string): string {
  return `${directory}/member/snap/db`;
}
