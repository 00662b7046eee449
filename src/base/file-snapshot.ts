// A tree of files as plain data, and back: modes, owners, times, links and programs included.
//
//   { kind: 'directory', mode: 493, …, entries: [['notes.txt', { kind: 'file', text: 'milk\n', … }], …] }
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from './bytes.ts';
import { type DirectoryNode, type FileNode, type FileTree, programNode, type TreeNode } from './files.ts';

interface Attributes {
  readonly mode: number;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
  readonly owner: string;
}
export interface DirectorySnapshot extends Attributes {
  readonly kind: 'directory';
  readonly entries: readonly (readonly [name: string, node: FileSnapshot])[];
}
/** One of `text` and `base64` (content that is no UTF-8) or `program` is set. */
export interface PlainFileSnapshot extends Attributes {
  readonly kind: 'file';
  readonly text?: string;
  readonly base64?: string;
  readonly program?: string;
}
export type FileSnapshot =
  | DirectorySnapshot
  | PlainFileSnapshot
  | (Attributes & { readonly kind: 'link'; readonly target: string })
  /** Made by the machine itself (`/dev/null`, `/proc/…`): the tree that is restored into has its own. */
  | { readonly kind: 'device' };

/** What a tree holds, mounted trees left out: they belong to others. */
export function snapshotFiles(files: FileTree): DirectorySnapshot {
  return snapshotDirectory(files.root);
}

export function snapshotDirectory(node: DirectoryNode): DirectorySnapshot {
  const entries = [...node.entries].map(([name, child]) => [name, snapshotNode(child)] as const);
  return { kind: 'directory', ...attributes(node), entries };
}

/** Makes a tree hold what a snapshot says, and nothing else but the machine's own devices. */
export function restoreFiles(files: FileTree, snapshot: DirectorySnapshot): void {
  restoreDirectory(files, '', snapshot);
}

/** Puts a file, a link or a directory at a path; what a directory there has besides stays. Throws FileError. */
export function placeSnapshot(files: FileTree, path: string, snapshot: FileSnapshot): void {
  if (snapshot.kind !== 'directory') {
    restoreNode(files, path, snapshot);
    return;
  }
  if (lookup(files, path)?.kind !== 'directory') files.makeDirectory(path);
  for (const [name, node] of snapshot.entries) placeSnapshot(files, `${path}/${name}`, node);
}

/** One node as plain data. */
export function snapshotNode(node: TreeNode): FileSnapshot {
  if (node.kind === 'directory') return snapshotDirectory(node);
  if (node.kind === 'link') return { kind: 'link', ...attributes(node), target: node.target };
  if (node.generate || node.discard) return { kind: 'device' };
  return { kind: 'file', ...attributes(node), ...contentOf(node) };
}

function contentOf({ program, content }: FileNode): Pick<PlainFileSnapshot, 'text' | 'base64' | 'program'> {
  if (program !== undefined) return { program };
  const text = decodeUtf8(content);
  const back = encodeUtf8(text);
  const isText = back.length === content.length && back.every((byte, at) => byte === content[at]);
  return isText ? { text } : { base64: encodeBase64(content) };
}

function attributes({ mode, modifiedAt, owner }: TreeNode): Attributes {
  return { mode, modifiedAt, owner };
}

function restoreDirectory(files: FileTree, path: string, snapshot: DirectorySnapshot): void {
  const kept = new Set(snapshot.entries.map(([name]) => name));
  for (const name of files.list(path || '/')) if (!kept.has(name)) files.remove(`${path}/${name}`, { recursive: true });
  for (const [name, node] of snapshot.entries) restoreNode(files, `${path}/${name}`, node);
  setAttributes(files.stat(path || '/'), snapshot);
}

function restoreNode(files: FileTree, path: string, snapshot: FileSnapshot): void {
  if (snapshot.kind === 'device') return;
  const known = lookup(files, path);
  if (snapshot.kind === 'directory') {
    if (known?.kind !== 'directory') {
      if (known) files.remove(path);
      files.makeDirectory(path);
    }
    restoreDirectory(files, path, snapshot);
    return;
  }
  if (known) files.remove(path, { recursive: true });
  if (snapshot.kind === 'link') files.makeLink(path, snapshot.target);
  else if (snapshot.program !== undefined) files.place(path, programNode(snapshot.program));
  else files.writeFile(path, snapshot.text ?? decodeBase64(snapshot.base64 ?? '') ?? '');
  setAttributes(files.statLink(path), snapshot);
}

function lookup(files: FileTree, path: string): TreeNode | undefined {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  return files.list(parent).includes(path.slice(path.lastIndexOf('/') + 1)) ? files.statLink(path) : undefined;
}

function setAttributes(node: TreeNode, { mode, modifiedAt, owner }: Attributes): void {
  node.mode = mode;
  node.modifiedAt = modifiedAt;
  node.owner = owner;
}
