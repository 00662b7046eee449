// Writing the files of ConfigMaps, Secrets, the downward API and tokens into a volume's directory, as the atomic
// writer does: whole, and again with new content without changing what is mounted.
import type { KeyToPath } from '../../../api/generated/types.ts';
import { compareBytes } from '../../../base/bytes.ts';
import { type DirectoryNode, directoryNode, fileNode, type LinkNode, type TreeNode } from '../../../base/files.ts';
import { formatTime } from '../../../base/time.ts';
import type { Scope } from '../../sim/scope.ts';
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

/**
 * Makes the directory show exactly these files, all at once: they lie in a directory of their own, which `..data`
 * names, and what is shown are links through it. Where nothing changed, all stays.
 *
 *   ..2026_11_23_04_59_13.4164140841/a
 *   ..data ─▶ ..2026_11_23_04_59_13.4164140841
 *   a ─▶ ..data/a
 */
export function fillDirectory(directory: DirectoryNode, files: readonly VolumeFile[], scope: Scope): void {
  const { entries } = directory;
  const payload = directoryOf(files, scope.now);
  const before = entries.get(dataLink);
  const old = before?.kind === 'link' ? entries.get(before.target) : undefined;
  if (old && sameNode(old, payload)) return;
  const kept = new Map(entries);
  entries.clear();
  const home = homeName(scope);
  entries.set(home, payload);
  entries.set(dataLink, link(home, scope.now));
  for (const name of payload.entries.keys())
    entries.set(name, kept.get(name) ?? link(`${dataLink}/${name}`, scope.now));
  directory.modifiedAt = scope.now;
  directory.readOnly = true;
}

const dataLink = '..data';

/** `..2026_11_23_04_59_13.4164140841`: the time and chance. */
function homeName(scope: Scope): string {
  const time = formatTime(scope.now);
  if (time !== last.time) last = { time, prefix: `..${time.slice(0, -1).replace(/[-T:]/g, '_')}.` };
  return last.prefix + scope.random('volume-writer').below(0x100000000);
}

/** Many volumes are made in the same second. */
let last = { time: '', prefix: '' };

function link(target: string, now: number): LinkNode {
  return { kind: 'link', mode: 0o777, modifiedAt: now, owner: 'root', target };
}

function directoryOf(files: readonly VolumeFile[], now: number): DirectoryNode {
  const directory = directoryNode(now);
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
  return directory;
}

function sameNode(a: TreeNode, b: TreeNode): boolean {
  if (a.kind === 'file' && b.kind === 'file') return a.mode === b.mode && compareBytes(a.content, b.content) === 0;
  if (a.kind !== 'directory' || b.kind !== 'directory' || a.entries.size !== b.entries.size) return false;
  for (const [name, node] of a.entries) {
    const other = b.entries.get(name);
    if (!other || !sameNode(node, other)) return false;
  }
  return true;
}

function isName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..';
}
