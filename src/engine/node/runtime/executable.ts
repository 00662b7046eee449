// Finding what a command names inside a container, and runc's words when there is nothing.
import { FileError, type FileTree } from '../../../base/files.ts';
import type { ImageDefinition, NativeProgram } from '../images/define-image.ts';

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export type Executable =
  | { readonly kind: 'native'; readonly run: NativeProgram }
  | { readonly kind: 'hosted'; readonly path: string; readonly program: string }
  | { readonly kind: 'missing'; readonly problem: string };

export function findExecutable(
  files: FileTree,
  image: ImageDefinition,
  command: string,
  searchPath = defaultPath,
  cwd = '/',
): Executable {
  if (command.includes('/')) {
    const path = command.startsWith('/') ? command : `${cwd === '/' ? '' : cwd}/${command}`;
    return at(files, image, path, command);
  }
  for (const directory of searchPath.split(':')) {
    const found = at(files, image, `${directory}/${command}`, command);
    if (found.kind !== 'missing') return found;
  }
  return { kind: 'missing', problem: `exec: ${JSON.stringify(command)}: executable file not found in $PATH` };
}

/** The same for a container that nothing has written to yet, from its image alone; undefined: look at its files. */
export function findInImage(image: ImageDefinition, command: string, searchPath = defaultPath): Executable | undefined {
  const places = command.startsWith('/')
    ? [command]
    : searchPath.split(':').map((directory) => `${directory}/${command}`);
  if (command.includes('/') && !command.startsWith('/')) return undefined;
  for (const path of places) {
    const { natives, programs } = image;
    const run = natives && Object.hasOwn(natives, path) ? natives[path] : undefined;
    if (run) return { kind: 'native', run };
    const program = programs && Object.hasOwn(programs, path) ? programs[path] : undefined;
    if (program !== undefined) return { kind: 'hosted', path, program };
  }
  return undefined;
}

function at(files: FileTree, image: ImageDefinition, path: string, command: string): Executable {
  const native = image.natives && Object.hasOwn(image.natives, path) ? image.natives[path] : undefined;
  if (native) return { kind: 'native', run: native };
  const name = JSON.stringify(command);
  try {
    const node = files.stat(path);
    if (node.kind === 'directory') return { kind: 'missing', problem: `exec: ${name}: is a directory` };
    if ((node.mode & 0o111) === 0) return { kind: 'missing', problem: `exec: ${name}: permission denied` };
    return { kind: 'hosted', path, program: node.kind === 'file' ? (node.program ?? '') : '' };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { kind: 'missing', problem: `exec: ${name}: stat ${command}: no such file or directory` };
  }
}
