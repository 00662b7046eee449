// Completes the last word of a command line: programs, files, kubectl's commands, flags, kinds, and names in the cluster.
import type { KubePort } from '../api/ports.ts';
import type { FileTree } from '../base/files.ts';
import { isList, isObject, type JsonValue } from '../base/json.ts';
import { builtInResources, type CatalogResource } from '../kinds/catalog.ts';
import { commandEntries } from '../kubectl/commands.ts';
import { builtinNames } from '../shell/builtins/builtin-names.ts';
import type { Candidates } from './messages.ts';

export interface SuggestSources {
  readonly files: FileTree;
  readonly cwd: string;
  readonly kube: KubePort;
}

const programFolders = ['/usr/local/bin', '/usr/bin', '/bin'];
/** Commands whose first argument is a kind, unless a name alone will do. */
const kindCommands = new Set(
  'get describe delete edit label annotate patch scale expose autoscale wait explain rollout'.split(' '),
);
/** Commands whose argument is a pod (or `kind/name`). */
const podCommands = new Set(['logs', 'exec', 'attach', 'port-forward', 'debug']);
const nodeCommands = new Set(['cordon', 'uncordon', 'drain', 'taint']);
const rolloutCommands = ['history', 'pause', 'restart', 'resume', 'status', 'undo'];
/** Flags that take the word after them. */
const valueFlags = new Set(['-n', '--namespace', '-o', '--output', '-l', '--selector', '-c', '--container', '-f']);
const outputs = ['custom-columns=', 'go-template=', 'json', 'jsonpath=', 'name', 'wide', 'yaml'];
const commonFlags = [
  '--all-namespaces',
  '--dry-run=',
  '--filename=',
  '--help',
  '--namespace=',
  '--output=',
  '--selector=',
  '--watch',
];
const namesMax = 1000;

export async function suggest(text: string, sources: SuggestSources): Promise<Candidates> {
  const segment = text.slice(Math.max(...['|', ';', '&', '(', '\n'].map((mark) => text.lastIndexOf(mark))) + 1);
  const words = segment.split(/\s+/).filter((word, i, all) => word !== '' || i === all.length - 1);
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  const found = await candidatesFor(before, last, sources);
  return { from: text.length - last.length, words: [...new Set(found)].filter((word) => word.startsWith(last)).sort() };
}

async function candidatesFor(
  before: readonly string[],
  last: string,
  sources: SuggestSources,
): Promise<readonly string[]> {
  if (/[<>]$/.test(before.at(-1) ?? '')) return fileNames(last, sources);
  if (before.length === 0) return last.includes('/') ? fileNames(last, sources) : programNames(sources);
  if (before[0] !== 'kubectl' && before[0] !== 'k') return fileNames(last, sources);
  const previous = before.at(-1) ?? '';
  if (previous === '-f' || previous === '--filename') return fileNames(last, sources);
  if (previous === '-o' || previous === '--output')
    return outputs.map((name) => `${name}${name.endsWith('=') ? '' : ' '}`);
  if (previous === '-n' || previous === '--namespace') return ended(await names('namespaces', sources.kube, undefined));
  if (last.startsWith('-')) return commonFlags.map((flag) => (flag.endsWith('=') ? flag : `${flag} `));
  return kubectlWords(before, last, sources);
}

async function kubectlWords(
  before: readonly string[],
  last: string,
  { kube }: SuggestSources,
): Promise<readonly string[]> {
  const namespace = namespaceOf(before);
  const [, command, ...given] = before.filter(
    (word, i) => !word.startsWith('-') && !valueFlags.has(before[i - 1] ?? ''),
  );
  if (command === undefined) return ended(commandEntries.map(({ name }) => name));
  if (podCommands.has(command)) return given.length === 0 ? ended(await names('pods', kube, namespace)) : [];
  if (nodeCommands.has(command)) return given.length === 0 ? ended(await names('nodes', kube, undefined)) : [];
  if (!kindCommands.has(command)) return [];
  if (command === 'rollout' && given.length === 0) return ended(rolloutCommands);
  const [kind] = command === 'rollout' ? given.slice(1) : given;
  const slash = last.indexOf('/');
  if (kind === undefined && slash === -1)
    return ended(builtInResources().flatMap(({ resource, verbs }) => (verbs.includes('list') ? [resource] : [])));
  const chosen = kind ?? last.slice(0, slash);
  const found = await names(chosen, kube, namespace);
  return ended(kind === undefined ? found.map((name) => `${chosen}/${name}`) : found);
}

/** A blank after a word says that it is whole. */
function ended(words: readonly string[]): readonly string[] {
  return words.map((word) => `${word} `);
}

function namespaceOf(words: readonly string[]): string {
  const at = words.findIndex((word) => word === '-n' || word === '--namespace');
  if (at !== -1) return words[at + 1] ?? 'default';
  return words.find((word) => word.startsWith('--namespace='))?.slice('--namespace='.length) ?? 'default';
}

async function names(word: string, kube: KubePort, namespace: string | undefined): Promise<readonly string[]> {
  const kind = resourceNamed(word);
  if (!kind) return [];
  const root = kind.group === '' ? '/api/v1' : `/apis/${kind.group}/${kind.version}`;
  const scope = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace ?? 'default')}` : '';
  const { body } = await kube.request({
    method: 'GET',
    path: `${root}${scope}/${kind.resource}?limit=${namesMax}`,
    headers: { 'user-agent': 'page', accept: 'application/json' },
  });
  return body.kind === 'json' ? namesIn(body.value) : [];
}

function resourceNamed(word: string): CatalogResource | undefined {
  return builtInResources().find(
    ({ resource, singular, shortNames }) => word === resource || word === singular || shortNames.includes(word),
  );
}

function namesIn(list: JsonValue): readonly string[] {
  const items = isObject(list) ? list.items : undefined;
  return (isList(items) ? items : []).flatMap((item) => {
    const metadata = isObject(item) ? item.metadata : undefined;
    const name = isObject(metadata) ? metadata.name : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

function programNames({ files }: SuggestSources): readonly string[] {
  const found = programFolders.flatMap((folder) => (files.exists(folder) ? files.list(folder) : []));
  return ended([...found, ...builtinNames]);
}

function fileNames(typed: string, { files, cwd }: SuggestSources): readonly string[] {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const place = folder.startsWith('/')
    ? folder
    : folder.startsWith('~/')
      ? `/home/learner/${folder.slice(2)}`
      : `${cwd}/${folder}`;
  if (!files.exists(place) || files.stat(place).kind !== 'directory') return [];
  const hidden = typed.slice(folder.length).startsWith('.');
  return files
    .list(place)
    .filter((name) => hidden || !name.startsWith('.'))
    .map((name) => `${folder}${name}${isFolder(files, `${place}/${name}`) ? '/' : ' '}`);
}

function isFolder(files: FileTree, path: string): boolean {
  return files.exists(path) && files.stat(path).kind === 'directory';
}
