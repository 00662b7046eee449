// The kuberc file: where it is, what it holds, and how it is written.
import type { Process } from '../../api/program.ts';
import { parseYaml } from '../../api/yaml.ts';
import { textAt } from '../../base/fields.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import { CommandError } from '../errors.ts';
import { klogLine } from '../klog.ts';
import type { Output } from '../output.ts';
import { splitDocuments } from '../resource/decode.ts';
import { type Preference, PreferenceError, preferenceGroup, preferenceObject, readPreference } from './preference.ts';

export interface KubercFile {
  readonly path: string;
  /** The user named it, so that it has to be there. */
  readonly explicit: boolean;
}

/** KUBECTL_KUBERC=false: a kubectl that knows nothing of kuberc. */
export function knowsKuberc(process: Process): boolean {
  return process.env.get('KUBECTL_KUBERC')?.toLowerCase() !== 'false';
}

/** `flag`: of `--kuberc`. Undefined: KUBERC=off. */
export function kubercFile(process: Process, flag: string): KubercFile | undefined {
  const variable = process.env.get('KUBERC') ?? '';
  if (variable === 'off') {
    if (flag === '') return undefined;
    throw new CommandError('disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive');
  }
  const usual = `${process.env.get('HOME') ?? ''}/.kube/kuberc`;
  if (flag !== '' && flag !== usual) return { path: flag, explicit: true };
  if (variable !== '') return { path: variable, explicit: true };
  return { path: usual, explicit: flag !== '' };
}

/** The text of the file; a problem in Go's words otherwise. */
export function readKuberc(
  process: Process,
  { path }: KubercFile,
): { readonly text: string } | { readonly problem: string; readonly missing: boolean } {
  try {
    return { text: process.machine.files.readText(normalizePath(path, process.cwd)) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const words = error.message.charAt(0).toLowerCase() + error.message.slice(1);
    const verb = error.code === 'EISDIR' ? 'read' : 'open';
    return { problem: `${verb} ${path}: ${words}`, missing: error.code === 'ENOENT' };
  }
}

export function saveKuberc(process: Process, { path }: KubercFile, preference: Preference): string {
  const text = emitYaml(preferenceObject(preference));
  process.machine.files.writeFile(normalizePath(path, process.cwd), text, { parents: true });
  return `Updated ${path}\n`;
}

/** What the file says, or undefined when there is nothing to go by. Throws what is wrong with a file that was named. */
export function loadPreference(
  given: { readonly process: Process; readonly output: Output; readonly verbosity: number },
  flag: string,
): Preference | undefined {
  const file = kubercFile(given.process, flag);
  if (!file) return undefined;
  const read = readKuberc(given.process, file);
  const found = 'problem' in read ? { problem: read.problem } : decode(given, read.text, file.path);
  if (!('problem' in found)) {
    if (found.unknown.length > 0) given.output.err(strictWarning(file.path, found.unknown));
    return found.preference;
  }
  if (file.explicit) throw new CommandError(`kuberc: ${found.problem}`);
  if ('problem' in read && read.missing) return undefined;
  given.output.err(`kuberc: no preferences loaded from ${file.path}: ${found.problem}`);
  return undefined;
}

function strictWarning(path: string, unknown: readonly string[]): string {
  const fields = unknown.map((field) => `unknown field ${JSON.stringify(field)}`).join(', ');
  return `kuberc: ignoring strict decoding error in ${path}: strict decoding error: ${fields}`;
}

type Decoded =
  | { readonly preference: Preference | undefined; readonly unknown: readonly string[] }
  | { readonly problem: string };

/** The first document that can be used. */
function decode(
  { process, output, verbosity }: Parameters<typeof loadPreference>[0],
  text: string,
  path: string,
): Decoded {
  const log = (line: number, words: string): void => {
    if (verbosity >= 5) output.err(klogLine(process, 'I', `marshal.go:${line}`, `kuberc: ${words}`));
  };
  let count = 0;
  for (const document of splitDocuments(text)) {
    if (document.trim() === '') continue;
    count++;
    try {
      const { object, version } = typedObject(document);
      const read = readPreference(object, version);
      checkAllowlist(read.preference);
      log(94, `using entry ${count} (${preferenceGroup}/${version}) in ${path}`);
      return read;
    } catch (error) {
      if (!(error instanceof PreferenceError)) throw error;
      log(71, `strict decoding error for entry ${count} in ${path}: ${error.message}`);
    }
  }
  if (count > 0) return { problem: `no valid preferences found in ${path}, use --v=5 to see details` };
  log(103, `no preferences found in ${path}`);
  return { preference: undefined, unknown: [] };
}

function typedObject(document: string): { readonly object: JsonObject; readonly version: string } {
  const { value, problem } = parseYaml(document);
  if (problem !== undefined) throw new PreferenceError(problem);
  const object = isObject(value) ? value : {};
  const [kind, apiVersion] = [textAt(object, 'kind'), textAt(object, 'apiVersion')];
  if (kind === '') throw new PreferenceError(`Object 'Kind' is missing in '${document}'`);
  const [group, version = ''] = apiVersion.split('/');
  const known = group === preferenceGroup && (version === 'v1beta1' || version === 'v1alpha1');
  if (kind === 'Preference' && known) return { object, version };
  const scheme = 'in scheme "pkg/config/scheme/scheme.go:30"';
  throw new PreferenceError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${scheme}`,
  );
}

function checkAllowlist({ allowlist = [] }: Preference): void {
  if (allowlist.some(({ name, command }) => name !== '' && command !== '' && name !== command))
    throw new PreferenceError(
      'both `Name` and `Command` were supplied with different values. `Name` is deprecated, use `Command` instead',
    );
}
