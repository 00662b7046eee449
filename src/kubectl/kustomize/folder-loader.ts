// Reads files for a kustomization: those in or below its folder, and further kustomizations elsewhere.
//
//   overlay/ ─▶ ../base ─▶ ../common      each knows who asked for it, so that no circle is walked
import { decodeUtf8 } from '../../base/bytes.ts';
import { FileError, type FileTree, normalizePath } from '../../base/files.ts';
import { during, KustomizeError } from './kustomize-error.ts';

export interface LoaderOptions {
  readonly files: FileTree;
  /** Files may lie anywhere (`--load-restrictor LoadRestrictionsNone`). */
  readonly unrestricted: boolean;
}

export class FolderLoader {
  private constructor(
    /** Absolute path. */
    readonly root: string,
    private readonly options: LoaderOptions,
    private readonly referrer: FolderLoader | undefined,
  ) {}

  /** The loader of a kustomization that a command line names. */
  static at(path: string, cwd: string, options: LoaderOptions): FolderLoader {
    if (isRemote(path)) throw remoteRefused(path);
    return new FolderLoader(confirmedFolder(normalizePath(path, cwd), path, options.files), options, undefined);
  }

  /** The loader of a kustomization that this one names. */
  folder(path: string): FolderLoader {
    if (path === '') throw new KustomizeError('new root cannot be empty');
    if (isRemote(path)) throw remoteRefused(path);
    if (path.startsWith('/')) throw new KustomizeError(`new root '${path}' cannot be absolute`);
    const at = normalizePath(path, this.root);
    const root = confirmedFolder(at, at, this.options.files);
    for (let visited: FolderLoader | undefined = this; visited; visited = visited.referrer) {
      if (isWithin(visited.root, root))
        throw new KustomizeError(`cycle detected: candidate root '${root}' contains visited root '${visited.root}'`);
    }
    return new FolderLoader(root, this.options, this);
  }

  /** The text of a file. Throws what keeps it from being read. */
  read(path: string): string {
    return decodeUtf8(this.readBytes(path));
  }

  readBytes(path: string): Uint8Array {
    if (/^https?:\/\//.test(path)) throw remoteRefused(path);
    const { files } = this.options;
    const at = normalizePath(path, this.root);
    try {
      if (this.options.unrestricted) {
        if (files.exists(at) && files.stat(at).kind === 'directory')
          throw new KustomizeError(`read ${at}: is a directory`);
        return files.readFile(at);
      }
      const place = resolved(at, files, at);
      if (files.stat(place).kind === 'directory') throw new KustomizeError(`'${at}' must resolve to a file`);
      if (!isWithin(place, this.root))
        throw new KustomizeError(`security; file '${at}' is not in or below '${this.root}'`);
      return files.readFile(place);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      throw new KustomizeError(`open ${at}: ${error.message.toLowerCase()}`);
    }
  }
}

/** Fetching from elsewhere needs git or the internet, of which a build here has neither. */
function remoteRefused(path: string): KustomizeError {
  return new KustomizeError(`remote resources are not supported: ${path}`);
}

/** Whether upstream would clone a repository for it. */
function isRemote(path: string): boolean {
  return /^(?:https?:\/\/|git::|ssh:\/\/|git@|file:\/\/|github\.com[:/]|gh:)/.test(path);
}

function confirmedFolder(at: string, named: string, files: FileTree): string {
  return during('must build at directory', () => {
    const place = during('not a valid directory', () => resolved(at, files, named));
    if (files.stat(place).kind !== 'directory') throw new KustomizeError(`'${named}': file is not directory`);
    return place;
  });
}

/** A path without links. Throws Go's words for what is not there. */
function resolved(at: string, files: FileTree, named: string): string {
  let rest = at.split('/').filter(Boolean);
  let here = '';
  for (let links = 0; rest.length > 0; ) {
    const next = `${here}/${rest[0]}`;
    rest = rest.slice(1);
    if (!files.exists(next))
      throw new KustomizeError(`evalsymlink failure on '${named}' : lstat ${next}: no such file or directory`);
    const node = files.statLink(next);
    if (node.kind !== 'link') here = next;
    else {
      if (++links > linksMax)
        throw new KustomizeError(`evalsymlink failure on '${named}' : EvalSymlinks: too many links`);
      rest = [
        ...normalizePath(node.target, here || '/')
          .split('/')
          .filter(Boolean),
        ...rest,
      ];
      here = '';
    }
  }
  return here || '/';
}

const linksMax = 40;

function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}
