// Kubeconfig files: where they are, and several of them as one.
import type { Process } from '../../api/program.ts';
import { parseYaml } from '../../api/yaml.ts';
import { FileError, normalizePath } from '../../base/files.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { CommandError } from '../errors.ts';
import { withAbsolutePaths } from './local-paths.ts';

export type KubeconfigEntry = JsonObject;

export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, KubeconfigEntry>;
  readonly contexts: ReadonlyMap<string, KubeconfigEntry>;
  readonly users: ReadonlyMap<string, KubeconfigEntry>;
  readonly currentContext: string;
  readonly preferences: JsonObject | undefined;
  readonly extensions: JsonValue | undefined;
}

export const emptyKubeconfig: Kubeconfig = {
  clusters: new Map(),
  contexts: new Map(),
  users: new Map(),
  currentContext: '',
  preferences: undefined,
  extensions: undefined,
};

/** The files that count, first wins: `--kubeconfig` alone, else $KUBECONFIG's list, else ~/.kube/config. */
export function kubeconfigPaths(process: Process, explicit: string): readonly string[] {
  if (explicit) return [normalizePath(explicit, process.cwd)];
  const listed = (process.env.get('KUBECONFIG') ?? '').split(':').filter(Boolean);
  const home = process.env.get('HOME') ?? '/';
  const paths = listed.length > 0 ? listed : [`${home}/.kube/config`];
  return [...new Set(paths.map((path) => normalizePath(path, process.cwd)))];
}

export function loadKubeconfig(process: Process, explicit: string): Kubeconfig {
  const files: Kubeconfig[] = [];
  for (const path of kubeconfigPaths(process, explicit)) {
    const file = readKubeconfig(process, path);
    if (file) files.push(resolved(file, normalizePath('..', path)));
    else if (explicit) throw new CommandError(`stat ${explicit}: no such file or directory`);
  }
  return mergeKubeconfigs(files);
}

/** A file of `folder` whose paths can be read from anywhere. */
function resolved(file: Kubeconfig, folder: string): Kubeconfig {
  const each = (entries: ReadonlyMap<string, KubeconfigEntry>) =>
    new Map([...entries].map(([name, entry]) => [name, withAbsolutePaths(entry, folder)]));
  return { ...file, clusters: each(file.clusters), users: each(file.users) };
}

/** One file, or undefined where there is none. */
export function readKubeconfig(process: Process, path: string): Kubeconfig | undefined {
  let content: string;
  try {
    content = process.machine.files.readText(path);
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOENT') return undefined;
    if (error instanceof FileError)
      throw new CommandError(`error loading config file "${path}": open ${path}: ${error.message.toLowerCase()}`);
    throw error;
  }
  return parseKubeconfig(content, path);
}

export function parseKubeconfig(content: string, path: string): Kubeconfig {
  const { value, problem } = parseYaml(content);
  if (problem) throw new CommandError(`error loading config file "${path}": ${problem}`);
  if (value === null || value === undefined) return emptyKubeconfig;
  if (!isObject(value))
    throw new CommandError(
      `error loading config file "${path}": couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof value} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  const { apiVersion = 'v1', kind = 'Config' } = value;
  if (apiVersion !== 'v1' || kind !== 'Config') {
    const scheme = 'k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50';
    throw new CommandError(
      `error loading config file "${path}": no kind "${kind}" is registered for version "${apiVersion}" in scheme "${scheme}"`,
    );
  }
  return {
    clusters: namedEntries(value.clusters, 'cluster'),
    contexts: namedEntries(value.contexts, 'context'),
    users: namedEntries(value.users, 'user'),
    currentContext: typeof value['current-context'] === 'string' ? value['current-context'] : '',
    preferences: isObject(value.preferences) ? value.preferences : undefined,
    extensions: value.extensions,
  };
}

/** The first file that has an entry or the current context wins. */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  const merge = (pick: (file: Kubeconfig) => ReadonlyMap<string, KubeconfigEntry>) =>
    new Map([...files].reverse().flatMap((file) => [...pick(file)]));
  return {
    clusters: merge((file) => file.clusters),
    contexts: merge((file) => file.contexts),
    users: merge((file) => file.users),
    currentContext: files.find((file) => file.currentContext)?.currentContext ?? '',
    preferences: files.find((file) => file.preferences)?.preferences,
    extensions: files.find((file) => file.extensions)?.extensions,
  };
}

function namedEntries(list: JsonValue | undefined, key: string): ReadonlyMap<string, KubeconfigEntry> {
  const entries = new Map<string, KubeconfigEntry>();
  for (const item of isList(list) ? list : []) {
    if (!isObject(item) || typeof item.name !== 'string' || entries.has(item.name)) continue;
    const held = item[key];
    entries.set(item.name, isObject(held) ? held : {});
  }
  return entries;
}
