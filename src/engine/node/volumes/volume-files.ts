// Writing the files of ConfigMaps, Secrets, the downward API and tokens into a volume's directory, as the atomic
// writer does: whole, and again with new content without changing what is mounted.
import type { KeyToPath } from '../../../api/generated/types.ts';
import { type DirectoryNode, directoryNode, fileNode } from '../../../base/files.ts';
import type { Keys, SourceKind } from '../kubelet/object-source.ts';
import { MissingSource } from '../kubelet/object-source.ts';

export interface VolumeFile {
  readonly path: string;
  readonly content: Uint8Array | string;
  readonly mode: number;
}

/** The files that keys become: all of them, or those that items name. */
export function filesOfKeys(
  kind: SourceKind,
  keys: Keys | undefined,
  options: { readonly items?: readonly KeyToPath[] | undefined; readonly mode: number; readonly optional: boolean },
): readonly VolumeFile[] {
  const { items, mode, optional } = options;
  if (!keys) return [];
  if (!items || items.length === 0) return [...keys].map(([path, content]) => ({ path, content, mode }));
  const files: VolumeFile[] = [];
  for (const item of items) {
    const content = keys.get(item.key);
    if (content) files.push({ path: item.path, content, mode: item.mode ?? mode });
    else if (!optional) {
      const what =
        kind === 'ConfigMap' ? 'configmap references non-existent config key' : 'references non-existent secret key';
      throw new MissingSource(`${what}: ${item.key}`);
    }
  }
  return files;
}

/** Makes the directory hold exactly these files. A file that stays the same keeps its node. */
export function fillDirectory(directory: DirectoryNode, files: readonly VolumeFile[], now: number): void {
  directory.entries.clear();
  for (const { path, content, mode } of files) {
    const parts = path.includes('/') ? path.split('/').filter(isName) : [path];
    const name = parts.pop();
    if (name === undefined) continue;
    let parent = directory;
    for (const part of parts) {
      const known = parent.entries.get(part);
      const next = known?.kind === 'directory' ? known : directoryNode(now);
      parent.entries.set(part, next);
      parent = next;
    }
    parent.entries.set(name, fileNode(content, now, mode));
  }
}

function isName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..';
}
