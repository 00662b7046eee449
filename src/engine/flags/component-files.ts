// The files of the machine that a component runs on, as its flags name them; what goes wrong is said as Go says it.
import { FileError, type FileTree } from '../../base/files.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';

export interface ComponentFiles {
  /** Throws ConfigurationError. */
  read(path: string): string;
}

export function filesOf(files: FileTree): ComponentFiles {
  return { read: (path) => said(`open ${path}`, () => files.readText(path)) };
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
};

/** Does what may fail, and fails in Go's words. */
export function said<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ConfigurationError(`${what}: ${words[error.code] ?? error.message.toLowerCase()}`);
  }
}
