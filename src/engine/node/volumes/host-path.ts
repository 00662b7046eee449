// hostPath volumes: a place in the node's own files, checked by type as upstream does.
import type { HostPathVolumeSource } from '../../../api/generated/types.ts';
import { FileError, type FileTree, type TreeNode } from '../../../base/files.ts';
import { MissingSource } from '../kubelet/object-source.ts';

const kinds: Readonly<Record<string, 'directory' | 'file'>> = { Directory: 'directory', File: 'file' };
const words: Readonly<Record<string, string>> = {
  Directory: 'is not a directory',
  File: 'is not a file',
  Socket: 'is not a socket file',
  CharDevice: 'is not a character device',
  BlockDevice: 'is not a block device',
};

/** The node at the path; made when its type says so. Throws {@link MissingSource}. */
export function hostPath(files: FileTree, { path, type = '' }: HostPathVolumeSource): TreeNode {
  const there = find(files, path);
  if (type === 'DirectoryOrCreate' || type === '') {
    if (!there) files.makeDirectory(path, { parents: true });
    return files.stat(path);
  }
  if (type === 'FileOrCreate') {
    if (!there) files.writeFile(path, '', { parents: true });
    return files.stat(path);
  }
  if (!there || there.kind !== kinds[type])
    throw new MissingSource(`hostPath type check failed: ${path} ${words[type] ?? `has no type ${type}`}`);
  return there;
}

function find(files: FileTree, path: string): TreeNode | undefined {
  try {
    return files.stat(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
