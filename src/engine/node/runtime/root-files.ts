// A container's file tree: the image's files, the ones every container has, and its mounts. Made when first needed.
import { restoreFiles } from '../../../base/file-snapshot.ts';
import { type DirectoryNode, FileTree, programNode, type TreeNode } from '../../../base/files.ts';
import type { ImageDefinition } from '../images/define-image.ts';
import type { ContainerConfig } from './container-config.ts';

const directories = ['/tmp', '/root', '/home', '/var/log', '/var/run', '/proc', '/dev', '/etc', '/usr/bin', '/bin'];

export function rootFiles(config: ContainerConfig, now: () => number): FileTree {
  const files = new FileTree(now, copyDirectory(imageRoot(config.image.image)));
  files.writeFile('/etc/hostname', `${config.hostname}\n`);
  for (const [path, text] of config.systemFiles()) files.writeFile(path, text);
  if (config.workingDir !== undefined) files.makeDirectory(config.workingDir, { parents: true });
  files.writeFile(config.terminationMessagePath, '', { parents: true });
  // Shorter paths first, so that a mount inside of another stays visible.
  const mounts = [...config.mounts].sort((a, b) => a.path.length - b.path.length);
  for (const { path, node, readOnly } of mounts) files.mount(path, node, { readOnly });
  return files;
}

/** Each image's files are laid out once and copied for its containers. */
const roots = new WeakMap<ImageDefinition, DirectoryNode>();

function imageRoot(image: ImageDefinition): DirectoryNode {
  const known = roots.get(image);
  if (known) return known;
  const files = new FileTree();
  for (const path of directories) files.makeDirectory(path, { parents: true });
  addDevices(files);
  if (image.tree) {
    restoreFiles(files, image.tree);
    roots.set(image, files.root);
    return files.root;
  }
  for (const [path, program] of Object.entries(image.programs ?? {})) files.place(path, programNode(program));
  for (const path of Object.keys(image.natives ?? {}))
    if (!isEntrypoint(path) && !files.exists(path)) files.place(path, programNode(path));
  for (const [path, text] of Object.entries(image.files ?? {})) files.writeFile(path, text, { parents: true });
  roots.set(image, files.root);
  return files.root;
}

/** Scripts like `/docker-entrypoint.sh` are part of how an image starts and stay out of sight. */
function isEntrypoint(path: string): boolean {
  return path.lastIndexOf('/') === 0;
}

function copyDirectory(directory: DirectoryNode): DirectoryNode {
  const entries = new Map<string, TreeNode>();
  for (const [name, node] of directory.entries)
    entries.set(name, node.kind === 'directory' ? copyDirectory(node) : { ...node });
  return { ...directory, entries };
}

function addDevices(files: FileTree): void {
  files.place(
    '/dev/null',
    device(() => ''),
  );
  files.place(
    '/dev/zero',
    device(() => '\0'.repeat(65_536)),
  );
  for (const name of ['random', 'urandom'])
    files.place(
      `/dev/${name}`,
      device(() => 'x7k2pq9w'.repeat(512)),
    );
}

function device(generate: () => string) {
  return {
    kind: 'file' as const,
    mode: 0o666,
    modifiedAt: 0,
    owner: 'root',
    content: new Uint8Array(),
    generate,
    discard: true,
  };
}
