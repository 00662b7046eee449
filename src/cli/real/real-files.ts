// The real file system behind the FileTree that programs use, for `tabernetes kubectl` on the user's own machine.
import fs from 'node:fs';
import { userInfo } from 'node:os';
import { FileError, type FileErrorCode, FileTree, type TreeNode } from '../../base/files.ts';

const codes = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOTEMPTY',
  'EACCES',
  'EROFS',
  'ELOOP',
  'EBUSY',
  'ENOSPC',
]);

export class RealFiles extends FileTree {
  override mount(path: string): void {
    throw new FileError('EBUSY', path);
  }

  override exists(path: string): boolean {
    return fs.existsSync(path);
  }

  override stat(path: string): TreeNode {
    return nodeOf(
      path,
      attempt(path, () => fs.statSync(path)),
    );
  }

  override statLink(path: string): TreeNode {
    return nodeOf(
      path,
      attempt(path, () => fs.lstatSync(path)),
    );
  }

  override readFile(path: string): Uint8Array {
    return attempt(path, () => new Uint8Array(fs.readFileSync(path)));
  }

  override writeFile(
    path: string,
    data: string | Uint8Array,
    options: { append?: boolean; parents?: boolean; mode?: number } = {},
  ): void {
    attempt(path, () => {
      if (options.parents) fs.mkdirSync(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true });
      const mode = options.mode ?? 0o644;
      if (options.append) fs.appendFileSync(path, data, { mode });
      else fs.writeFileSync(path, data, { mode });
    });
  }

  override makeDirectory(path: string, options: { parents?: boolean; mode?: number } = {}): void {
    attempt(path, () => fs.mkdirSync(path, { recursive: options.parents ?? false, mode: options.mode ?? 0o755 }));
  }

  override list(path: string): readonly string[] {
    return attempt(path, () => fs.readdirSync(path).sort());
  }

  override remove(path: string, options: { recursive?: boolean } = {}): void {
    attempt(path, () => fs.rmSync(path, { recursive: options.recursive ?? false }));
  }

  override makeLink(path: string, target: string): void {
    attempt(path, () => fs.symlinkSync(target, path));
  }

  override rename(from: string, to: string): void {
    attempt(from, () => fs.renameSync(from, to));
  }
}

function nodeOf(path: string, stats: fs.Stats): TreeNode {
  const base = {
    mode: stats.mode & 0o7777,
    modifiedAt: stats.mtimeMs,
    owner: stats.uid === 0 ? 'root' : userInfo().username,
  };
  if (stats.isDirectory()) return { kind: 'directory', ...base, entries: new Map() };
  if (stats.isSymbolicLink()) return { kind: 'link', ...base, target: fs.readlinkSync(path) };
  return {
    kind: 'file',
    ...base,
    // Only when somebody wants it: a pipe gives its content once.
    get content() {
      return attempt(path, () => new Uint8Array(fs.readFileSync(path)));
    },
  };
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!codes.has(code)) throw error;
    throw new FileError(code as FileErrorCode, path); // edge: the set above holds exactly these codes
  }
}
