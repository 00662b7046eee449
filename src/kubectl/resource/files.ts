// What `-f` names: files, directories (with -R all below), patterns, standard input.

import type { Process } from '../../api/program.ts';
import { normalizePath } from '../../base/files.ts';
import { CommandError } from '../errors.ts';
import type { FlagValues } from '../flags.ts';
import { type Flag, flag } from '../flags.ts';
import { readAll } from '../output.ts';
import { fetchText } from './fetch-url.ts';

const extensions = ['.json', '.yaml', '.yml'];

export interface FileChoice {
  readonly paths: readonly string[];
  readonly recursive: boolean;
  readonly kustomize: string;
}

export interface ManifestText {
  /** The path as given or found below it; STDIN. */
  readonly source: string;
  readonly text: string;
}

/** `-f`, `-k` and `-R`. `does` ends the sentence `… files identifying the resource …`. */
export function fileFlags(does: string): readonly Flag[] {
  return [
    filenameFlag(does),
    flag.string('kustomize', 'Process the kustomization directory. Not together with -f or -R.', { shorthand: 'k' }),
    recursiveFlag('false'),
  ];
}

/** `-f` and a `-R` that is on, for commands that take no kustomization. */
export function deepFileFlags(does: string): readonly Flag[] {
  return [filenameFlag(does), recursiveFlag('true')];
}

export function filenameFlag(does: string): Flag {
  return flag.stringSlice('filename', `Filename, directory, or URL to files identifying the resource ${does}.`, {
    shorthand: 'f',
    completes: { kind: 'files', extensions: ['json', 'yaml', 'yml'] },
  });
}

function recursiveFlag(initial: 'true' | 'false'): Flag {
  return flag.bool('recursive', 'Process the directories of -f with all below them.', {
    shorthand: 'R',
    default: initial,
  });
}

export function fileChoice(flags: FlagValues): FileChoice {
  return {
    paths: flags.strings('filename'),
    recursive: flags.has('recursive') && flags.bool('recursive'),
    kustomize: flags.has('kustomize') ? flags.string('kustomize') : '',
  };
}

export function isFileChoiceEmpty(choice: FileChoice): boolean {
  return choice.paths.length === 0 && choice.kustomize === '';
}

/** `must specify one of -f and -k` */
export function requireFiles(choice: FileChoice): void {
  if (isFileChoiceEmpty(choice)) throw new CommandError('must specify one of -f and -k');
}

export interface FoundFiles {
  readonly sources: readonly (() => Promise<ManifestText>)[];
  /** One plain file: its object is printed without a list around it. */
  readonly single: boolean;
}

/** Finds the files; they are read one by one later. A kustomization is built when it is read. */
export function findFiles(
  process: Process,
  choice: FileChoice,
  buildKustomization: (folder: string) => Promise<string>,
): FoundFiles {
  if (choice.kustomize !== '' && (choice.recursive || choice.paths.length > 0))
    throw new CommandError(
      choice.paths.length > 0 ? 'only one of -f or -k can be specified' : "the -k flag can't be used with -f or -R",
    );
  if (choice.kustomize !== '') {
    const read = async () => ({ source: choice.kustomize, text: await buildKustomization(choice.kustomize) });
    return { sources: [read], single: false };
  }
  const sources: (() => Promise<ManifestText>)[] = [];
  let directory = false;
  let stdin = false;
  for (const path of choice.paths) {
    if (path === '-') {
      if (stdin) throw new CommandError('standard input cannot be used for multiple arguments');
      stdin = true;
      sources.push(async () => ({ source: 'STDIN', text: await readAll(process.stdin) }));
    } else if (/^https?:\/\//.test(path)) {
      sources.push(async () => ({ source: path, text: await fetchText(process, path) }));
    } else {
      const found = expand(process, path).flatMap((one) => walk(process, one, choice.recursive));
      if (found.length > 1) directory = true;
      if (found.length === 0)
        throw new CommandError(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
      sources.push(...found.map((file) => async () => ({ source: file, text: readText(process, file) })));
    }
  }
  return { sources, single: !directory && !stdin && sources.length === 1 };
}

function readText(process: Process, path: string): string {
  return process.machine.files.readText(normalizePath(path, process.cwd));
}

/** The path itself, or what a pattern matches. */
function expand(process: Process, path: string): readonly string[] {
  const { files } = process.machine;
  if (files.exists(normalizePath(path, process.cwd))) return [path];
  const slash = path.lastIndexOf('/');
  const directory = path.slice(0, slash + 1);
  const pattern = path.slice(slash + 1);
  const at = normalizePath(directory || '.', process.cwd);
  if (/[*?[]/.test(pattern) && files.exists(at) && files.stat(at).kind === 'directory') {
    const matcher = globToRegExp(pattern);
    const matches = files.list(at).filter((name) => matcher.test(name));
    if (matches.length > 0) return matches.map((name) => directory + name);
  }
  throw new CommandError(`the path ${JSON.stringify(path)} does not exist`);
}

function globToRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`);
}

/** The files at a path: itself, or those of a directory with a known extension, in order of names. */
function walk(process: Process, path: string, recursive: boolean, top = true): readonly string[] {
  const { files } = process.machine;
  const at = normalizePath(path, process.cwd);
  if (files.stat(at).kind !== 'directory') return top || extensions.some((end) => path.endsWith(end)) ? [path] : [];
  if (!top && !recursive) return [];
  const base = path.replace(/^\.\//, '').replace(/\/+$/, '');
  return files
    .list(at)
    .flatMap((name) =>
      walk(
        process,
        base === '.' || base === '' ? (path.startsWith('/') ? `/${name}` : name) : `${base}/${name}`,
        recursive,
        false,
      ),
    );
}
