// The docker daemon's volumes: directories with a name that outlive the containers that see them.
import { DockerError, type DockerVolume } from '../../api/docker.ts';
import { type DirectorySnapshot, restoreFiles, snapshotDirectory } from '../../base/file-snapshot.ts';
import { type DirectoryNode, directoryNode, FileTree, type TreeNode } from '../../base/files.ts';
import type { RandomStream } from '../sim/random.ts';
import { bytesIn } from './build-history.ts';

interface Volume {
  readonly name: string;
  readonly anonymous: boolean;
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly root: DirectoryNode;
}

/** Plain data. */
export type VolumeSnapshot = Omit<Volume, 'root'> & { readonly files: DirectorySnapshot };

export class DockerVolumes {
  private readonly all = new Map<string, Volume>();

  constructor(
    private readonly now: () => number,
    private readonly random: RandomStream,
    /** Names of the containers that have a volume. */
    private readonly usersOf: (volume: string) => readonly { readonly id: string; readonly name: string }[],
  ) {}

  list(): readonly DockerVolume[] {
    return [...this.all.values()]
      .map(({ root, ...volume }) => ({
        ...volume,
        sizeBytes: bytesIn(root),
        users: this.usersOf(volume.name).map(({ name }) => name),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Making one that is there already changes nothing. */
  create(name: string | undefined, labels: Readonly<Record<string, string>> = {}): string {
    const known = this.all.get(name ?? '');
    if (known) return known.name;
    if (name !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
      throw new DockerError(
        `create ${name}: "${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
      );
    const made = name ?? this.random.hex(32);
    const createdAt = this.now();
    const root = directoryNode(createdAt);
    this.all.set(made, { name: made, anonymous: name === undefined, createdAt, labels, root });
    return made;
  }

  remove(name: string): void {
    if (!this.all.has(name)) throw new DockerError(`get ${name}: no such volume`);
    const users = this.usersOf(name);
    if (users.length > 0)
      throw new DockerError(`remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`);
    this.all.delete(name);
  }

  /** Takes away a volume that got its name from the daemon. */
  removeAnonymous(name: string): void {
    if (this.all.get(name)?.anonymous && this.usersOf(name).length === 0) this.all.delete(name);
  }

  /** What a container sees: an empty volume first gets what its image has at that place. */
  open(name: string, initial: TreeNode | undefined): DirectoryNode {
    this.create(name);
    const root = this.all.get(name)?.root ?? directoryNode();
    if (root.entries.size === 0 && initial?.kind === 'directory')
      restoreFiles(new FileTree(this.now, root), snapshotDirectory(initial));
    return root;
  }

  snapshot(): readonly VolumeSnapshot[] {
    return [...this.all.values()].map(({ root, ...volume }) => ({ ...volume, files: snapshotDirectory(root) }));
  }

  restore(saved: readonly VolumeSnapshot[]): void {
    for (const { files, ...volume } of saved) {
      const root = directoryNode();
      restoreFiles(new FileTree(this.now, root), files);
      this.all.set(volume.name, { ...volume, root });
    }
  }
}
