// `--from-literal`, `--from-file` and `--from-env-file`: keys and values of config maps and secrets.

import { environmentName } from '../../../api/names.ts';
import type { Process } from '../../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import { FileError, normalizePath } from '../../../base/files.ts';
import { quote } from '../../../base/go/quote.ts';
import { CommandError } from '../../errors.ts';
import { type Flag, type FlagValues, flag } from '../../flags.ts';

export const dataSourceFlags: readonly Flag[] = [
  flag.stringSlice('from-env-file', 'File with lines of key=value; each becomes a key.'),
  flag.stringSlice(
    'from-file',
    'File, or directory of files; the key is the name of the file, or stands before it (key=path).',
  ),
  flag.stringArray('from-literal', 'A key and its value (mykey=somevalue).'),
];

export type AddKey = (key: string, bytes: Uint8Array) => void;

/** Calls `add` for each key in upstream's order. */
export function readDataSources(
  process: Process,
  flags: FlagValues,
  order: 'files first' | 'literals first',
  add: AddKey,
): void {
  const environment = flags.strings('from-env-file');
  const [files, literals] = [flags.strings('from-file'), flags.strings('from-literal')];
  if (environment.length > 0 && files.length + literals.length > 0) {
    throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  }
  const addFiles = () => {
    for (const source of files) addFile(process, source, add);
  };
  if (order === 'files first') addFiles();
  for (const source of literals) addLiteral(source, add);
  if (order === 'literals first') addFiles();
  for (const path of environment) addEnvironmentFile(process, path, add);
}

function addLiteral(source: string, add: AddKey): void {
  const equals = source.indexOf('=');
  if (equals < 1) throw new CommandError(`invalid literal source ${source}, expected key=value`);
  add(source.slice(0, equals), encodeUtf8(source.slice(equals + 1)));
}

/** A key and a path from `path` or `key=path`. */
function parseFileSource(source: string): { readonly key: string; readonly path: string } {
  const parts = source.split('=');
  if (parts.length > 2) throw new CommandError("key names or file paths cannot contain '='");
  const [first = '', second] = parts;
  if (second === undefined) return { key: source.split('/').findLast(Boolean) ?? '/', path: source };
  if (first === '') throw new CommandError(`key name for file path ${second} missing`);
  if (second === '') throw new CommandError(`file path for key name ${first} missing`);
  return { key: first, path: second };
}

export function addFile(process: Process, source: string, add: AddKey): void {
  const { key, path } = parseFileSource(source);
  const { files } = process.machine;
  const at = normalizePath(path, process.cwd);
  const node = reading(path, () => files.stat(at));
  if (node.kind !== 'directory') {
    add(key, files.readFile(at));
    return;
  }
  if (source.includes('=')) throw new CommandError('cannot give a key name for a directory path');
  for (const name of files.list(at)) {
    const item = files.statLink(`${at}/${name}`);
    if (item.kind === 'file') add(name, files.readFile(`${at}/${name}`));
  }
}

function addEnvironmentFile(process: Process, path: string, add: AddKey): void {
  const { files } = process.machine;
  const at = normalizePath(path, process.cwd);
  if (reading(path, () => files.stat(at)).kind === 'directory') {
    throw new CommandError('env config file cannot be a directory');
  }
  for (const raw of decodeUtf8(files.readFile(at))
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const equals = line.indexOf('=');
    const key = equals < 0 ? line : line.slice(0, equals);
    const problems = environmentName(key);
    if (problems.length > 0) throw new CommandError(`${quote(key)} is not a valid key name: ${problems.join(';')}`);
    add(key, encodeUtf8(equals < 0 ? (process.env.get(key) ?? '') : line.slice(equals + 1)));
  }
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`error reading ${path}: ${goFileMessage(error)}`);
  }
}

/** Go's words for a file error begin with a small letter. */
export function goFileMessage(error: FileError): string {
  return error.message.slice(0, 1).toLowerCase() + error.message.slice(1);
}
