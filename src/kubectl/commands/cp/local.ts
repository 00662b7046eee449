// Local files as the entries of an archive for a container.
import type { Process } from '../../../api/program.ts';
import { FileError, normalizePath } from '../../../base/files.ts';
import type { TarEntry } from '../../../base/tar.ts';

const entriesMax = 100_000;

/** What a local path is; undefined when it is not there. */
export function localKind(process: Process, path: string): 'file' | 'directory' | 'link' | undefined {
  try {
    return process.machine.files.stat(normalizePath(path, process.cwd)).kind;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** The file or all of the folder at `path`, named as if it were called `name`. */
export function localEntries(process: Process, path: string, name: string): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  const { files } = process.machine;
  const visit = (at: string, as: string): void => {
    process.step();
    if (entries.length >= entriesMax) return;
    const node = files.statLink(at);
    const common = { name: as, mode: node.mode, modifiedAt: node.modifiedAt, content: new Uint8Array(), target: '' };
    if (node.kind === 'link') entries.push({ ...common, kind: 'link', target: node.target });
    else if (node.kind === 'file') entries.push({ ...common, kind: 'file', content: files.readFile(at) });
    else {
      const names = files.list(at);
      if (names.length === 0) entries.push({ ...common, name: `${as}/`, kind: 'directory' });
      for (const child of names) visit(`${at === '/' ? '' : at}/${child}`, `${as}/${child}`);
    }
  };
  visit(normalizePath(path, process.cwd), name);
  return entries;
}
