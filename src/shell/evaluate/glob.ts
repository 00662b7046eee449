// Path name expansion: patterns to the sorted paths that match them.
import { FileError, type FileTree, normalizePath } from '../../base/files.ts';
import { compilePattern, hasPattern, matchesPattern } from './pattern.ts';

const matchesMax = 100_000;

/** Matching paths as the pattern spells them (relative stays relative); empty when none match. */
export function glob(files: FileTree, cwd: string, pattern: string): readonly string[] {
  let found = [pattern.startsWith('/') ? '/' : ''];
  const parts = pattern.split('/').filter((part, i, all) => part !== '' || i === all.length - 1);
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    if (part === '') {
      found = found.filter((base) => isDirectory(files, cwd, base)).map((base) => `${base}/`);
      continue;
    }
    found = found
      .flatMap((base) => children(files, { cwd, base, part, onlyDirectories: !isLast }))
      .slice(0, matchesMax);
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function children(
  files: FileTree,
  { cwd, base, part, onlyDirectories }: { cwd: string; base: string; part: string; onlyDirectories: boolean },
): readonly string[] {
  const join = (name: string) => (base === '' ? name : base.endsWith('/') ? `${base}${name}` : `${base}/${name}`);
  const names = hasPattern(part) ? matching(files, cwd, base, part) : [part.replace(/\\(.)/g, '$1')];
  return names.map(join).filter((path) => (onlyDirectories ? isDirectory(files, cwd, path) : exists(files, cwd, path)));
}

function matching(files: FileTree, cwd: string, base: string, part: string): readonly string[] {
  if (!isDirectory(files, cwd, base)) return [];
  const pattern = compilePattern(part);
  const shown = files
    .list(normalizePath(base || '.', cwd))
    .filter((name) => part.startsWith('.') || !name.startsWith('.'));
  return shown.filter((name) => matchesPattern(pattern, name));
}

function exists(files: FileTree, cwd: string, path: string): boolean {
  try {
    files.statLink(normalizePath(path, cwd));
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

function isDirectory(files: FileTree, cwd: string, path: string): boolean {
  const at = normalizePath(path || '.', cwd);
  return files.exists(at) && files.stat(at).kind === 'directory';
}
