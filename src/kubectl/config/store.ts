// Kubeconfig files as they are changed: an entry is written to the file that it came from.
import type { Process } from '../../api/program.ts';
import { normalizePath } from '../../base/files.ts';
import type { JsonObject } from '../../base/json.ts';
import { byBytes } from '../../base/text-order.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import {
  emptyKubeconfig,
  type Kubeconfig,
  type KubeconfigEntry,
  kubeconfigPaths,
  mergeKubeconfigs,
  readKubeconfig,
} from './kubeconfig.ts';
import { withRelativePaths } from './local-paths.ts';

export type EntryKind = 'clusters' | 'contexts' | 'users';

export class ConfigStore {
  private readonly files: { readonly path: string; config: Kubeconfig | undefined }[];

  constructor(
    private readonly process: Process,
    explicit: string,
  ) {
    this.files = kubeconfigPaths(process, explicit).map((path) => ({ path, config: readKubeconfig(process, path) }));
  }

  merged(): Kubeconfig {
    return mergeKubeconfigs(this.files.flatMap(({ config }) => (config ? [config] : [])));
  }

  /** The file that new things go to: the first that exists, else the last of the list. */
  defaultPath(): string {
    return (this.files.find(({ config }) => config) ?? this.files.at(-1))?.path ?? '';
  }

  setEntry(kind: EntryKind, name: string, entry: KubeconfigEntry): void {
    const path = this.files.find(({ config }) => config?.[kind].has(name))?.path ?? this.defaultPath();
    const stored = withRelativePaths(entry, normalizePath('..', path));
    this.change(path, (config) => ({ ...config, [kind]: new Map([...config[kind], [name, stored]]) }));
  }

  /** Removes an entry from every file that has it. */
  removeEntry(kind: EntryKind, name: string): void {
    for (const { path, config } of this.files)
      if (config?.[kind].has(name))
        this.change(path, (held) => ({ ...held, [kind]: new Map([...held[kind]].filter(([key]) => key !== name)) }));
  }

  setCurrentContext(name: string): void {
    const holder = this.files.find(({ config }) => config?.currentContext)?.path ?? this.defaultPath();
    this.change(holder, (config) => ({ ...config, currentContext: name }));
  }

  private change(path: string, edit: (config: Kubeconfig) => Kubeconfig): void {
    const file = this.files.find((one) => one.path === path);
    if (!file) return;
    file.config = edit(file.config ?? emptyKubeconfig);
    this.process.machine.files.writeFile(path, emitYaml(kubeconfigObject(file.config)), { parents: true, mode: 0o600 });
  }
}

const fieldOrder = [
  'name',
  'cluster',
  'context',
  'user',
  'server',
  'tls-server-name',
  'insecure-skip-tls-verify',
  'certificate-authority',
  'certificate-authority-data',
  'proxy-url',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'tokenFile',
  'as',
  'username',
  'password',
  'namespace',
];

/** A kubeconfig as an object in the fields' order; empty lists are null. */
export function kubeconfigObject(config: Kubeconfig): JsonObject {
  const list = (entries: ReadonlyMap<string, KubeconfigEntry>, key: string, always: readonly string[]) => {
    if (entries.size === 0) return null;
    const names = [...entries.keys()].sort(byBytes);
    return names.map((name) => ({ name, [key]: ordered(entries.get(name) ?? {}, always) }));
  };
  return {
    kind: 'Config',
    apiVersion: 'v1',
    ...(config.preferences && Object.keys(config.preferences).length > 0 ? { preferences: config.preferences } : {}),
    clusters: list(config.clusters, 'cluster', ['server']),
    users: list(config.users, 'user', []),
    contexts: list(config.contexts, 'context', ['cluster', 'user']),
    'current-context': config.currentContext,
    ...(config.extensions === undefined ? {} : { extensions: config.extensions }),
  };
}

function ordered(entry: KubeconfigEntry, always: readonly string[]): JsonObject {
  const filled: JsonObject = { ...Object.fromEntries(always.map((key) => [key, ''])), ...entry };
  const rank = (key: string) => (fieldOrder.includes(key) ? fieldOrder.indexOf(key) : fieldOrder.length);
  const kept = Object.entries(filled).filter(
    ([key, value]) => always.includes(key) || (value !== '' && value !== false),
  );
  return Object.fromEntries(kept.sort(([a], [b]) => rank(a) - rank(b)));
}
