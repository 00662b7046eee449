// What is done with a container's files from outside: copied in and out, compared with its image's, made an image of.
import { type BuildInstruction, type DockerContainer, DockerError } from '../../api/docker.ts';
import { type FileSnapshot, placeSnapshot, snapshotNode } from '../../base/file-snapshot.ts';
import { type DirectoryNode, FileError, FileTree, type TreeNode } from '../../base/files.ts';
import { applySetting } from './build-settings.ts';
import type { HostedContainer } from './docker-container.ts';
import { baseTree, definitionOf, digestOf, type LocalImage } from './local-image.ts';

export interface Change {
  readonly kind: 'C' | 'A' | 'D';
  readonly path: string;
}

/** Made for every container, and no part of what it changed. */
const ownPaths = new Set(['/etc/hostname', '/etc/hosts', '/dev/termination-log']);

/** Paths that differ from the image's, parents before what is in them. */
export function changesOf({ container, image }: HostedContainer): readonly Change[] {
  const found: Change[] = [];
  compare(baseTree(image.definition, 0), container.files().root, { path: '', found });
  return found;
}

function compare(
  before: DirectoryNode,
  after: DirectoryNode,
  { path, found }: { readonly path: string; readonly found: Change[] },
): void {
  for (const name of [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort()) {
    const at = `${path}/${name}`;
    const [old, now] = [before.entries.get(name), after.entries.get(name)];
    if (ownPaths.has(at)) continue;
    if (!now) found.push({ kind: 'D', path: at });
    else if (!old) added(now, at, found);
    else if (old.kind === 'directory' && now.kind === 'directory') {
      const inside: Change[] = [];
      compare(old, now, { path: at, found: inside });
      if (inside.length > 0) found.push({ kind: 'C', path: at }, ...inside);
    } else if (isChanged(old, now)) found.push({ kind: 'C', path: at });
  }
}

function added(node: TreeNode, path: string, found: Change[]): void {
  found.push({ kind: 'A', path });
  if (node.kind === 'directory')
    for (const [name, child] of [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1)))
      added(child, `${path}/${name}`, found);
}

function isChanged(old: TreeNode, now: TreeNode): boolean {
  if (old.kind === 'link' && now.kind === 'link') return old.target !== now.target;
  if (old.kind !== 'file' || now.kind !== 'file') return true;
  const same = old.content.length === now.content.length && old.content.every((byte, i) => byte === now.content[i]);
  return !same || old.mode !== now.mode || old.program !== now.program;
}

/** Its files and settings as a new image. */
export function committed(
  { container, image }: HostedContainer,
  shown: DockerContainer,
  options: { readonly now: number; readonly message: string; readonly changes: readonly BuildInstruction[] },
): LocalImage {
  const { entrypoint, command } = container.config.command
    ? { entrypoint: container.config.command, command: container.config.args }
    : { entrypoint: image.config.entrypoint, command: container.config.args ?? image.config.command };
  const { env, workingDir, user, labels } = shown;
  const settings = {
    config: { ...image.config, entrypoint, command, env, workingDir, user, labels },
    args: new Map<string, string>(),
  };
  for (const instruction of options.changes) applySetting(settings, instruction, {}, new Map());
  const files = container.files();
  const root = withoutOwn(files.root);
  const bytes = changedBytes(image, root);
  const sizeBytes = image.sizeBytes + bytes;
  const id = `sha256:${digestOf(`${shown.id}/${options.now}/${JSON.stringify(settings.config)}`)}`;
  const layer = {
    createdAt: options.now,
    createdBy: (command ?? []).join(' '),
    sizeBytes: bytes,
    comment: options.message,
  };
  return {
    id,
    createdAt: options.now,
    sizeBytes,
    config: settings.config,
    definition: definitionOf(image.definition, settings.config, { root, sizeBytes }),
    layers: [...image.layers, id.slice(7, 19)],
    history: [layer, ...image.history],
  };
}

function withoutOwn(root: DirectoryNode): DirectoryNode {
  const files = new FileTree(() => 0, { ...root, entries: new Map(root.entries) });
  const etc = root.entries.get('etc');
  if (etc?.kind !== 'directory') return files.root;
  const kept = [...etc.entries].filter(([name]) => !ownPaths.has(`/etc/${name}`));
  files.root.entries.set('etc', { ...etc, entries: new Map(kept) });
  return files.root;
}

function changedBytes(image: LocalImage, root: DirectoryNode): number {
  const found: Change[] = [];
  compare(baseTree(image.definition, 0), root, { path: '', found });
  const files = new FileTree(() => 0, root);
  let bytes = 0;
  for (const { kind, path } of found) {
    const node = kind === 'D' ? undefined : files.statLink(path);
    if (node?.kind === 'file') bytes += node.content.length;
  }
  return bytes;
}

export function copyOut({ container }: HostedContainer, path: string): FileSnapshot | undefined {
  const files = container.files();
  return files.exists(path) ? snapshotNode(files.stat(path)) : undefined;
}

export function copyIn({ container }: HostedContainer, path: string, node: FileSnapshot): void {
  try {
    placeSnapshot(container.files(), path, node);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new DockerError(
      error.code === 'EROFS'
        ? 'container rootfs is marked read-only'
        : `Could not find the file ${path.slice(0, path.lastIndexOf('/')) || '/'} in container ${container.id}`,
    );
  }
}
