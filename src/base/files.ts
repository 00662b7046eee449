// A machine's files: an in-memory tree of directories, files and symbolic links with mounts, like a small POSIX
// file system. Synchronous; every error is a FileError with the usual code.
//
//   FileTree (one machine's view)        mounts: /etc/config ─▶ another FileNode tree (a volume)
//     root: DirectoryNode
//       ├ home ▸ learner ▸ notes.txt     FileNode.content: bytes
//       └ bin  ▸ sh                      FileNode.program: 'sh' (a program of the simulator, no content)
import { decodeUtf8, encodeUtf8 } from './bytes.ts';

export type FileErrorCode =
  | 'ENOENT'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'EEXIST'
  | 'ENOTEMPTY'
  | 'EACCES'
  | 'EROFS'
  | 'ELOOP'
  | 'EBUSY'
  | 'ENOSPC';

const messages: Record<FileErrorCode, string> = {
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EEXIST: 'File exists',
  ENOTEMPTY: 'Directory not empty',
  EACCES: 'Permission denied',
  EROFS: 'Read-only file system',
  ELOOP: 'Too many levels of symbolic links',
  EBUSY: 'Device or resource busy',
  ENOSPC: 'No space left on device',
};

/** `message` is strerror's text; `path` is the path as the caller gave it. */
export class FileError extends Error {
  override name = 'FileError';
  constructor(
    readonly code: FileErrorCode,
    readonly path: string,
  ) {
    super(messages[code]);
  }
}

interface NodeBase {
  /** Permission bits, e.g. 0o644. */
  mode: number;
  /** Milliseconds since the Unix epoch. */
  modifiedAt: number;
  owner: string;
  /** Where it is not the owner's own. */
  group?: string;
}
export interface FileNode extends NodeBase {
  readonly kind: 'file';
  content: Uint8Array;
  /** Set on programs of the simulator: the name in the program table. */
  program?: string;
  /** Set on devices and /proc files: content made when it is read. */
  generate?: () => string;
  /** Set on devices: what is written goes nowhere. */
  discard?: boolean;
}
export interface DirectoryNode extends NodeBase {
  readonly kind: 'directory';
  readonly entries: Map<string, TreeNode>;
  /** Set on a mounted volume's root that must not be written to. */
  readOnly?: boolean;
}
export interface LinkNode extends NodeBase {
  readonly kind: 'link';
  target: string;
}
export type TreeNode = FileNode | DirectoryNode | LinkNode;

const linksMax = 40;
/** Bytes in one tree, so that a loop that writes cannot take the tab down. */
const treeBytesMax = 256 * 1024 * 1024;

export function directoryNode(modifiedAt = 0, mode = 0o755): DirectoryNode {
  return { kind: 'directory', mode, modifiedAt, owner: 'root', entries: new Map() };
}
export function fileNode(content: string | Uint8Array = '', modifiedAt = 0, mode = 0o644): FileNode {
  return {
    kind: 'file',
    mode,
    modifiedAt,
    owner: 'root',
    content: typeof content === 'string' ? encodeUtf8(content) : content,
  };
}
export function programNode(program: string): FileNode {
  return { kind: 'file', mode: 0o755, modifiedAt: 0, owner: 'root', content: new Uint8Array(), program };
}

/** An absolute path without `.`, `..` and doubled slashes. */
export function normalizePath(path: string, cwd = '/'): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Room that files have at their ends, those that grow: only a file's own content may grow into it. */
const rooms = new WeakMap<FileNode, Uint8Array<ArrayBuffer>>();

/** A file's content and what comes after it; a log that grows line by line is not copied each time. */
function appended(file: FileNode, bytes: Uint8Array): Uint8Array {
  const { content } = file;
  const size = content.length + bytes.length;
  let room = rooms.get(file);
  if (!room || room.buffer !== content.buffer || room.length < size) {
    room = new Uint8Array(size < 4096 ? size : 2 * size);
    room.set(content);
    rooms.set(file, room);
  }
  room.set(bytes, content.length);
  return room.subarray(0, size);
}

interface Place {
  readonly parent: DirectoryNode;
  readonly name: string;
  readonly node: TreeNode | undefined;
  readonly readOnly: boolean;
}

export class FileTree {
  private readonly mounts = new Map<string, { readonly node: TreeNode; readonly readOnly: boolean }>();
  private bytes = 0;

  /** `now` gives modification times. */
  constructor(
    private readonly now: () => number = () => 0,
    readonly root: DirectoryNode = directoryNode(),
  ) {}

  /** Shows another tree (or one file of it) at an absolute path, hiding what lies below; makes the path if needed. */
  mount(path: string, node: TreeNode, options: { readonly readOnly?: boolean } = {}): void {
    const at = normalizePath(path);
    if (!this.exists(at)) {
      if (node.kind === 'directory') this.makeDirectory(at, { parents: true });
      else this.writeFile(at, '', { parents: true });
    }
    this.mounts.set(at, { node, readOnly: options.readOnly ?? false });
  }

  unmount(path: string): void {
    this.mounts.delete(normalizePath(path));
  }

  /** Mount points and whether they are read-only, in the order in which they were mounted. */
  mountPoints(): readonly { readonly path: string; readonly readOnly: boolean }[] {
    return [...this.mounts].map(([path, { readOnly }]) => ({ path, readOnly }));
  }

  exists(path: string): boolean {
    try {
      return this.locate(path, true).node !== undefined;
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }

  /** The node at a path, symbolic links followed. Throws ENOENT, ENOTDIR, ELOOP. */
  stat(path: string): TreeNode {
    const { node } = this.locate(path, true);
    if (!node) throw new FileError('ENOENT', path);
    return node;
  }

  /** Like stat, but a link at the end is not followed. */
  statLink(path: string): TreeNode {
    const { node } = this.locate(path, false);
    if (!node) throw new FileError('ENOENT', path);
    return node;
  }

  readFile(path: string): Uint8Array {
    const node = this.stat(path);
    if (node.kind === 'directory') throw new FileError('EISDIR', path);
    return node.kind === 'file' && node.generate
      ? encodeUtf8(node.generate())
      : node.kind === 'file'
        ? node.content
        : new Uint8Array();
  }

  readText(path: string): string {
    return decodeUtf8(this.readFile(path));
  }

  /** Replaces (or with `append` extends) a file. Keeps its mode; a new one gets `mode` (default 0o644). */
  writeFile(
    path: string,
    data: string | Uint8Array,
    options: { append?: boolean; parents?: boolean; mode?: number } = {},
  ): void {
    if (options.parents) this.makeDirectory(normalizePath(`${path}/..`), { parents: true });
    const place = this.locate(path, true);
    const bytes = typeof data === 'string' ? encodeUtf8(data) : data;
    if (place.node?.kind === 'directory' || path.endsWith('/')) throw new FileError('EISDIR', path);
    if (place.node?.kind === 'file' && place.node.discard) return;
    if (place.readOnly) throw new FileError('EROFS', path);
    const old = place.node?.kind === 'file' ? place.node : undefined;
    this.grow(bytes.length - (options.append ? 0 : (old?.content.length ?? 0)), path);
    if (!old) {
      const made = fileNode(bytes, this.now(), options.mode ?? 0o644);
      place.parent.entries.set(place.name, made);
      place.parent.modifiedAt = this.now();
      return;
    }
    old.content = options.append ? appended(old, bytes) : bytes;
    delete old.program;
    delete old.generate;
    old.modifiedAt = this.now();
  }

  /** Puts a node (a program, a device) at a path, making its parents. */
  place(path: string, node: TreeNode): void {
    this.makeDirectory(normalizePath(`${path}/..`), { parents: true });
    const place = this.locate(path, false);
    if (place.readOnly) throw new FileError('EROFS', path);
    place.parent.entries.set(place.name, node);
  }

  makeDirectory(path: string, options: { parents?: boolean; mode?: number } = {}): void {
    const at = normalizePath(path);
    if (options.parents) {
      let made = '';
      for (const part of at.split('/').slice(1)) {
        made += `/${part}`;
        if (part !== '' && !this.exists(made)) this.makeDirectory(made);
      }
      if (this.stat(at).kind !== 'directory') throw new FileError('EEXIST', path);
      return;
    }
    const place = this.locate(at, true);
    if (place.node || at === '/') throw new FileError('EEXIST', path);
    if (place.readOnly) throw new FileError('EROFS', path);
    place.parent.entries.set(place.name, directoryNode(this.now(), options.mode ?? 0o755));
    place.parent.modifiedAt = this.now();
  }

  /** Names in a directory, sorted by code unit, mounted ones included. */
  list(path: string): readonly string[] {
    const node = this.stat(path);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR', path);
    return [...node.entries.keys()].sort();
  }

  /** Removes a file, a link, or a directory (with `recursive` also one that is not empty). */
  remove(path: string, options: { recursive?: boolean } = {}): void {
    const at = normalizePath(path);
    const place = this.locate(at, false);
    if (!place.node) throw new FileError('ENOENT', path);
    if (at === '/' || [...this.mounts.keys()].some((mount) => mount === at || mount.startsWith(`${at}/`)))
      throw new FileError('EBUSY', path);
    if (place.readOnly) throw new FileError('EROFS', path);
    if (place.node.kind === 'directory' && place.node.entries.size > 0 && !options.recursive)
      throw new FileError('ENOTEMPTY', path);
    if (place.node.kind === 'file') this.bytes -= place.node.content.length;
    place.parent.entries.delete(place.name);
    place.parent.modifiedAt = this.now();
  }

  makeLink(path: string, target: string): void {
    const place = this.locate(path, false);
    if (place.node) throw new FileError('EEXIST', path);
    if (place.readOnly) throw new FileError('EROFS', path);
    place.parent.entries.set(place.name, { kind: 'link', mode: 0o777, modifiedAt: this.now(), owner: 'root', target });
  }

  /** Moves a node; an existing file at the new place is replaced. */
  rename(from: string, to: string): void {
    const source = this.locate(from, false);
    const target = this.locate(to, false);
    if (!source.node) throw new FileError('ENOENT', from);
    if (source.readOnly || target.readOnly) throw new FileError('EROFS', to);
    if (target.node?.kind === 'directory' && (source.node.kind !== 'directory' || target.node.entries.size > 0))
      throw new FileError(source.node.kind === 'directory' ? 'ENOTEMPTY' : 'EISDIR', to);
    source.parent.entries.delete(source.name);
    target.parent.entries.set(target.name, source.node);
  }

  private grow(bytes: number, path: string): void {
    if (this.bytes + bytes > treeBytesMax) throw new FileError('ENOSPC', path);
    this.bytes += bytes;
  }

  private locate(path: string, follow: boolean): Place {
    let parts = normalizePath(path).split('/').filter(Boolean);
    let links = 0;
    restart: for (;;) {
      let parent = this.root;
      let at = '';
      const top = this.mounts.get('/');
      let place: Place = { parent, name: '', node: top?.node ?? parent, readOnly: top?.readOnly ?? false };
      for (const [i, name] of parts.entries()) {
        const here = place.node;
        if (!here) throw new FileError('ENOENT', path);
        if (here.kind !== 'directory') throw new FileError('ENOTDIR', path);
        parent = here;
        at += `/${name}`;
        const mount = this.mounts.get(at);
        const readOnly = mount ? mount.readOnly : place.readOnly || (here.readOnly ?? false);
        const node: TreeNode | undefined = mount?.node ?? here.entries.get(name);
        place = { parent, name, node, readOnly };
        if (node?.kind === 'link' && (follow || i < parts.length - 1)) {
          if (++links > linksMax) throw new FileError('ELOOP', path);
          const target = normalizePath(node.target, at.slice(0, at.lastIndexOf('/')) || '/');
          parts = [...target.split('/').filter(Boolean), ...parts.slice(i + 1)];
          continue restart;
        }
      }
      return place;
    }
  }
}

/** Where below a directory a node is; undefined: nowhere. */
export function pathTo(node: TreeNode, within: DirectoryNode, at = ''): string | undefined {
  for (const [name, child] of within.entries) {
    if (child === node) return `${at}/${name}`;
    const found = child.kind === 'directory' ? pathTo(node, child, `${at}/${name}`) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
