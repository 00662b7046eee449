// Finds what argv[0] names: a program of the simulator, or a script and the interpreter that runs it.
import { CannotExecute } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { type FileTree, normalizePath } from '../../base/files.ts';

const interpretersMax = 4;
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface Resolved {
  /** The name in the program table. */
  readonly program: string;
  readonly argv: readonly string[];
}

export interface Surroundings {
  readonly files: FileTree;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
}

/** Throws {@link CannotExecute}. */
export function resolveProgram(argv: readonly string[], around: Surroundings): Resolved {
  let current = argv;
  for (let depth = 0; depth <= interpretersMax; depth++) {
    const name = current[0] ?? '';
    const path = findExecutable(name, around);
    const node = around.files.stat(path);
    if (node.kind === 'file' && node.program !== undefined) return { program: node.program, argv: current };
    const content = around.files.readFile(path);
    const shebang = /^#![ \t]*(\S+)[ \t]*([^\n]*)/.exec(decodeUtf8(content.subarray(0, 256)));
    if (!shebang) return { program: 'sh', argv: ['sh', path, ...current.slice(1)] };
    const [, interpreter = '', option = ''] = shebang;
    current = [interpreter, ...(option.trim() ? [option.trim()] : []), path, ...current.slice(1)];
  }
  throw new CannotExecute('notExecutable', argv[0] ?? '');
}

/** The file that a command name stands for. Throws {@link CannotExecute}. */
export function findExecutable(name: string, { files, env, cwd }: Surroundings): string {
  if (name.includes('/')) {
    const path = normalizePath(name, cwd);
    const found = executable(files, path);
    if (found === 'yes') return path;
    throw new CannotExecute(found === 'missing' ? 'notFound' : 'notExecutable', name);
  }
  let forbidden: string | undefined;
  for (const folder of (env.get('PATH') ?? defaultPath).split(':')) {
    if (name === '') break;
    const path = normalizePath(name, normalizePath(folder || '.', cwd));
    const found = executable(files, path);
    if (found === 'yes') return path;
    if (found === 'forbidden') forbidden ??= path;
  }
  throw new CannotExecute(forbidden ? 'notExecutable' : 'notFound', forbidden ?? name);
}

function executable(files: FileTree, path: string): 'yes' | 'missing' | 'forbidden' {
  if (!files.exists(path)) return 'missing';
  const node = files.stat(path);
  return node.kind === 'file' && (node.mode & 0o111) !== 0 ? 'yes' : 'forbidden';
}
